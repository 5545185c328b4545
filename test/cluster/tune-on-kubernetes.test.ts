import {existsSync} from 'node:fs';
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import test from 'ava';
import {execa} from 'execa';
import {searchName} from '../../src/library/tuning-evaluator.ts';
import {small, startReplicast} from '../cli/run-command.ts';

// One cluster for the file, in the order in which the tests stand: the first one makes it.
const cluster = `replicast-test-${process.pid}`;
const answers = ['tune.json', 'recommended.yaml', 'report.md', 'runs.ndjson'];
// Few runs of half a day each, so that a pod is at it for a while.
const settings = `apiVersion: replicast/v1
kind: TuningSpace
name: little
settings:
  cpu.averageUtilization: {from: 50, to: 90, step: 10}
  maxReplicas: {from: 3, to: 7}
  scaleDown.stabilizationWindowSeconds: {choices: [0, 60, 300]}
`;
const storageClass = 'replicast-test';
let folder: string;
let local: string[];

const search = (out: string) => [
	...['tune', small, '--space', join(folder, 'space.yaml'), '--budget', '40', '--out', join(folder, out)],
	...['--subject-to', 'p95<20s', 'availability>=0.9', '--set', 'replications=2', '--set', 'duration=12h'],
];

test.before(async () => {
	folder = await mkdtemp(join(tmpdir(), 'replicast-tuned-'));
	await writeFile(join(folder, 'space.yaml'), settings);
	await startReplicast([...search('local'), '--workers', '1']);
	local = await answersIn('local');
});

test.after.always(async () => {
	await execa('kind', ['delete', 'cluster', '--name', cluster]);
	await rm(folder, {recursive: true, force: true});
});

const answersIn = async (out: string) =>
	Promise.all(answers.map(async name => readFile(join(folder, out, 'small', name), 'utf8')));

const tune = (out: string, ...words: string[]) =>
	startReplicast([...search(out), '--on', 'kubernetes', '--cluster', cluster, ...words]);

/** What kubectl says, with a kubeconfig of its own; nothing where it fails. */
async function kubectl(words: readonly string[], input?: string): Promise<string> {
	const kubeconfig = join(folder, 'kubeconfig');
	if (!existsSync(kubeconfig)) {
		await execa('kind', ['export', 'kubeconfig', '--name', cluster, '--kubeconfig', kubeconfig], {reject: false});
	}

	const whole = ['--kubeconfig', kubeconfig, '--namespace', 'replicast', ...words];
	const {stdout} = await execa('kubectl', whole, {reject: false, ...(input !== undefined && {input})});
	return stdout;
}

/** Volumes that user 1000 may write to, whatever class the cluster comes with: one for each search. */
async function makeVolumes(): Promise<void> {
	const [node = ''] = (await execa('kind', ['get', 'nodes', '--name', cluster])).stdout.split('\n');
	const items = ['one', 'two', 'three'].map(name => ({
		apiVersion: 'v1',
		kind: 'PersistentVolume',
		metadata: {name},
		spec: {
			capacity: {storage: '1Gi'},
			accessModes: ['ReadWriteOnce'],
			storageClassName: storageClass,
			hostPath: {path: `/var/replicast-test/${name}`},
		},
	}));
	for (const {spec} of items) {
		const {path} = spec.hostPath;
		await execa('docker', ['exec', node, 'sh', '-c', `mkdir -p ${path} && chmod 0777 ${path}`]);
	}

	await kubectl(['apply', '--filename', '-'], JSON.stringify({apiVersion: 'v1', kind: 'List', items}));
}

const shards = ['get', 'pods', '--selector', 'app.kubernetes.io/component=shard', '--output'];

/** Deletes a pod that evaluates a shard and has not stored its record, as soon as there is one. */
async function killOne(isOver: () => boolean): Promise<string | undefined> {
	const running = 'jsonpath={range .items[?(@.status.phase=="Running")]}{.metadata.name}{"\\n"}{end}';
	while (!isOver()) {
		const [name = ''] = (await kubectl([...shards, running])).split('\n');
		const log = name === '' ? '' : await kubectl(['logs', name]);
		if (/^Shard \d+ of batch \d+: \d+ runs$/.test(log)) {
			await kubectl(['delete', 'pod', name, '--grace-period=0', '--force']);
			return name;
		}

		await sleep(100);
	}

	return undefined;
}

test.serial('an image that nobody has is told in one line, and a cluster is made', async t => {
	const {exitCode, stderr} = await tune('refused', '--keep', '--image', 'registry.invalid/replicast:none');
	t.is(exitCode, 2);
	t.regex(stderr, /which keeps the claim, to run, got (?:ImagePullBackOff|ErrImagePull): [^\n]*\n$/);
	await makeVolumes();
});

test.serial('the answer is that of one machine, though a pod is killed half-way', async t => {
	const running = tune('killed', '--keep', '--storage-class', storageClass);
	let isOver = false;
	const killing = killOne(() => isOver);
	const {exitCode, stderr} = await running;
	isOver = true;
	t.log(stderr);
	t.is(exitCode, 0, stderr);
	const killed = await killing;
	t.truthy(killed, 'no pod was killed');
	t.log(`killed ${killed}`);
	const [, job = '', index] = /^(tune-\w+-\d{4})-(\d+)-\w+$/.exec(killed!) ?? [];
	const names = (await kubectl([...shards, 'name'])).split('\n');
	t.true(
		names.some(name => name.startsWith(`pod/${job}-${index}-`) && name !== `pod/${killed}`),
		`nobody took up ${killed}: ${names.join(' ')}`,
	);
	t.deepEqual(await answersIn('killed'), local);
});

test.serial('Ctrl-C deletes the Job, and the same command goes on', async t => {
	const label = `replicast/search=${searchName(join(folder, 'interrupted', 'small'))}`;
	const running = tune('interrupted', '--keep', '--storage-class', storageClass);
	let isOver = false;
	void running.then(() => {
		isOver = true;
	});
	while (!isOver && !(await kubectl(['get', 'jobs', '--selector', label, '--output', 'name'])).includes('-0002')) {
		await sleep(500);
	}

	running.kill('SIGINT');
	t.is((await running).exitCode, 130);
	const {exitCode, stderr} = await tune('interrupted', '--storage-class', storageClass);
	t.is(exitCode, 0, stderr);
	t.regex(stderr, /Going on from [\d,]+ finished runs/);
	t.deepEqual((await answersIn('interrupted')).slice(0, 3), local.slice(0, 3));
	t.is(await kubectl(['get', 'jobs,pods,pvc', '--selector', label, '--output', 'name']), '');
});
