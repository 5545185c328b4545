import {mkdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import test from 'ava';
import {readExperiment} from '../../src/store/experiments/read-experiment.ts';
import {removeTemporaryFolders, replicast, temporaryFolder} from './run-command.ts';

test.after.always(removeTemporaryFolders);

const root = fileURLToPath(new URL('../../../', import.meta.url));

const deployment = `# ours
apiVersion: apps/v1
kind: Deployment
metadata: {name: llm}
spec:
  selector: {matchLabels: {app: llm}}
  template:
    metadata: {labels: {app: llm}}
    spec:
      containers: [{name: ollama, resources: {requests: {cpu: 500m, memory: 1Gi}, limits: {cpu: 1}}}]
`;

const hpa = `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: llm}
spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: llm}, maxReplicas: 4}
`;

async function inFolder(files: Readonly<Record<string, string>>): Promise<string> {
	const cwd = await temporaryFolder();
	await Promise.all(Object.entries(files).map(async ([name, text]) => writeFile(join(cwd, name), text)));
	return cwd;
}

const start = 'start with replicast init --from';

for (const command of ['run', 'explore', 'tune', 'replay', 'compare']) {
	test(`a Deployment given to ${command} is one line that says how to start`, async t => {
		const cwd = await inFolder({'deployment.yaml': deployment});
		const {stderr, exitCode} = await replicast([command, 'deployment.yaml'], {cwd});
		t.is(exitCode, 2);
		t.is(stderr, `deployment.yaml:2:1: Expected an experiment, got a Deployment: ${start} deployment.yaml\n`);
	});
}

for (const command of ['explore', 'tune', 'compare', 'poster', 'replay']) {
	test(`several manifests given to ${command} are one line, too`, async t => {
		const cwd = await inFolder({'deployment.yaml': deployment, 'hpa.yaml': hpa});
		const {stderr, exitCode} = await replicast([command, 'deployment.yaml', 'hpa.yaml'], {cwd});
		t.is(exitCode, 2);
		t.is(
			stderr,
			`deployment.yaml:2:1: Expected an experiment, got a Deployment and in hpa.yaml a HorizontalPodAutoscaler: ${start} deployment.yaml hpa.yaml\n`,
		);
	});
}

for (const command of ['explore', 'tune', 'compare']) {
	test(`several experiments given to ${command} are one too many`, async t => {
		const path = join(root, 'experiments', 'spike.yaml');
		const {stderr, exitCode} = await replicast([command, path, path]);
		t.is(exitCode, 2);
		t.is(stderr, `Expected one experiment, got ${path} and ${path}\n`);
	});
}

test('of many manifests three are named, and those of workloads and autoscalers stand in the command', async t => {
	const service = 'apiVersion: v1\nkind: Service\nmetadata: {name: llm}\n';
	const names = ['a.yaml', 'b.yaml', 'c.yaml', 'd.yaml'];
	const others = Object.fromEntries(names.map(name => [name, service]));
	const cwd = await inFolder({...others, 'deployment.yaml': deployment, 'hpa.yaml': hpa});
	const {stderr} = await replicast(['run', ...names, 'deployment.yaml', 'hpa.yaml'], {cwd});
	t.is(
		stderr,
		`a.yaml:1:1: Expected an experiment, got a Service, in b.yaml a Service, in c.yaml a Service and more in 3 other files: ${start} deployment.yaml hpa.yaml\n`,
	);
});

test('a file of Replicast that is no experiment is one line that names the command for it', async t => {
	const given = {
		'experiments/claims-poster.yaml': 'a claims file: check it with replicast audit PATH',
		'experiments/spaces/thresholds.yaml': 'a space of settings: search it with replicast tune EXPERIMENT --space PATH',
		'experiments/recordings/wva-hpa.yaml':
			'settings of recordings: forecast with them by replicast validate --recordings FOLDER --settings PATH',
		'models/tinyllama.yaml': 'a ServiceModel, which an experiment names',
	};
	for (const [name, said] of Object.entries(given)) {
		const path = join(root, name);
		const error = await t.throwsAsync(readExperiment(path));
		t.regex(error!.message, /^\S+:\d+:1: Expected an experiment, got [^\n]*$/);
		t.true(error!.message.endsWith(said.replace('PATH', path)), error!.message);
	}
});

test('several manifests are one line, and the command that it names makes an experiment that runs', async t => {
	const cwd = await inFolder({'my deployment.yaml': deployment, 'hpa.yaml': hpa});
	const {stderr, exitCode} = await replicast(['run', 'my deployment.yaml', 'hpa.yaml'], {cwd});
	t.is(exitCode, 2);
	t.is(
		stderr,
		`my deployment.yaml:2:1: Expected an experiment, got a Deployment and in hpa.yaml a HorizontalPodAutoscaler: ${start} 'my deployment.yaml' hpa.yaml\n`,
	);
	const init = await replicast(['init', '--from', 'my deployment.yaml', 'hpa.yaml'], {cwd});
	t.is(init.exitCode, 0, init.stderr);
	const run = await replicast(['run', 'experiment.yaml', '--replications', '2', '--json'], {cwd});
	t.is(run.exitCode, 0, run.stderr);
});

test('faults of an experiment beside manifests are told too', async t => {
	const cwd = await inFolder({'all.yaml': `${deployment}---\n${hpa}`, 'mine.yaml': 'name: 3\n'});
	const {stderr} = await replicast(['run', 'all.yaml', 'mine.yaml'], {cwd});
	const [first, ...others] = stderr.trimEnd().split('\n');
	t.is(
		first,
		`all.yaml:2:1: Expected an experiment, got a Deployment and a HorizontalPodAutoscaler: ${start} all.yaml`,
	);
	t.true(others.length > 0 && others.every(line => line.startsWith('mine.yaml:')), stderr);
});

const refused: Readonly<Record<string, readonly [text: string, expected: string]>> = {
	'an HPA alone': [
		hpa,
		`got a HorizontalPodAutoscaler: ${start} file.yaml and the file of the Deployment or StatefulSet`,
	],
	'a list': [
		`apiVersion: v1\nkind: List\nitems:\n  - {apiVersion: apps/v1, kind: StatefulSet}\n  - {apiVersion: v1, kind: Service}\n`,
		`got a StatefulSet and a Service: ${start} file.yaml`,
	],
	JSON: [`{"apiVersion": "networking.k8s.io/v1", "kind": "Ingress"}`, `got an Ingress: ${start} file.yaml and`],
	'many kinds': [
		['A', 'B', 'C', 'D', 'E'].map(kind => `kind: ${kind}\n`).join('---\n'),
		`got an A, a B, a C and 2 more: ${start}`,
	],
	'no word as a kind': ['kind: "\\e[2J"\n', `got a Kubernetes object: ${start}`],
};

for (const [what, [text, expected]] of Object.entries(refused)) {
	test(`${what} instead of an experiment is named`, async t => {
		const cwd = await inFolder({'file.yaml': text});
		const {stderr} = await replicast(['run', 'file.yaml'], {cwd});
		t.true(stderr.includes(expected), stderr);
		t.is(stderr.split('\n').length, 2);
	});
}

test('a folder of manifests is named with the command for it', async t => {
	const cwd = await temporaryFolder();
	await mkdir(join(cwd, 'k8s'));
	const {stderr} = await replicast(['run', 'k8s'], {cwd});
	t.regex(stderr, /^k8s is a folder, not a file; .*: replicast init --from k8s\n$/);
});

test('an experiment with a key `kind` stays an experiment with one fault', async t => {
	const text = await readFile(join(root, 'experiments/ramp.yaml'), 'utf8');
	const error = await t.throwsAsync(
		readExperiment(join(root, 'experiments/ramp.yaml'), {text: `${text}kind: Experiment\n`}),
	);
	t.regex(error.message, /^\S+: Expected kind to be a known key, got "kind"$/);
	const cwd = await inFolder({'file.yaml': 'kind: Experiment\nworkload: {}\n'});
	const {stderr} = await replicast(['run', 'file.yaml'], {cwd});
	t.false(stderr.includes('init'), stderr);
});
