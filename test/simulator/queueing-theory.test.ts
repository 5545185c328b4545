import test from 'ava';
import type {Experiment} from '../../src/experiment/experiment.ts';
import {Schedule} from '../../src/experiment/schedule.ts';
import {simulate} from '../../src/simulator/simulate.ts';
import {estimate} from '../../src/statistics/estimate.ts';
import {type ExperimentParts, makeExperiment, openWorkload} from './make-experiment.ts';

const replications = 20;

/** Mean over 20 replications must lie within one and a half half-widths of the 95 % interval, and the interval must be narrow. */
const agrees = test.macro({
	exec(t, experiment: Experiment, figure: 'sojourn' | 'wait', expected: number) {
		const values = Array.from({length: replications}, (_, replication) => {
			const schedule = new Schedule(experiment, replication);
			const {requests} = simulate(experiment, {replication, arm: 'dynamic', schedule, isRecorded: false});
			return figure === 'sojourn' ? requests.latencySeconds.mean : requests.waitSeconds.mean;
		});
		const {mean, high} = estimate(values);
		const halfWidth = high! - mean!;
		t.true(Math.abs(mean! - expected) < 1.5 * halfWidth, `expected ${expected}, got ${mean} ± ${halfWidth}`);
		t.true(halfWidth < 0.05 * expected, `interval too wide: ${mean} ± ${halfWidth}`);
	},
	title: (_, experiment: Experiment, figure: string, expected: number) =>
		`${experiment.name}: mean ${figure} time is ${expected.toFixed(4)} s`,
});

const queue = (name: string, parts: ExperimentParts) =>
	makeExperiment({name, duration: 40_000, warmup: 2000, seed: 7, ...parts});

const arrivalRate = 0.7;

test(agrees, queue('M/M/1 at 0.7', {workload: openWorkload(arrivalRate)}), 'sojourn', 1 / (1 - arrivalRate));

test(
	agrees,
	queue('M/D/1 at 0.7', {
		workload: openWorkload(arrivalRate),
		deployment: {service: {kind: 'time', time: {distribution: 'constant', value: 1}}},
	}),
	'wait',
	arrivalRate / (2 * (1 - arrivalRate)), // Pollaczek-Khinchine
);

const servers = 3;
const manyServers = makeExperiment().deployment.llm;
test(
	agrees,
	queue('M/M/3 at 2.1, one pod with three slots', {
		workload: openWorkload(2.1),
		duration: 20_000,
		deployment: {llm: {...manyServers, parallel: servers, threads: servers}},
	}),
	'wait',
	erlangC(servers, 2.1) / (servers - 2.1),
);

test(
	agrees,
	queue('random splitting of 2.1 over three pods is three M/M/1 at 0.7', {
		workload: openWorkload(2.1),
		duration: 20_000,
		deployment: {replicas: 3},
	}),
	'sojourn',
	1 / (1 - 0.7),
);

test(
	agrees,
	queue('M/G/1 with gamma service, cv 2, at 0.5', {
		workload: openWorkload(0.5),
		duration: 80_000,
		deployment: {service: {kind: 'time', time: {distribution: 'gamma', mean: 1, cv: 2}}},
	}),
	'wait',
	(0.5 * (1 + 2 * 2)) / (2 * (1 - 0.5)),
);

test(
	agrees,
	queue('M/D/1 at 0.35 where 1 CPU-second of work takes 2 s at half a core', {
		workload: openWorkload(0.35),
		deployment: {
			containers: [{name: 'ollama', requests: {cpu: 0.5}, limits: {cpu: 0.5}}],
			service: {
				kind: 'work',
				name: 'test',
				status: 'uncalibrated',
				perRequest: 0.5,
				perPromptToken: 0.02,
				perOutputToken: 0.03,
				residualCv: 0,
				backendPerRequest: 0,
				idleCpu: {llm: 0, backend: 0},
				memory: {server: 0, weights: 0, perContextToken: 0, backend: 0, backendPerRequest: 0},
			},
		},
	}),
	'wait',
	(0.7 * 2) / (2 * (1 - 0.7)),
);

/** Probability that a request waits in M/M/c. */
function erlangC(count: number, offeredLoad: number): number {
	let term = 1;
	let sum = 0;
	for (let busy = 0; busy < count; busy++) {
		sum += term;
		term *= offeredLoad / (busy + 1);
	}

	const allBusy = (term * count) / (count - offeredLoad);
	return allBusy / (sum + allBusy);
}
