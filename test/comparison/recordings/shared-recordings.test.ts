import {existsSync, readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import test from 'ava';
import {mean, median} from 'simple-statistics';
import {offeredLine} from '../../../src/comparison/recordings/recording-baselines.ts';
import {repeatPairs} from '../../../src/comparison/recordings/repeat-pairs.ts';
import {errorOfLine, ownMean, scoreRun} from '../../../src/comparison/recordings/score-run.ts';
import {forecastLines} from '../../../src/library/pool/line-worker.ts';
import type {RecordedRun} from '../../../src/records/recorded-run.ts';
import {listRuns} from '../../../src/store/recordings/list-runs.ts';
import {RecordingReader} from '../../../src/store/recordings/read-run.ts';
import {findSettings, readSettings} from '../../../src/store/recordings/read-settings.ts';
import {runExperiment} from '../../../src/store/recordings/run-experiment.ts';

/* The scores of recordings that others computed, too, where the recordings are there. */

const root = fileURLToPath(new URL('../../../../../shared/recordings', import.meta.url));
const reader = new RecordingReader();

async function runsOf(folder: string, sets: readonly string[]): Promise<RecordedRun[]> {
	const listed = await listRuns(`${root}/${folder}`);
	return Promise.all(listed.filter(({set}) => sets.includes(set)).map(async run => reader.read(run)));
}

if (existsSync(root)) {
	test('the floor of 90 s is that of the 21 pairs that begin with one pod', async t => {
		const pairs = repeatPairs(await runsOf('hpa-2019', ['2-90s', '2-90s-bad']), 'desired');
		const errors = pairs.map(({replicaError}) => replicaError);
		const hours = pairs.map(({podHoursError}) => Math.abs(podHoursError));
		t.is(pairs.length, 21);
		const figures = [
			mean(errors),
			median(errors),
			Math.min(...errors),
			Math.max(...errors),
			median(hours),
			Math.max(...hours),
		];
		for (const [index, known] of [1.08, 0.97, 0.46, 2.13, 0.042, 0.139].entries()) {
			t.true(Math.abs(figures[index]! - known) < (index < 4 ? 0.01 : 0.001), `${figures[index]} ${known}`);
		}
	});

	const published = {'2-30s': [4.67, 3.23, 12], '2-90s': [6.01, 3.98, 10.3]} as const;
	for (const [set, [ofMean, ofLoad, replicas]] of Object.entries(published)) {
		test(`the baselines of ${set} are those that were published`, async t => {
			const found = await readSettings(findSettings(set)!);
			const runs = await runsOf('hpa-2019', [set]);
			const scores = await Promise.all(
				runs.map(async run => {
					const {experiment, serviceSeconds, lead} = await runExperiment(found, run, {facts: 0});
					const window = {from: 0, to: run.untilSeconds};
					const recorded = run.lines.desired!;
					const offered = offeredLine({
						experiment,
						lead,
						untilSeconds: window.to,
						...(serviceSeconds && {serviceSeconds}),
					});
					return {
						mean: errorOfLine(ownMean(recorded, window), recorded, window),
						load: errorOfLine(offered!, recorded, window),
						replicas: scoreRun([recorded, recorded], recorded, window).meanReplicas,
					};
				}),
			);
			t.true(Math.abs(mean(scores.map(score => score.mean)) - ofMean) < 0.01);
			t.true(Math.abs(mean(scores.map(score => score.load)) - ofLoad) < 0.015);
			t.true(Math.abs(mean(scores.map(score => score.replicas)) - replicas) < 0.05);
		});
	}

	test('one run of the simulator with nothing fitted is as far from 2-90s as was published', async t => {
		const found = await readSettings(findSettings('2-90s')!);
		const errors: number[] = [];
		for (const run of await runsOf('hpa-2019', ['2-90s'])) {
			const {experiment, serviceSeconds, lead} = await runExperiment(found, run, {facts: 0});
			const {replicas: lines} = forecastLines({
				experiment,
				replications: 1,
				lead,
				...(serviceSeconds && {serviceSeconds}),
			});
			errors.push(scoreRun(lines, run.lines.desired!, {from: 0, to: run.untilSeconds}).replicaError);
		}

		t.true(Math.abs(mean(errors) - 1.97) < 0.15, `${mean(errors)}`);
	});

	test('the differences between repeats on GKE are those of repeats.csv', async t => {
		const pairs = repeatPairs(await runsOf('hpa-benchmark-gke', ['hpa-benchmark-gke']), 'desired');
		const rows = readFileSync(`${root}/hpa-benchmark-gke/repeats.csv`, 'utf8').trim().split('\n').slice(1);
		const expected = new Map(
			rows.map(row => row.split(',')).map(([hpa, a, b, error]) => [`${hpa} ${a} ${b}`, Number(error)]),
		);
		t.true(pairs.length > 0);
		for (const {runs, replicaError} of pairs) {
			const [a, b] = runs.map(run => /\/(.*)-rep-(\d)-(.*)$/.exec(run)!);
			const known = expected.get(`${a![1]}-${a![3]} ${a![2]} ${b![2]}`);
			t.true(
				known !== undefined && Math.abs(replicaError - known) < 0.03,
				`${runs.join(' ')} ${replicaError} ${known}`,
			);
		}
	});
} else {
	test('recordings of others', t => {
		t.log('skipped: the recordings are not there');
		t.pass();
	});
}
