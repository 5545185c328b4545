import {mkdir, readFile, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import anyTest from 'ava';
import {execa} from 'execa';
import {parseAllDocuments} from 'yaml';
import {removeTemporaryFolders, replicast, small, startReplicast, temporaryFolder} from '../cli/run-command.ts';
import {fakeKubectl} from './fake-kubectl.ts';
import {FakeKubernetes, type FakeOptions, type FakePod} from './fake-kubernetes.ts';

// One search at a time: its pods are processes of this machine.
const test = anyTest.serial;

const bundle = fileURLToPath(new URL('../../../dist/shard-image/shard.cjs', import.meta.url));
const answers = ['tune.json', 'recommended.yaml', 'report.md', 'runs.ndjson'];
const search = ['--budget', '60', '--subject-to', 'p95<8s', 'availability>=0.95', '--set', 'replications=3'];

let local: string[];

anyTest.before(async () => {
	await execa('node', ['scripts/bundle-shard.js']);
	const folder = await temporaryFolder();
	await replicast(['tune', small, ...search, '--workers', '1', '--out', folder]);
	local = await answersIn(folder);
});

anyTest.after.always(removeTemporaryFolders);

const answersIn = async (out: string) =>
	Promise.all(answers.map(async name => readFile(join(out, 'small', name), 'utf8')));

type Workplace = {
	readonly fake: FakeKubernetes;
	readonly out: string;
	readonly words: readonly string[];
	readonly env: Readonly<Record<string, string>>;
	readonly claim: string;
};

async function workplace(t: {teardown: (fn: () => Promise<void>) => void}, options: Partial<FakeOptions> = {}) {
	const folder = await temporaryFolder();
	const [claim, out] = [join(folder, 'claim'), join(folder, 'out')];
	await mkdir(claim);
	const fake = await FakeKubernetes.start({bundle, claim, ...options});
	t.teardown(async () => fake.close());
	const env = await fakeKubectl(folder, {server: fake.url, bundle, claim});
	const words = ['tune', small, ...search, '--on', 'kubernetes', '--context', 'fake', '--image', 'r:1', '--out', out];
	return {fake, out, words, env, claim} satisfies Workplace;
}

test('the answer is that of one machine, though a pod is killed, a record is damaged and one is lost', async t => {
	const seen = {killed: 0, startedAgain: 0, damaged: '', lost: ''};
	const recordOf = ({batch, index}: FakePod) => join(place.claim, batch, `record-${index}`);
	const place: Workplace = await workplace(t, {
		onStart(pod) {
			seen.startedAgain += pod.failures;
			if (pod.batch === '0001' && pod.index === 1 && pod.failures === 0) {
				void pod.isPlaying.then(() => {
					pod.kill();
					seen.killed++;
				});
			}
		},
		async onSuccess(pod) {
			if (pod.batch === '0002' && pod.index === 0) {
				const text = await readFile(recordOf(pod), 'utf8');
				await writeFile(
					recordOf(pod),
					text.replace(/(\d)(,\d\.)/, (_, a, b) => `${(Number(a) + 1) % 10}${b}`),
				);
				seen.damaged = recordOf(pod);
			} else if (pod.batch === '0001' && pod.index === 2) {
				await rm(recordOf(pod));
				seen.lost = recordOf(pod);
			}
		},
	});
	const {stderr, exitCode} = await replicast(place.words, {env: place.env});
	t.is(exitCode, 0, stderr);
	t.like(seen, {killed: 1, startedAgain: 1});
	t.true(seen.damaged !== '' && seen.lost !== '');
	t.regex(stderr, /Shard 2 of batch 0001 is evaluated again: no record/);
	t.regex(stderr, /Shard 0 of batch 0002 is evaluated again: Expected 0002\/record-0 to be whole/);
	t.deepEqual(await answersIn(place.out), local);
	t.deepEqual(place.fake.paths, [], 'something was left in the cluster');
});

test('Ctrl-C deletes the Job and keeps what was collected; the same command goes on', async t => {
	let running: ReturnType<typeof startReplicast> | undefined;
	const place: Workplace = await workplace(t, {
		onStart({batch, index}) {
			if (batch === '0004' && index === 0) {
				running!.kill('SIGINT');
			}
		},
	});
	running = startReplicast(place.words, {env: place.env});
	const {exitCode, stderr} = await running;
	t.is(exitCode, 130, stderr);
	t.deepEqual(place.fake.paths, []);
	const runs = (await readFile(join(place.out, 'small', 'runs.ndjson'), 'utf8')).split('\n').length - 2;
	t.true(runs > 20, `${runs} runs`);
	const again = await replicast([...place.words], {env: place.env});
	t.is(again.exitCode, 0, again.stderr);
	t.regex(again.stderr, new RegExp(`Going on from ${runs} finished runs`));
	t.deepEqual((await answersIn(place.out)).slice(0, 3), local.slice(0, 3));
});

test('an image that cannot be pulled is told in one line', async t => {
	const waiting = {reason: 'ImagePullBackOff', message: 'Back-off pulling image "r:1"'};
	const place = await workplace(t, {waiting});
	const {stderr, exitCode} = await replicast(place.words, {env: place.env});
	t.is(exitCode, 2);
	t.regex(stderr, /which keeps the claim, to run, got ImagePullBackOff: Back-off pulling image "r:1"\n$/);
	t.deepEqual(place.fake.paths, []);
});

test('a claim that cannot be written to is told in one line', async t => {
	const place = await workplace(t);
	await rm(place.claim, {recursive: true});
	await writeFile(place.claim, 'a file where a folder has to be');
	const {stderr, exitCode} = await replicast(place.words, {env: place.env});
	t.is(exitCode, 2);
	t.regex(stderr, /\nExpected the pod tune-\w+ to reach its claim, got E[A-Z]+: [^\n]+\n$/);
	t.deepEqual(place.fake.paths, []);
});

test('what the cluster does not allow is told in one line', async t => {
	for (const forbidden of ['jobs', 'persistentvolumeclaims']) {
		const place = await workplace(t, {forbidden});
		const {stderr, exitCode} = await replicast(place.words, {env: place.env});
		t.is(exitCode, 2);
		const said = `Expected the cluster to allow the Jobs of a search, got User "me" cannot create resource "${forbidden}"\n`;
		t.true(stderr.endsWith(said), stderr);
		t.deepEqual(place.fake.paths, []);
	}
});

test('an image of another release is told in one line, and not tried again', async t => {
	const other = join(await temporaryFolder(), 'other.cjs');
	await writeFile(other, `${await readFile(bundle, 'utf8')}\n// of another release\n`);
	let pods = 0;
	const place = await workplace(t, {bundle: other, onStart: () => pods++});
	const {stderr, exitCode} = await replicast([...place.words, '--shards', '1'], {env: place.env});
	t.is(exitCode, 2);
	t.regex(
		stderr,
		/Expected job tune-\w+-0001 to evaluate its shards, got tune-\S+: Error with exit status 2; its log ends: Expected the image to be of the release that sent the work, got one of another\n$/,
	);
	t.is(pods, 1);
	t.deepEqual(place.fake.paths, []);
});

test('a shard that fails for good ends the search with the end of its log', async t => {
	const place: Workplace = await workplace(t, {onStart: pod => pod.kill()});
	const {stderr, exitCode} = await replicast([...place.words, '--shards', '2'], {env: place.env});
	t.is(exitCode, 2);
	t.regex(stderr, /Expected job tune-\w+-0001 to evaluate its shards, got tune-\S+: Error with exit status 137\n$/);
	t.deepEqual(place.fake.paths, []);
});

test('what a killed command left is removed by the next one, and --keep leaves it', async t => {
	let running: ReturnType<typeof startReplicast> | undefined;
	const place: Workplace = await workplace(t, {
		onStart: ({batch, index}) => batch === '0002' && index === 0 && running!.kill('SIGKILL'),
	});
	running = startReplicast(place.words, {env: place.env});
	await running;
	const left = place.fake.paths;
	t.true(left.some(path => path.includes('/persistentvolumeclaims/')));
	t.true(left.some(path => path.includes('/leases/')));
	const again = await replicast([...place.words, '--keep'], {env: place.env});
	t.is(again.exitCode, 0, again.stderr);
	t.deepEqual((await answersIn(place.out)).slice(0, 3), local.slice(0, 3));
	t.true(place.fake.paths.some(path => path.includes('/jobs/')));
	t.false(place.fake.paths.some(path => path.includes('/leases/')));
});

test('small batches stay on this machine where it is asked for', async t => {
	let pods = 0;
	const place = await workplace(t, {onStart: () => pods++});
	const {stderr, exitCode} = await replicast([...place.words, '--smallest-job', '1000'], {env: place.env});
	t.is(exitCode, 0, stderr);
	t.is(pods, 0);
	t.deepEqual((await answersIn(place.out)).slice(0, 3), local.slice(0, 3));
});

const refuses = anyTest.macro({
	async exec(t, words: string[], message: RegExp) {
		const {stderr, exitCode} = await replicast(['tune', small, '--out', await temporaryFolder(), ...words]);
		t.is(exitCode, 2, stderr);
		t.regex(stderr, message);
		t.is(stderr.trim().split('\n').length, 1, stderr);
	},
	title: (_, words: string[]) => `refuses ${words.join(' ')}`,
});

const on = ['--on', 'kubernetes'];
test(refuses, ['--shards', '2'], /Expected --on kubernetes beside --shards, got --shards alone/);
test(refuses, ['--keep'], /Expected --on kubernetes or --check-live beside --keep, got --keep alone/);
test(refuses, [...on, '--context', 'lab'], /Expected --image beside --context, got --context alone/);
test(refuses, [...on, '--pod-memory', 'much'], /Expected --pod-memory to be a quantity such as 512Mi, got "much"/);
test(refuses, [...on, '--namespace', 'A_b'], /Expected --namespace to be a name of Kubernetes, got "A_b"/);

test('manifests are printed, and nothing is asked of a cluster', async t => {
	const given = ['tune', small, ...on, '--print-manifests', '--image', 'r:1', '--shards', '7'];
	const {stdout, exitCode} = await replicast(given);
	t.is(exitCode, 0);
	const objects = parseAllDocuments(stdout).map(document => document.toJS());
	t.deepEqual(
		objects.map(({kind}) => kind),
		['Namespace', 'PersistentVolumeClaim', 'Pod', 'Job'],
	);
	t.is(objects[3].spec.completions, 7);
});
