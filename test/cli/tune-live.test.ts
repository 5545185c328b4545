import {existsSync} from 'node:fs';
import {cp, readFile, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import anyTest from 'ava';
import {MeasuredSchedule} from '../../src/comparison/measured-schedule.ts';
import type {RecordHead} from '../../src/records/record.ts';
import {readExperiment} from '../../src/store/experiments/read-experiment.ts';
import {readSpace} from '../../src/store/inputs/read-space.ts';
import {writeRecordFiles} from '../../src/store/records/write-record.ts';
import {readTuningDocument} from '../../src/store/results/read-tuning.ts';
import {liveCandidates} from '../../src/tune/live-candidates.ts';
import type {LiveCandidate} from '../../src/tune/live-check.ts';
import {tuningOf} from '../../src/tune/tuning.ts';
import {removeTemporaryFolders, replicast, small, temporaryFolder} from './run-command.ts';

// One process at a time: each uses all cores.
const test = anyTest.serial;

anyTest.after.always(removeTemporaryFolders);

const space = `kind: TuningSpace
name: little
settings:
  cpu.averageUtilization: {from: 50, to: 90, step: 10}
  maxReplicas: {from: 3, to: 7}
  scaleDown.stabilizationWindowSeconds: {choices: [0, 60, 300]}
`;

/** Without the tools that a replay needs. */
const bare = {env: {PATH: '/nowhere'}};

const wordsFor = (path: string, out: string) => [
	...['tune', small, '--space', path, '--out', out, '--budget', '400'],
	...['--bounds-kept', 'mean', '--subject-to', 'p95<8s', 'availability>=0.95'],
];

/** Folder with the space and a finished tuning, of which each test has a copy. */
let finished = '';

anyTest.before(async () => {
	finished = await temporaryFolder();
	const path = join(finished, 'space.yaml');
	await writeFile(path, space);
	await replicast(wordsFor(path, join(finished, 'out')));
});

/** A finished tuning with its candidates for the live check, and the command that does it. */
async function tuned() {
	const folder = await temporaryFolder();
	await cp(join(finished, 'out'), join(folder, 'out'), {recursive: true});
	const path = join(finished, 'space.yaml');
	const bounded = wordsFor(path, join(folder, 'out'));
	const target = join(folder, 'out', 'small');
	const read = await readSpace(path, await readExperiment(small), {hasTolerance: false});
	const tuning = tuningOf(readTuningDocument(join(target, 'tune.json'))!, read)!;
	const candidates = liveCandidates(read, tuning, () => true);
	return {target, candidates, words: [...bounded, '--check-live']};
}

/** Writes a simulated run as if it had been measured; `as` is the candidate whose run it is said to be. */
async function measure(
	target: string,
	{experiment}: LiveCandidate,
	{as, repeat = 0, head = {}}: {as: LiveCandidate; repeat?: number; head?: Partial<RecordHead>},
) {
	const recording = new MeasuredSchedule(experiment).simulate(100 + repeat);
	const {hash} = as.experiment;
	const changed = {...recording.head, engine: 'measured' as const, replication: repeat, ...head};
	const folder = join(target, 'live', as.name, `dynamic-${repeat}`);
	await rm(folder, {recursive: true, force: true});
	writeRecordFiles(folder, {
		...recording,
		head: {...changed, experiment: {...changed.experiment, hash}},
	});
}

const liveIn = async (target: string) => JSON.parse(await readFile(join(target, 'live.json'), 'utf8'));

test('the check of records that are there: ranking, verdict and files, and tune.json stays', async t => {
	const {target, candidates, words} = await tuned();
	t.deepEqual(
		candidates.map(({role}) => role),
		['recommended', 'present', 'dropped'],
	);
	const before = await readFile(join(target, 'tune.json'), 'utf8');
	for (const one of candidates) {
		await measure(target, one, {as: one});
		await measure(target, one, {as: one, repeat: 1});
	}

	const {stdout, stderr, exitCode} = await replicast([...words, '--repeat', '2'], bare);
	t.is(exitCode, 0, stderr);
	t.regex(stderr, /Using the tuning in .*tune\.json/);
	t.regex(stderr, /Live check: recommended, present, \w+ \(dropped\); 6 replays, 24 min/);
	t.is(stderr.match(/already measured/g)?.length, 6);
	t.regex(stdout, /on a cluster: HELD/);
	t.regex(stdout.replaceAll(/\s+/g, ' '), /Bounds on the cluster: KEPT\. .* in 2 of 2 replays/);
	const live = await liveIn(target);
	t.is(live.verdict, 'HELD');
	t.deepEqual([live.repeats, live.replications], [2, 4]);
	t.is(live.rankings[0].figure, 'costPerHour');
	t.is(live.rankings[0].tau, 1);
	t.is(live.rankings[0].tauOfRepeats.length, 2);
	t.is(live.candidates[1].experimentHash, (await readExperiment(small)).hash);
	t.is(await readFile(join(target, 'tune.json'), 'utf8'), before);
	const said = await readFile(join(target, 'live.md'), 'utf8');
	t.regex(said, /Three points show little/);
	for (const {role, measured, simulated} of live.candidates) {
		const name = role === 'dropped' ? 'What was dropped' : `What is ${role}`;
		const [line = ''] = said.split('\n').filter(text => text.startsWith(`- ${name} `));
		t.is(line.includes('keeps the bounds'), measured.p95Seconds.mean < 8 && measured.availability.mean >= 0.95, line);
		const both = measured.p95Seconds.mean >= 8 && simulated.p95Seconds.mean >= 8;
		t.is(line.includes('misses, as in the simulation, p95<8s'), both, line);
	}

	const paged = await replicast([...words, '--repeat', '2', '--html'], bare);
	t.is(paged.exitCode, 0, paged.stderr);
	const page = await readFile(join(target, 'report.html'), 'utf8');
	for (const id of ['front', 'objective', 'sensitivity', 'live-costPerHour', 'live-p95Seconds', 'live-sloMisses']) {
		t.true(page.includes(`<figure id="${id}">`), id);
	}

	t.regex(page, /On a cluster: HELD/);
	t.regex(page, /<pre tabindex="0"># What replicast .* recommends for small/);
	t.regex(await readFile(join(target, 'front.svg'), 'utf8'), /^<svg /);

	const json = await replicast([...words, '--repeat', '2', '--json'], bare);
	t.deepEqual(JSON.parse(json.stdout), live);

	await replicast(words.filter(word => word !== '--check-live'));
	t.is(await readFile(join(target, 'live.md'), 'utf8'), said);
	t.is(await readFile(join(target, 'tune.json'), 'utf8'), before);
	t.false(existsSync(join(target, 'report.html')) || existsSync(join(target, 'front.svg')), 'a page of another tuning');
});

test('a ranking that is turned round has not held', async t => {
	const {target, candidates, words} = await tuned();
	const [recommended, present, dropped] = candidates as [LiveCandidate, LiveCandidate, LiveCandidate];
	await measure(target, dropped, {as: recommended});
	await measure(target, present, {as: present});
	await measure(target, recommended, {as: dropped});
	const {stdout, exitCode} = await replicast(words, bare);
	t.is(exitCode, 3);
	t.regex(stdout, /on a cluster: NOT HELD/);
	t.regex(stdout, /reversed/);
});

test('what is missing or invalid is measured, and what is there stays', async t => {
	const {target, candidates, words} = await tuned();
	const [recommended, present, dropped] = candidates as [LiveCandidate, LiveCandidate, LiveCandidate];
	await measure(target, recommended, {as: recommended});
	const kept = join(target, 'live', recommended.name, 'dynamic-0', 'record.json');
	const before = await readFile(kept, 'utf8');
	const without = await replicast(words, bare);
	t.is(without.exitCode, 2);
	t.regex(without.stderr, /Expected all that a replay needs on this machine, missing:/);
	await measure(target, present, {as: present});
	await measure(target, dropped, {as: dropped, head: {validity: {valid: false, reasons: ['node saturated']}}});
	t.is((await replicast(words, bare)).exitCode, 2);
	t.is(await readFile(kept, 'utf8'), before);
	await measure(target, dropped, {as: dropped, head: {scheduleHash: 'other'}});
	const {stdout, exitCode} = await replicast(words, bare);
	t.is(exitCode, 0);
	t.regex(stdout.replaceAll(/\s+/g, ' '), /dynamic-0 is left out: it was replayed with other requests/);
	const {candidates: told, rankings} = await liveIn(target);
	t.is(told[2].measured.costPerHour.mean, null);
	t.is(rankings[0].pairs.length, 1);
});

test('prices that are changed are tuned anew', async t => {
	const {words} = await tuned();
	const {stderr, exitCode} = await replicast([...words, '--set', 'prices.perPodHour=1'], bare);
	t.is(exitCode, 2);
	t.notRegex(stderr, /Using the tuning/);
	t.regex(stderr, /Live check: /);
});

test('options of the cluster need the check', async t => {
	const {stderr, exitCode} = await replicast(['tune', small, '--keep']);
	t.is(exitCode, 2);
	t.regex(stderr, /Expected --on kubernetes or --check-live beside --keep, got --keep alone/);
});
