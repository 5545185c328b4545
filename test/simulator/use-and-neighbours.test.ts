import test from 'ava';
import type {Experiment, ServiceModel} from '../../src/experiment/experiment.ts';
import {Schedule} from '../../src/experiment/schedule.ts';
import {simulate} from '../../src/simulator/simulate.ts';
import {type ExperimentParts, makeExperiment, openWorkload, pipeline} from './make-experiment.ts';

/** A request of 10 prompt and 5 output tokens is 2 CPU-seconds. */
const work: Extract<ServiceModel, {kind: 'work'}> = {
	kind: 'work',
	name: 'test',
	status: 'uncalibrated',
	perRequest: 0.5,
	perPromptToken: 0.05,
	perOutputToken: 0.2,
	residualCv: 0,
	backendPerRequest: 0,
	idleCpu: {llm: 0.001, backend: 0},
	memory: {server: 100, weights: 1000, perContextToken: 1, backend: 10, backendPerRequest: 1},
};

function play(at: readonly number[], {deployment, ...parts}: ExperimentParts = {}) {
	const workload = {
		...openWorkload(1),
		loop: 'open',
		arrivals: {process: 'trace', at, promptTokens: at.map(() => 10), outputTokens: at.map(() => 5)},
	} as Experiment['workload'];
	const experiment = makeExperiment({
		workload,
		...parts,
		deployment: {service: work, balancing: 'round-robin', ...deployment},
	});
	const schedule = new Schedule(experiment, 0);
	return simulate(experiment, {replication: 0, arm: 'dynamic', schedule, isRecorded: true});
}

const rounded = (times: Iterable<number>) => [...times].map(time => Number(time.toFixed(6)));
const nodes = {count: 1, cpu: 8, memory: 2 ** 40};

test('a pod beside one that works takes longer, for as long as it does, and uses its CPU all the while', t => {
	const service = {...work, perNeighbour: 0.5, idleCpu: {llm: 0, backend: 0}};
	const run = play([0, 1], {deployment: {service, nodes, replicas: 2}, duration: 100});
	// Half of the first is done when the second comes; then both work at two thirds of their speed until 2.5.
	t.deepEqual(rounded(run.tables!.requests.endedSeconds), [2.5, 3.5]);
	t.deepEqual(rounded(run.pods.map(({cpuSeconds}) => cpuSeconds)), [2.5, 2.5]);
});

test('neighbours on other nodes, or on nodes that are not told, slow nothing', t => {
	const service = {...work, perNeighbour: 0.5};
	for (const place of [{nodes: {...nodes, count: 2}}, {}]) {
		const run = play([0, 1], {deployment: {service, replicas: 2, ...place}, duration: 100});
		t.deepEqual(rounded(run.tables!.requests.endedSeconds), [2, 3]);
	}
});

test('serving adds to the memory of the LLM’s container, less and less', t => {
	const memory = {...work.memory, growth: {bytes: 500, requests: 2}};
	const at = Array.from({length: 20}, (_, index) => 100 * index);
	const {tables} = play(at, {deployment: {service: {...work, memory}}, metrics: pipeline, duration: 2100});
	const {memoryBytes, sampledSeconds} = tables!.samples;
	const after = (served: number) => memoryBytes[sampledSeconds.findIndex(time => time > 100 * served - 97)];
	const loaded = 100 + 1000 + 2048;
	t.is(after(0), loaded);
	t.is(after(1), Math.round(loaded + 500 * (1 - Math.exp(-0.5))));
	t.is(after(20), Math.round(loaded + 500 * (1 - Math.exp(-10))));
});
