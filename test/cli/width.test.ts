import {cp, mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import anyTest, {type ExecutionContext} from 'ava';
import {commands} from '../../src/cli/commands.ts';
import {folderOf, smallRecordings, steadySettings} from '../store/recordings/make-recordings.ts';
import {writeSavedHistory} from './learn/saved-history.ts';
import {accept, workplace} from './measured-workplace.ts';
import {removeTemporaryFolders, replicast, temporaryFolder, writeSmall} from './run-command.ts';

/* A terminal of 80 columns: words are wrapped and tables are narrower. A path and a command to copy stay whole. */

const test = anyTest.serial;

anyTest.after.always(removeTemporaryFolders);

const columns = 80;
const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Whether a line may be longer: one word, such as a path, after a label; or a command in a line of its own. */
function isWhole(line: string): boolean {
	return /^ {2}(?:npx )?replicast /.test(line) || /^(?:\s*[-•]?\s*|Written(?: to|:) )\S+$/.test(line);
}

/** Runs a command at 80 columns without colours. @returns what it prints for people */
async function fits(t: ExecutionContext, cwd: string, words: readonly string[], statuses = [0]): Promise<string> {
	const env = {COLUMNS: String(columns), NO_COLOR: '1', FORCE_COLOR: '', CHROME_PATH: join(cwd, 'none')};
	const {stdout, stderr, exitCode} = await replicast(words, {cwd, env});
	const said = words.join(' ');
	t.true(statuses.includes(exitCode!), `${said}: ${exitCode} ${stderr}`);
	t.not(stdout, '', said);
	t.deepEqual(
		stdout.split('\n').filter(line => line.length > columns && !isWhole(line)),
		[],
		said,
	);
	t.false(`${stdout}${stderr}`.includes('\u001B'), said);
	return stdout;
}

test('the help of each command fits 80 columns', async t => {
	await fits(t, root, ['--help']);
	const names = commands.map(({command}) => command.split(' ')[0]!);
	for (const name of names) {
		const help = await fits(t, root, [name, '--help']);
		const [, examples = ''] = help.split('\nExamples:\n');
		t.regex(examples, /^(?: {2}# [A-Z].*\n {2}(?:\S.* \| )?replicast .*\n)*\n?$/, name);
	}
});

const few = ['--replications', '2'];

test('what was learnt from a history, and its run, fit 80 columns', async t => {
	const cwd = await temporaryFolder();
	await writeSavedHistory(cwd);
	await fits(t, cwd, ['learn', '--exports', 'history.json', '--manifest', 'web.yaml', '--workload', 'shop/web']);
	await fits(t, cwd, [
		'run',
		join('learned', 'experiment.yaml'),
		...few,
		'--prediction-runs',
		'0',
		'--baselines=false',
	]);
});

test('answers of simulations fit 80 columns', async t => {
	const {cwd, file} = await workplace();
	await fits(t, cwd, ['run', file]);
	await fits(t, cwd, ['run', file, '--full']);
	await fits(t, cwd, ['run', '--reproduce', join('reports', 'simulated', 'small')]);
	await fits(t, cwd, ['compare', file], [0, 3, 4]);
	await fits(t, cwd, ['explore', file]);
	await fits(t, cwd, ['poster', file, '--title', 'Pods', '--authors', 'One, Two']);
	await fits(t, cwd, ['index', 'reports']);
	await fits(t, cwd, ['replay', file, '--plan']);
	const search = ['tune', file, '--budget', '20', ...few];
	await fits(t, cwd, [...search, '--subject-to', 'p95<50s', '--bounds-kept', 'mean']);
	t.regex(await fits(t, cwd, [...search, '--subject-to', 'p95<0.01s'], [5]), /^Nothing is recommended/m);
});

test('findings in manifests fit 80 columns', async t => {
	const corpus = join(root, 'test', 'fixtures', 'lint', 'corpus');
	await fits(t, corpus, ['lint', '.', '--full'], [1]);
	await fits(t, corpus, ['lint', 'keda', 'llm'], [1]);
	await fits(t, corpus, ['lint', '--rules']);
	const loads = join(root, 'test', 'fixtures', 'lint', 'load', 'min-above-need');
	await fits(t, loads, ['lint', 'speaks-manifest.yaml', '--experiment', 'speaks.yaml']);
});

test('experiments with proxies, queues, GPUs and tenants fit 80 columns', async t => {
	const cwd = await temporaryFolder();
	for (const name of [
		'queue/waiting-to-zero',
		'vllm-autoscaling',
		'multi-tenant-noisy-neighbour',
		'pitfalls/sidecar-dilution',
	]) {
		const file = join(root, 'experiments', `${name}.yaml`);
		await fits(t, cwd, ['run', file, '--full', '--replications', '1', '--set', 'duration=10m', '--baselines=false']);
	}
});

test('answers about measurements fit 80 columns', async t => {
	const {cwd, file} = await workplace();
	await mkdir(join(cwd, 'experiments'));
	await cp(file, join(cwd, 'experiments', 'small.yaml'));
	await fits(t, cwd, ['validate'], [0, 3, 4]);
	await fits(t, root, ['calibrate', '--print-plan']);
	const record = join(root, 'reports', 'measured', 'dynamic-scaling-bench', 'dynamic-0');
	await fits(t, cwd, ['calibrate', '--from', record, '--out', 'fitted']);
	await fits(t, cwd, ['doctor'], [0, 2]);
	await writeFile(join(cwd, 'replicas.csv'), 'time,replicas\n0,2\n60,3\n120,4\n240,4\n');
	await fits(t, cwd, ['records', 'import', 'replicas.csv', '--experiment', file, '--out', 'imported']);
});

test('plans of measurements fit 80 columns', async t => {
	const cwd = await temporaryFolder();
	const file = join(cwd, 'small.yaml');
	await writeSmall(file, text => `${accept('{replicasMean: 50%}')(text)}profiles: {brief: {replications: 2}}\n`);
	const campaign = ['validate', '--measure', '--experiment', file, '--profile', 'brief', '--most-repeats', '3'];
	await fits(t, cwd, [...campaign, '--dry-run']);
	await fits(t, cwd, [...campaign, '--plan']);
});

test('answers about recordings fit 80 columns', async t => {
	const cwd = await folderOf(t, {...smallRecordings, 'settings.yaml': steadySettings});
	const recordings = ['validate', '--recordings', '.', '--settings', 'settings.yaml', '--out', 'forecasts', '--ladder'];
	await fits(t, cwd, [...recordings, '--set', 'steady', ...few], [0, 3, 4]);
	await fits(
		t,
		cwd,
		['calibrate', '--from', 'steady', '--settings', 'settings.yaml', '--out', 'fitted.yaml'],
		[0, 3, 4],
	);
});

test('audits, traces and decisions fit 80 columns', async t => {
	const cwd = await temporaryFolder();
	const claims = join(root, 'experiments', 'claims-fictitious.yaml');
	await fits(t, cwd, ['audit', claims, '--brief']);
	await fits(t, cwd, ['audit', claims, '--full']);
	await replicast(['trace', 'generate', 'trace.csv', '--duration', '5m'], {cwd});
	await fits(t, cwd, ['trace', 'inspect', 'trace.csv']);
	await writeFile(join(cwd, 'case.yaml'), caseText);
	await writeFile(join(cwd, 'keda.yaml'), kedaText);
	t.regex(await fits(t, cwd, ['decide', 'case.yaml', '--explain']), /^Stays at 1 replica: invalid metrics .*\n {2}\S/);
	await fits(t, cwd, ['decide', 'keda.yaml', '--explain']);
});

test('first steps fit 80 columns', async t => {
	const cwd = await temporaryFolder();
	await fits(t, cwd, ['init', 'mine']);
	const from = [join(root, 'k8s', 'deployment.yaml'), join(root, 'k8s', 'hpa.yaml')];
	await fits(t, cwd, ['init', 'a-folder-with-a-longer-name', '--from', ...from]);
	await fits(t, cwd, ['schema', '--out', 'schemas']);
});

const caseText = `hpa: {maxReplicas: 4, metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 60}}}]}
scale: {specReplicas: 1}
`;

const kedaText = `apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: llm}
spec:
  scaleTargetRef: {name: llm}
  minReplicaCount: 0
  maxReplicaCount: 4
  triggers: [{type: cpu, metricType: Utilization, metadata: {value: "60"}}]
`;
