import {on} from 'node:events';
import {cp, mkdir, readdir, readFile, truncate, writeFile} from 'node:fs/promises';
import {basename, join, resolve} from 'node:path';
import anyTest from 'ava';
import {parse} from 'yaml';
import {HpaManifest} from '../../src/autoscaler/hpa-manifest.ts';
import {removeTemporaryFolders, replicast, small, startReplicast, temporaryFolder} from './run-command.ts';

// One process at a time: each uses all cores.
const test = anyTest.serial;

anyTest.after.always(removeTemporaryFolders);

const space = `apiVersion: replicast/v1
kind: TuningSpace
name: little
settings:
  cpu.averageUtilization: {from: 50, to: 90, step: 10}
  maxReplicas: {from: 3, to: 7}
  scaleDown.stabilizationWindowSeconds: {choices: [0, 60, 300]}
  ollama.requests.cpu: {choices: [500m, 750m]}
conditions: [2 * minReplicas <= maxReplicas]
`;

const prepare = async () => {
	const folder = await temporaryFolder();
	await writeFile(join(folder, 'space.yaml'), space);
	return {
		folder,
		words: [
			...['tune', small, '--space', join(folder, 'space.yaml'), '--out', join(folder, 'out'), '--budget', '400'],
			...['--bounds-kept', 'mean', '--subject-to', 'p95<8s', 'availability>=0.95'],
		],
	};
};

const documentIn = async (folder: string) =>
	JSON.parse(await readFile(join(folder, 'out', 'small', 'tune.json'), 'utf8'));

/** The tuning of most tests, by one worker. */
const whole = {folder: '', stdout: '', stderr: '', exitCode: undefined as number | undefined};

anyTest.before(async () => {
	const {folder, words} = await prepare();
	Object.assign(whole, {folder, ...(await replicast([...words, '--json', '--workers', '1']))});
});

type Candidate = Readonly<Record<string, unknown>> & {
	readonly costPerHour: {readonly mean: number; readonly low: number; readonly high: number};
	readonly name: string;
	readonly recommended: boolean;
	readonly present: boolean;
	readonly onFront: boolean;
	readonly heldOut: boolean;
	readonly meetsGoal: boolean;
	readonly replications: number;
};

test('a bound on latency beyond the clients’ timeout is refused: nothing is known there', async t => {
	const cwd = await temporaryFolder();
	const {stdout, stderr, exitCode} = await replicast(['tune', small, '--subject-to', 'p95<3m', 'availability>=0.5'], {
		cwd,
	});
	t.is(exitCode, 2);
	t.is(stdout, '');
	t.is(
		stderr,
		"Expected a bound on latency to be at most 1 min, the timeout of small's clients, got p95<3m: longer latencies are cut off there; bound the availability instead, or raise workload.timeout\n",
	);
});

