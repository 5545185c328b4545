import test from 'ava';
import type {Experiment, Waiting} from '../../src/experiment/experiment.ts';
import {Schedule} from '../../src/experiment/schedule.ts';
import type {RequestFigures} from '../../src/records/request-statistics.ts';
import {simulate} from '../../src/simulator/simulate.ts';
import {estimate} from '../../src/statistics/estimate.ts';
import {type ExperimentParts, makeExperiment, openWorkload} from './make-experiment.ts';

const replications = 16;
const runsOf = (experiment: Experiment) =>
	Array.from({length: replications}, (_, replication) => {
		const schedule = new Schedule(experiment, replication);
		return simulate(experiment, {replication, arm: 'dynamic', schedule, isRecorded: false}).requests;
	});

/** The mean over the replications lies within one and a half half-widths of the 95 % interval, which is narrow. */
const agrees = test.macro({
	exec(t, experiment: Experiment, figure: (requests: RequestFigures) => number, expected: number) {
		const {mean, high} = estimate(runsOf(experiment).map(figure));
		const halfWidth = high! - mean!;
		t.true(Math.abs(mean! - expected) < 1.5 * halfWidth, `expected ${expected}, got ${mean} ± ${halfWidth}`);
		t.true(halfWidth < 0.06 * expected, `interval too wide: ${mean} ± ${halfWidth}`);
	},
	title: (name, _, __, expected: number) => `${name}: ${expected.toFixed(4)}`,
});

const wait = ({waitSeconds}: RequestFigures) => waitSeconds.mean;
const missed = ({availability}: RequestFigures) => 1 - availability;

const pods = 4;
const load = 3.2;
const make = (waiting: Waiting | undefined, parts: ExperimentParts = {}) =>
	makeExperiment({
		duration: 20_000,
		warmup: 1000,
		seed: 11,
		workload: openWorkload(load),
		...parts,
		deployment: {replicas: pods, ...(waiting && {waiting}), ...parts.deployment},
	});
const atProxy = {at: 'proxy', connections: 1} as const;

for (const balancing of ['random', 'round-robin', 'least-requests'] as const) {
	test(
		`M/M/4, a shared queue in front of 4 pods of one request each, ${balancing}: mean wait`,
		agrees,
		make(atProxy, {deployment: {balancing}}),
		wait,
		erlangC(pods, load) / (pods - load),
	);
}

test(
	'M/M/4/4, nowhere to wait: part that is refused (Erlang B)',
	agrees,
	make({at: 'nowhere', connections: 1}),
	missed,
	blocked(pods, load, pods),
);
test(
	'M/M/4/7, a queue of 3 at the proxy: part that is refused',
	agrees,
	make({...atProxy, queue: 3}),
	missed,
	blocked(pods, load, pods + 3),
);
test(
	'M/M/4/7: mean wait of those that are served',
	agrees,
	make({...atProxy, queue: 3}),
	wait,
	waitBehind(pods, load, pods + 3),
);
test(
	'M/M/1/4, a backlog of 3 in one pod: part that is refused',
	agrees,
	make({at: 'pod', queue: 3}, {workload: openWorkload(0.9), deployment: {replicas: 1}}),
	missed,
	blocked(1, 0.9, 4),
);
test(
	'M/M/1/1 twice, no backlog and random balancing: part that is refused',
	agrees,
	make({at: 'pod', queue: 0}, {workload: openWorkload(1.4), deployment: {replicas: 2}}),
	missed,
	0.7 / 1.7,
);

const patient = (mean: number) => ({...openWorkload(4.4), patience: {distribution: 'exponential', mean} as const});
test(
	'M/M/4+M, exponential patience of mean 2 s at the proxy: part that leaves (Erlang A)',
	agrees,
	make(atProxy, {workload: patient(2)}),
	missed,
	erlangA(pods, 4.4, 2),
);
test(
	'M/M/1+M, exponential patience of mean 5 s in the pod: part that leaves',
	agrees,
	make(undefined, {
		workload: {...openWorkload(0.8), patience: {distribution: 'exponential', mean: 5}},
		deployment: {replicas: 1},
	}),
	missed,
	erlangA(1, 0.8, 5),
);
test(
	'M/M/1+D, a timeout of 3 s of the queue at the proxy: part that is refused (Barrer)',
	agrees,
	make({...atProxy, timeout: 3}, {workload: openWorkload(0.8), deployment: {replicas: 1}}),
	missed,
	barrer(0.8, 3),
);

