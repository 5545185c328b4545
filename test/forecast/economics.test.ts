import test from 'ava';
import type {Experiment, PriceBook} from '../../src/experiment/experiment.ts';
import {compareBaseline} from '../../src/forecast/compare-baseline.ts';
import {compareBilling, tooSmallNodes} from '../../src/forecast/compare-billing.ts';
import {armEconomics} from '../../src/forecast/economics.ts';
import {meetsSlo} from '../../src/forecast/meets-slo.ts';
import {runEconomics} from '../../src/forecast/run-economics.ts';
import type {RunAccount} from '../../src/records/pod-usage.ts';
import type {RequestFigures} from '../../src/records/request-statistics.ts';
import {makeExperiment} from '../simulator/make-experiment.ts';
import {gibibyte, makePod} from './make-pod.ts';

const requests = (change: Partial<RequestFigures> = {}): RequestFigures => ({
	requests: {arrived: 3600, completed: 3600, failed: 0, timedOut: 0, inFlight: 0},
	throughputPerSecond: 1,
	availability: 1,
	latencySeconds: {mean: 1, p50: 1, p95: 2, p99: 3},
	waitSeconds: {mean: 0, p95: 0},
	ttftSeconds: {mean: 0.5, p95: 0.6},
	tpotSeconds: {mean: 0.1},
	sloAttainment: 0.98,
	goodputPerSecond: 0.98,
	tenants: [],
	fairness: 1,
	outputTokens: 57_600,
	inputTokens: 115_200,
	...change,
});

const run = (podCount: number, change: Partial<RunAccount> = {}): RunAccount => ({
	requests: requests(),
	pods: Array.from({length: podCount}, (_, index) => makePod({pod: `p${index}`, cpuSeconds: 900})),
	timeline: [[0, podCount]],
	heldPodSeconds: 0,
	...change,
});

const experiment: Experiment = makeExperiment({
	duration: 3600,
	autoscaler: {minReplicas: 2, maxReplicas: 6, metrics: []},
	fixed: {replicas: 6},
	prices: {name: 'poster', currency: 'USD', kind: 'per-pod', perPodHour: 0.029},
});
const close = (value: number | null, expected: number) => value !== null && Math.abs(value - expected) < 1e-9;

test('cost per 1,000 requests, and per million tokens of answers and of prompts', t => {
	const economics = runEconomics(run(2), experiment);
	t.true(close(economics.dollarsPerThousandRequests, 0.058 / 3.6));
	t.true(close(economics.dollarsPerMillionOutputTokens, 0.058 / 0.0576));
	t.true(close(economics.dollarsPerMillionInputTokens, 0.058 / 0.1152));
	t.is(economics.cpuSecondsPerRequest, 0.5);
});

test('where nothing completed there is no cost per request', t => {
	const nothing = run(2, {requests: requests({throughputPerSecond: 0, outputTokens: 0, inputTokens: 0})});
	t.is(armEconomics(experiment, [nothing]).costPerThousandRequests.mean, null);
});

test('the slow scale-down costs the pods that it keeps', t => {
	t.true(close(runEconomics(run(4, {heldPodSeconds: 1800}), experiment).slowScaleDownDollars, 0.0145));
});

test('dynamic against fixed, pair by pair, with the attainment of both', t => {
	const dynamic = [run(2), run(3)];
	const fixed = [run(6), run(6, {requests: requests({sloAttainment: 1})})];
	const against = compareBaseline(experiment, dynamic, {baseline: 'fixed', replicas: 6, runs: fixed});
	t.true(close(against.savings.perHour.mean, 0.029 * 3.5));
	t.true(close(against.savings.perYear.mean, 0.029 * 3.5 * 8760));
	t.true(close(against.savings.fraction.mean, 3.5 / 6));
	t.true(close(against.sloAttainment.dynamic.mean, 0.98));
	t.true(close(against.sloAttainment.baseline.mean, 0.99));
	t.is(against.replications, 2);
});

test('each way of billing stands beside the others, nodes twice', t => {
	const nodes = {
		name: 'nodes',
		currency: 'USD',
		kind: 'nodes',
		perNodeHour: 0.1,
		capacity: {cpu: 2, memory: 4 * gibibyte},
		allocatable: {cpu: 2, memory: 4 * gibibyte},
		mostPods: 10,
		leastNodes: 1,
		startSeconds: 60,
		removalSeconds: 600,
		split: {perCoreHour: 0.03, perGibibyteHour: 0.01},
	} as const satisfies PriceBook;
	const small = {...nodes, name: 'small', allocatable: {cpu: 0.5, memory: gibibyte}};
	const arms = {dynamic: [run(2)], fixed: [run(6)]};
	const ways = compareBilling(experiment, arms, [experiment.prices, nodes, small]);
	t.deepEqual(
		ways.map(({prices, kind, dynamic, fixed}) => [prices, kind, dynamic.mostNodes, fixed!.mostNodes]),
		[
			['poster', 'per-pod', null, null],
			['nodes', 'nodes', 1, 3],
			['nodes', 'fixed-nodes', 3, 3],
		],
	);
	t.true(close(ways[1]!.savedPerHour!.mean, 0.2));
	t.is(ways[2]!.savedPerHour!.mean, 0);
	t.deepEqual(tooSmallNodes(arms, [experiment.prices, nodes, small]), ['small']);
});

test('an objective is kept when the mean of the runs keeps each of its bounds', t => {
	const runs = [requests(), requests({latencySeconds: {mean: 1, p50: 1, p95: 4, p99: 5}, availability: 0.98})];
	t.true(meetsSlo(runs, {slo: {}, timeoutSeconds: 60}));
	t.true(meetsSlo(runs, {slo: {p95: 3, availability: 0.99}, timeoutSeconds: 60}));
	t.false(meetsSlo(runs, {slo: {p95: 2.9}, timeoutSeconds: 60}));
	t.false(meetsSlo(runs, {slo: {availability: 0.995}, timeoutSeconds: 60}));
	t.false(meetsSlo(runs, {slo: {p50: 0.9}, timeoutSeconds: 60}));
	t.false(meetsSlo(runs, {slo: {p99: 3}, timeoutSeconds: 60}));
	t.false(meetsSlo(runs, {slo: {ttft: 0.5}, timeoutSeconds: 60}));
	t.false(
		meetsSlo([requests({latencySeconds: {mean: Number.NaN, p50: 1, p95: Number.NaN, p99: 1}})], {
			slo: {p95: 3},
			timeoutSeconds: 60,
		}),
	);
});
