import test from 'ava';
import type {Variation} from '../../src/experiment/conditions/spread.ts';
import type {Experiment} from '../../src/experiment/experiment.ts';
import {simulatePredictedRun} from '../../src/forecast/prediction/simulate-predicted.ts';
import {type PairedValue, varianceShares} from '../../src/forecast/prediction/variance-shares.ts';
import {replicate} from '../../src/forecast/replicate.ts';
import {summarize} from '../../src/forecast/summarize.ts';
import {predictionLines, predictionRows} from '../../src/report/prediction-lines.ts';
import {readExperiment} from '../../src/store/experiments/read-experiment.ts';

const shipped = await readExperiment('experiments/spike.yaml', {profile: 'bench'});

function varied(variation: Variation | undefined, more: Partial<Experiment> = {}): Experiment {
	const {service} = shipped.deployment;
	if (service.kind !== 'work') {
		throw new TypeError('Expected a service of work');
	}

	const {variation: _variation, spread: _spread, ...own} = service;
	const deployment = {...shipped.deployment, service: {...own, ...(variation !== undefined && {variation})}};
	return {...shipped, deployment, ...more};
}

const usualCount = 20;

function forecastOf(experiment: Experiment, runs: number) {
	const results = Array.from({length: usualCount}, (_, replication) =>
		replicate(experiment, replication, {record: false}),
	);
	const predicted = Array.from({length: runs}, (_, replication) => simulatePredictedRun(experiment, replication));
	const [first, ...others] = results;
	const without = summarize(experiment, results);
	return {without, summary: summarize(experiment, [{...first!, predicted}, ...others])};
}

test('a prediction leaves every other figure as it is', t => {
	const {without, summary} = forecastOf(varied({betweenRuns: 0.1}), 19);
	const {prediction, ...rest} = summary;
	t.deepEqual(rest, without);
	t.is(prediction!.runs, 19);
	t.true(prediction!.isDrawn);
});

test('the width comes from the machine where it differs much, and a real run is wider than the mean is sure', t => {
	const {summary} = forecastOf(
		varied({betweenRuns: 0.05, betweenMachines: 0.3}, {workload: {...shipped.workload, timeout: 3600}}),
		39,
	);
	const {p95, costPerHour} = summary.prediction!.dynamic;
	const {low, high} = summary.dynamic.latencySeconds.p95;
	t.true(p95!.high - p95!.low > 2 * (high! - low!));
	t.true(p95!.shares!.machine > 0.4, `${p95!.shares!.machine}`);
	t.true(costPerHour!.low < costPerHour!.high);
	t.is(summary.prediction!.advice, 'calibrate');
	const lines = predictionLines(summary);
	t.regex(
		lines[0]!,
		/^One real run: p95 [\d.]+–[\d.]+ s · \$[\d.]+–[\d.]+\/h · .* answered · [\d.]+–[\d.]+ pods \(90 % of runs\)$/,
	);
	t.regex(
		lines[1]!,
		/^The spread is due to the machine \(\d+ %\), .*; replicast calibrate on your cluster narrows it\./,
	);
	t.true(predictionRows(summary).some(([label]) => label === 'latency p95'));
	t.true(predictionRows(summary).every((row, _, [head]) => row.length === head!.length));
});

test('a load that is not sure is a part of the width', t => {
	const {workload} = shipped;
	const {summary} = forecastOf(varied(undefined, {workload: {...workload, uncertainty: {rate: 0.5}}}), 39);
	const {shares} = summary.prediction!.dynamic.throughputPerSecond!;
	t.true(shares!.load > 0.5, `${shares!.load}`);
	t.is(shares!.machine, 0);
	t.is(summary.prediction!.knowledge.load, 'given');
});

test('where no model says how the machine differs, the replications are the prediction, and its line says so', t => {
	const {summary} = forecastOf(varied(undefined), 0);
	t.false(summary.prediction!.isDrawn);
	t.is(summary.prediction!.runs, usualCount);
	const [line, note] = predictionLines(summary);
	t.regex(line!, /^One run on a machine as modelled: /);
	t.regex(note!, /How much faster or slower your machine is, no model says/);
});

test('an interval without the machine is none where a model says how it differs', t => {
	const {summary} = forecastOf(varied({betweenRuns: 0.1}), 0);
	t.is(summary.prediction, undefined);
	t.regex(
		predictionLines(summary).join(),
		/^One real run will differ .* was not simulated \(--prediction-runs 19\)\.$/,
	);
});

test('a p95 that the clients’ timeout cuts off in a run is the timeout there', t => {
	const slow = varied({betweenRuns: 0.6}, {workload: {...shipped.workload, timeout: 40}});
	const {summary} = forecastOf(slow, 19);
	const {p95} = summary.prediction!.dynamic;
	t.is(p95!.high, 40);
	t.regex(predictionLines(summary)[0]!, /p95 [\d.]+ s to ≥ 40 s \(timeout\)|p95 ≥ 40 s \(timeout\)/);
});

test('shares of the variance are those of a sum whose parts are known', t => {
	const random = (index: number) => Math.sin(index * 12.9898) * 43_758.5453;
	const uniform = (index: number) => random(index) - Math.floor(random(index)) - 0.5;
	const count = 400;
	const chance = Array.from({length: count}, (_, index) => 2 * uniform(index));
	const pairs = chance.map((usual, index): PairedValue => {
		const [machine, load] = [uniform(index + 1000), uniform(index + 3000)];
		return {usual, drawn: usual + 4 * machine + 2 * load, factors: {machine, load}};
	});
	const shares = varianceShares(pairs, chance)!;
	t.true(Math.abs(shares.machine - 16 / 24) < 0.05, `${shares.machine}`);
	t.true(Math.abs(shares.load - 4 / 24) < 0.05);
	t.true(Math.abs(shares.run - 4 / 24) < 0.05);
	t.is(
		varianceShares(
			pairs.map(pair => ({...pair, usual: 1, drawn: 1})),
			[1, 1, 1],
		),
		null,
	);
});
