import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import test from 'ava';
import {execa} from 'execa';
import {searchName} from '../../src/cli/tune-player.ts';
import {small, startReplicast} from '../cli/run-command.ts';

// One cluster for the file, in the order in which the tests stand.
const cluster = `replicast-test-${process.pid}`;
const answers = ['tune.json', 'recommended.yaml', 'report.md', 'runs.ndjson'];
// Runs of an hour, so that a pod is at it for a while.
const search = [
	...['tune', small, '--budget', '120', '--subject-to', 'p95<20s', 'availability>=0.9'],
	...['--set', 'replications=3', '--set', 'duration=1h'],
];
let folder: string;
let local: string[];

test.before(async () => {
	folder = await mkdtemp(join(tmpdir(), 'replicast-tuned-'));
	await startReplicast([...search, '--workers', '1', '--out', join(folder, 'local')]);
	local = await answersIn('local');
});

test.after.always(async () => {
	await execa('kind', ['delete', 'cluster', '--name', cluster]);
	await rm(folder, {recursive: true, force: true});
});

const answersIn = async (out: string) =>
	Promise.all(answers.map(async name => readFile(join(folder, out, 'small', name), 'utf8')));

const tune = (out: string, ...words: string[]) =>
	startReplicast([...search, '--on', 'kubernetes', '--cluster', cluster, '--out', join(folder, out), ...words]);

/** kubectl on the cluster, with a kubeconfig of its own. */
async function kubectl(...words: string[]): Promise<string> {
	const kubeconfig = join(folder, 'kubeconfig');
	await execa('kind', ['export', 'kubeconfig', '--name', cluster, '--kubeconfig', kubeconfig], {reject: false});
	const {stdout} = await execa('kubectl', ['--kubeconfig', kubeconfig, ...words], {reject: false});
	return stdout;
}

const shards = ['--namespace', 'replicast', 'get', 'pods', '--selector', 'app.kubernetes.io/component=shard'];

/** Deletes a pod that plays a shard, as soon as there is one. */
async function killOne(isOver: () => boolean): Promise<string | undefined> {
	while (!isOver()) {
		const phases = '{range .items[?(@.status.phase=="Running")]}{.metadata.name}{"\\n"}{end}';
		const [running = ''] = (await kubectl(...shards, '--output', `jsonpath=${phases}`)).split('\n');
		if (running !== '') {
			const gone = await kubectl('--namespace', 'replicast', 'delete', 'pod', running, '--grace-period=0', '--force');
			if (gone.includes('deleted')) {
				return running;
			}
		}

		await sleep(100);
	}

	return undefined;
}

test.serial('the answer is that of one machine, though a pod is killed half-way', async t => {
	const running = tune('killed', '--keep');
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
	const names = (await kubectl(...shards, '--output', 'name')).split('\n');
	t.true(
		names.some(name => name.startsWith(`pod/${job}-${index}-`) && name !== `pod/${killed}`),
		`nobody took up ${killed}: ${names.join(' ')}`,
	);
	t.deepEqual(await answersIn('killed'), local);
});

test.serial('Ctrl-C deletes the Job, and the same command goes on', async t => {
	const running = tune('interrupted', '--keep');
	let isOver = false;
	void running.then(() => {
		isOver = true;
	});
	while (!isOver && !(await kubectl('--namespace', 'replicast', 'get', 'jobs', '--output', 'name')).includes('-0003')) {
		await sleep(500);
	}

	running.kill('SIGINT');
	t.is((await running).exitCode, 130);
	const {exitCode, stderr} = await tune('interrupted');
	t.is(exitCode, 0, stderr);
	t.regex(stderr, /Going on from [\d,]+ finished runs/);
	t.deepEqual((await answersIn('interrupted')).slice(0, 3), local.slice(0, 3));
	const label = `replicast/search=${searchName(join(folder, 'interrupted', 'small'))}`;
	const left = ['--namespace', 'replicast', 'get', 'jobs,pods,pvc', '--selector', label, '--output', 'name'];
	t.is(await kubectl(...left), '');
});

test.serial('an image that nobody has is told in one line', async t => {
	const {exitCode, stderr} = await tune('refused', '--image', 'registry.invalid/replicast:none');
	t.is(exitCode, 2);
	t.regex(stderr, /which keeps the claim, to run, got (?:ImagePullBackOff|ErrImagePull): [^\n]*\n$/);
});