test('tune writes the candidates, the front and a manifest that kubectl takes', async t => {
	const {folder, stdout, stderr, exitCode} = whole;
	t.is(exitCode, 0, stderr);
	const document = JSON.parse(stdout);
	t.deepEqual(document, await documentIn(folder));
	t.is(document.kind, 'Tuning');
	t.true(document.runs <= 400);
	const candidates = document.candidates as Candidate[];
	t.is(candidates.filter(({recommended}) => recommended).length, 1);
	t.is(candidates.filter(({present}) => present).length, 1);
	t.is(candidates[0]?.recommended, true);
	t.true(document.keepsBounds);
	t.regex(document.answer[0], /^(Recommended: |Keep the present settings)/);
	t.true(candidates.some(({name}) => name === 'kubernetes-default'));
	t.true(candidates.some(({onFront}) => onFront));
	const recommended = candidates[0]!;
	const present = candidates.find(one => one.present)!;
	t.true(recommended.meetsGoal);
	t.true(recommended.costPerHour.mean <= present.costPerHour.mean);
	t.true([recommended, present].every(({heldOut, replications}) => heldOut && replications === 4));
	t.deepEqual((await readdir(join(folder, 'out', 'small'))).filter(name => name !== 'resources-patch.yaml').sort(), [
		'recommended.yaml',
		'report.md',
		'runs.ndjson',
		'tune.json',
	]);
	const manifest = HpaManifest.parse(parse(await readFile(join(folder, 'out', 'small', 'recommended.yaml'), 'utf8')));
	t.like(manifest.metadata, {name: 'llm', namespace: 'replicast'});
	t.like(manifest.spec.scaleTargetRef, {kind: 'Deployment', name: 'llm'});
	const annotations = manifest.metadata?.['annotations'] as Record<string, string>;
	t.regex(annotations['replicast/expected-cost'] ?? '', /^\$[\d.]+ \[[\d.]+, [\d.]+\] an hour$/);
	t.regex(annotations['replicast/present-cost'] ?? '', /^\$[\d.]+ \[/);
});

test('the present manifest is reported with the very figures of a forecast', async t => {
	const out = join(await temporaryFolder(), 'run');
	const {stdout} = await replicast(['run', small, '--json', '--baselines=false', '--out', out]);
	const [{dynamic}] = JSON.parse(stdout);
	const present = ((await documentIn(whole.folder)).candidates as Candidate[]).find(one => one.present)!;
	t.deepEqual(present.costPerHour, dynamic.costPerHour);
	t.deepEqual(present['p95Seconds'], dynamic.latencySeconds.p95);
	t.deepEqual(present['energy'], dynamic.energyWattHours);
});

/** Output without the folder of its files, which stand in it as whole paths or from the temporary folder on. */
function withoutFolder(stdout: string, folder: string): string {
	return stdout.replaceAll(folder, '').replaceAll(`${basename(folder)}/`, '');
}

test('INV-4 same seed, same bytes, whatever the number of workers', async t => {
	const {folder, words} = await prepare();
	const {stdout} = await replicast([...words, '--json', '--workers', '3']);
	t.is(withoutFolder(stdout, folder), withoutFolder(whole.stdout, whole.folder));
	const manifestIn = async (where: string) => readFile(join(where, 'out', 'small', 'recommended.yaml'), 'utf8');
	t.is(await manifestIn(folder), await manifestIn(whole.folder));
});

test('the same command goes on from the finished runs and ends with the same answer', async t => {
	const {folder, words} = await prepare();
	await cp(join(whole.folder, 'out'), join(folder, 'out'), {recursive: true});
	const file = join(folder, 'out', 'small', 'runs.ndjson');
	const text = await readFile(file, 'utf8');
	// As a killed process leaves it: half of the runs, and half of a line.
	await truncate(file, Math.floor(text.length / 2));
	const again = await replicast([...words, '--json']);
	t.regex(again.stderr, /Going on from [\d,]+ finished runs/);
	t.is(withoutFolder(again.stdout, folder), withoutFolder(whole.stdout, whole.folder));
	t.is(new Set((await readFile(file, 'utf8')).split('\n')).size, new Set(text.split('\n')).size);
});

test('runs of another experiment are thrown away', async t => {
	const {folder, words} = await prepare();
	await replicast([...words, '--set', 'duration=2m']);
	const {stdout, stderr} = await replicast([...words, '--json']);
	t.notRegex(stderr, /Going on from/);
	t.is(withoutFolder(stdout, folder), withoutFolder(whole.stdout, whole.folder));
});

/** Ends once a search has said what is best so far. */
async function searching({stderr}: ReturnType<typeof startReplicast>): Promise<void> {
	let said = '';
	for await (const piece of on(stderr, 'data')) {
		said += String(piece);
		if (said.includes('best so far')) {
			return;
		}
	}
}

test('Ctrl-C gives the best so far, and the same command goes on', async t => {
	const {folder, words} = await prepare();
	const long = words.map(word => (word === '400' ? '10m' : word));
	const running = startReplicast([...long, '--set', 'replications=2000']);
	await searching(running);
	running.kill('SIGINT');
	const {exitCode, stdout, stderr} = await running;
	t.is(exitCode, 130);
	t.regex(stderr, /Interrupted: taking the best so far/);
	t.regex(stdout.replaceAll(/\s+/g, ' '), /The search was interrupted/);
	const document = await documentIn(folder);
	t.is(document.end, 'interrupted');
	t.false(document.candidates[0].heldOut);
	const again = await replicast(words);
	t.regex(again.stderr, /Going on from [\d,]+ finished runs/);
	t.is(again.exitCode, 0);
});

test('without a setting that keeps the bounds nothing is recommended, and an earlier manifest goes', async t => {
	const {folder, words} = await prepare();
	await mkdir(join(folder, 'out', 'small'), {recursive: true});
	await writeFile(join(folder, 'out', 'small', 'recommended.yaml'), 'earlier');
	const {stdout, exitCode} = await replicast([
		...words.slice(0, words.indexOf('--subject-to')),
		'--subject-to',
		'p95<1ms',
	]);
	t.is(exitCode, 5);
	const said = stdout.replaceAll(/\s+/g, ' ');
	t.regex(
		said,
		/^small: least cost per hour with p95<1ms Nothing is recommended: none of the settings tried keeps p95<1ms reliably\./,
	);
	// The nearest has more pods than there are.
	const report = await readFile(join(folder, 'out', 'small', 'report.md'), 'utf8');
	t.regex(
		report,
		/: it costs \$0\.\d+ \\?\[0\.\d+, 0\.\d+\\?\] an hour more, \d+\.\d+ % \\?\[\d+\.\d+, \d+\.\d+\\?\]\./,
	);
	const {subjectTo, keepsBounds, recommended, answer} = await documentIn(folder);
	t.deepEqual([subjectTo, keepsBounds, recommended], [['p95<1ms'], false, null]);
	t.regex(answer[0], /^Nothing is recommended/);
	t.deepEqual((await readdir(join(folder, 'out', 'small'))).sort(), ['report.md', 'runs.ndjson', 'tune.json']);
});

test('bounds are kept in a share of the runs, and what that costs is said', async t => {
	const {folder, words} = await prepare();
	const other = new Map([...Object.entries({400: '2000', mean: '90%', 'p95<8s': 'p95<12s'})]);
	const more = words.map(word => other.get(word) ?? word);
	const {stdout, exitCode} = await replicast(more);
	t.is(exitCode, 0);
	const said = stdout.replaceAll(/\s+/g, ' ');
	t.regex(
		said,
		/Bounds kept: p95<12s in \d+(?:\.\d)? %, availability>=0\.95 in \d+(?:\.\d)? % of \d+ simulated runs; the probability that each is kept in at least 90 % of all runs is \d+(?:\.\d)? %\./,
	);
	t.regex(said, /Assumed: .*every run has a machine as fast as the model’s/);
	t.regex(said, / This budget does not show whether any of the \d+ settings of the space is better\. /);
	t.regex(
		said,
		/Possibly better: .+?, with [\d.]+ % less cost per hour; it keeps the bounds with a probability of \d+ %/,
	);
	t.regex(said, /Robustness costs /);
	const document = await documentIn(folder);
	t.is(document.boundsKept, 0.9);
	const {feasibility, keptShares, replications} = document.probabilityOfKeepingBounds;
	t.true(feasibility >= 0.9 && keptShares['p95<12s'] >= 0.9 && replications > 20);
	t.true(document.robustness.more.mean >= 0 && document.robustness.keptShare < keptShares['p95<12s']);
	const again = await replicast([...more, '--json']);
	t.deepEqual(JSON.parse(again.stdout), document);
	const mean = await replicast([...more.map(word => (word === '90%' ? 'mean' : word)), '--json']);
	const byMean = JSON.parse(mean.stdout);
	t.false('boundsKept' in byMean || 'robustness' in byMean);
	t.true(byMean.candidates[0].costPerHour.mean < document.candidates[0].costPerHour.mean);
});

const refuses = anyTest.macro({
	async exec(t, words: string[], message: RegExp) {
		const folder = await temporaryFolder();
		await mkdir(join(folder, 'out'));
		const {stderr, exitCode} = await replicast(['tune', small, '--out', join(folder, 'out'), ...words]);
		t.is(exitCode, 2, stderr);
		t.regex(stderr, message);
		t.is(stderr.trim().split('\n').length, 1, stderr);
	},
	title: (_, words: string[]) => `refuses ${words.join(' ')}`,
});

test(refuses, ['--budget', 'much'], /Expected --budget to be a duration such as 5m or a number of runs, got "much"/);
test(
	refuses,
	['--bounds-kept', '30%'],
	/Expected --bounds-kept to be mean or a share of the runs from 50% to 99\.9%, got "30%"/,
);
test(refuses, ['--subject-to', 'p95>3s'], /Expected a bound such as p95<10s .*got "p95>3s"/);
test(
	refuses,
	['--set', 'autoscaler=none', '--set', 'deployment.replicas=2'],
	/to have an autoscaler to tune, got none/,
);
test(refuses, ['--set', 'slo={}'], /to have an slo or --subject-to to be given/);
test(refuses, ['--space', '/nowhere/space.yaml'], /^\/nowhere\/space\.yaml does not exist$/m);

test('a space file’s mistakes are told with their places', async t => {
	const folder = await temporaryFolder();
	const path = join(folder, 'space.yaml');
	await writeFile(path, space.replace('maxReplicas: {from: 3', 'maxReplica: {from: 3').replace('to: 90', 'to: lots'));
	const {stderr, exitCode} = await replicast(['tune', small, '--space', path, '--out', join(folder, 'out')]);
	t.is(exitCode, 2);
	t.deepEqual(
		stderr
			.replaceAll(`${folder}/`, '')
			.split('\n')
			.map(line => line.slice(0, 72)),
		[
			'space.yaml:5:42: Expected settings.cpu.averageUtilization.to to be a whole percentage from 1 % to 1000 %, or one of none, got "lots"',
			'space.yaml:6:3: Expected settings.maxReplica to be a setting of this experiment (minReplicas, maxReplicas',
			'',
		].map(line => line.slice(0, 72)),
	);
});

type TokenFigure = 'ttftP95Seconds' | 'tpotP95Seconds' | 'itlP95Seconds' | 'goodputPerSecond';

test('an engine is tuned under bounds on its tokens, and the report has them', async t => {
	const folder = await temporaryFolder();
	await writeFile(
		join(folder, 'batch.yaml'),
		[
			'apiVersion: replicast/v1',
			'kind: TuningSpace',
			'name: batch',
			"settings: {maxNumSeqs: {choices: [8, 256]}, 'vllm:num_requests_waiting.target': {choices: [1, 4]}}",
		].join('\n'),
	);
	const {stdout, exitCode, stderr} = await replicast([
		...['tune', resolve('experiments/vllm-waiting-threshold.yaml'), '--space', join(folder, 'batch.yaml')],
		...['--set', 'duration=3m', '--set', 'warmup=30s', '--replications', '3', '--budget', '32', '--workers', '1'],
		...['--subject-to', 'ttftP95<1s', 'tpotP95<60ms', 'itlP95<200ms', 'goodput>=1', '--out', join(folder, 'out')],
	]);
	t.is(exitCode, 0, stderr + stdout);
	for (const row of [/ttftP95<1s/, /goodput>=1/, /time to first token p95/, /time per output token p95/]) {
		t.regex(stdout, row);
	}

	const {candidates} = JSON.parse(
		await readFile(join(folder, 'out', 'vllm-waiting-threshold', 'tune.json'), 'utf8'),
	) as {candidates: readonly Readonly<Record<TokenFigure, {readonly mean: number}>>[]};
	const [best] = candidates;
	t.true(best!.ttftP95Seconds.mean < 1 && best!.tpotP95Seconds.mean < 0.06);
	t.true(best!.itlP95Seconds.mean < 0.2 && best!.goodputPerSecond.mean > 1);
});