test('a request that is refused is sent again after each wait, and its latency counts from the first attempt', t => {
	const retries = {attempts: 4, backoff: 1, factor: 2, longest: 1e9, jitter: 0, pod: 'any'} as const;
	const at = [0, 0.5];
	const work = {kind: 'serviceSeconds', seconds: [10, 1]} as const;
	const arrivals = {process: 'trace', at, work, promptTokens: [], outputTokens: []} as const;
	const server = {
		...({kind: 'server', name: 'test', status: 'uncalibrated', concurrency: 1, threads: 1} as const),
		...{perRequest: 0, idleCpu: 0, memory: {idle: 0, perRequest: 0}},
	};
	const {loop: _loop, arrivals: _arrivals, ...workload} = {...openWorkload(1), loop: 'open', arrivals: undefined};
	const ended = (attempts: number, pod: 'any' | 'same') => {
		const experiment = makeExperiment({
			duration: 60,
			workload: {...workload, loop: 'open', arrivals, retries: {...retries, attempts, pod}},
			deployment: {service: server, waiting: {at: 'pod', queue: 0}},
		});
		const {tables, requests} = simulate(experiment, {
			...{replication: 0, arm: 'dynamic', isRecorded: true},
			schedule: new Schedule(experiment, 0),
		});
		return {started: tables!.requests.startedSeconds[1], outcome: tables!.requests.outcome[1], requests};
	};

	// Attempts at 0.5, 1.5, 3.5, 7.5 and 15.5 s; the pod is busy up to 10 s.
	for (const pod of ['any', 'same'] as const) {
		t.is(ended(4, pod).started, 15.5);
		t.is(ended(3, pod).outcome, 'failed');
		t.is(ended(4, pod).requests.requests.arrived, 2);
	}
});

test('with many retries next to nothing is refused for good where a third was without', t => {
	const retries = {attempts: 100, backoff: 1, factor: 1, longest: 1, jitter: 1, pod: 'any'} as const;
	const parts = {workload: {...openWorkload(0.5), retries}, deployment: {replicas: 1}, duration: 2000};
	const [withRetries] = runsOf(make({at: 'nowhere', connections: 1}, parts));
	const [without] = runsOf(make({at: 'nowhere', connections: 1}, {...parts, workload: openWorkload(0.5)}));
	t.true(without!.availability < 0.7);
	t.true(withRetries!.availability > 0.99);
});

test('requests that wait at the proxy survive the end of a pod', t => {
	const faults = [{kind: 'pod-kill', at: 50, count: 1}] as const;
	const experiment = make(atProxy, {
		workload: openWorkload(1.5),
		duration: 300,
		warmup: 0,
		faults,
		deployment: {replicas: 2},
	});
	const [run] = runsOf(experiment);
	t.true(run!.requests.failed <= 1);
	t.true(run!.waitSeconds.p95 > 0);
});

/** Probabilities of 0, 1, … requests in a birth-death queue. */
function states(count: number, offered: number, most: number, leaving = 0): number[] {
	const weights = [1];
	for (let state = 1; state <= most; state++) {
		const rate = Math.min(state, count) + Math.max(0, state - count) * leaving;
		weights.push((weights[state - 1]! * offered) / rate);
	}

	const total = weights.reduce((sum, weight) => sum + weight, 0);
	return weights.map(weight => weight / total);
}

/** Part that M/M/c/K refuses. */
function blocked(count: number, offered: number, most: number): number {
	return states(count, offered, most).at(-1)!;
}

/** Mean wait of a request that M/M/c/K takes in, service of mean 1 (Little). */
function waitBehind(count: number, offered: number, most: number): number {
	const probabilities = states(count, offered, most);
	const waiting = probabilities.reduce((sum, probability, state) => sum + Math.max(0, state - count) * probability, 0);
	return waiting / (offered * (1 - probabilities.at(-1)!));
}

/** Probability that a request waits in M/M/c. */
function erlangC(count: number, offered: number): number {
	return states(count, offered, 2000).reduce((sum, probability, state) => sum + (state >= count ? probability : 0), 0);
}

/** Part that leaves M/M/c+M: those who wait leave at 1/patience each. */
function erlangA(count: number, offered: number, patience: number): number {
	const waiting = states(count, offered, 2000, 1 / patience).reduce(
		(sum, probability, state) => sum + Math.max(0, state - count) * probability,
		0,
	);
	return waiting / patience / offered;
}

/** Part that leaves M/M/1+D: a request that would wait longer than `patience` leaves when it has waited so long. */
function barrer(offered: number, patience: number): number {
	const decay = Math.exp(-(1 - offered) * patience);
	return ((1 - offered) * offered * decay) / (1 - offered ** 2 * decay);
}
