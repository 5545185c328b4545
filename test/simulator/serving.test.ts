import test from 'ava';
import type {Experiment, ServiceModel} from '../../src/experiment/experiment.ts';
import {Schedule} from '../../src/experiment/schedule.ts';
import {simulate} from '../../src/simulator/simulate.ts';
import {type ExperimentParts, makeExperiment, openWorkload} from './make-experiment.ts';

/** Requests of 10 prompt and 5 output tokens at the given times. */
function sending(at: readonly number[], parts: Partial<Experiment['workload']> = {}): Experiment['workload'] {
	const promptTokens = at.map(() => 10);
	const outputTokens = at.map(() => 5);
	return {
		...openWorkload(1),
		loop: 'open',
		arrivals: {process: 'trace', at, promptTokens, outputTokens},
		...parts,
	} as Experiment['workload'];
}

/** 1 CPU-second to read the prompt and 1 to write the answer. */
const work: Extract<ServiceModel, {kind: 'work'}> = {
	kind: 'work',
	name: 'test',
	status: 'uncalibrated',
	perRequest: 0.5,
	perPromptToken: 0.05,
	perOutputToken: 0.2,
	residualCv: 0,
	backendPerRequest: 0.1,
	idleCpu: {llm: 0, backend: 0},
	memory: {server: 100, weights: 1000, perContextToken: 1, backend: 10, backendPerRequest: 1},
};

const llm = makeExperiment().deployment.llm;
const constant = (value: number) => ({distribution: 'constant', value}) as const;

function play(parts: ExperimentParts) {
	const experiment = makeExperiment(parts);
	const schedule = new Schedule(experiment, 0);
	const run = simulate(experiment, {replication: 0, arm: 'dynamic', schedule, isRecorded: true});
	const {startedSeconds, firstTokenSeconds, endedSeconds, outcome, pod} = run.tables!.requests;
	return {
		...run,
		started: rounded(startedSeconds),
		firstToken: rounded(firstTokenSeconds),
		ended: rounded(endedSeconds),
		outcomes: outcome,
		podOf: pod,
	};
}

const rounded = (times: Float64Array) => [...times].map(time => Number(time.toFixed(6)));

test('one slot serves first in, first out', t => {
	const {started, firstToken, ended} = play({workload: sending([0, 0.5, 9]), deployment: {service: work}});
	t.deepEqual(started, [0, 2, 9]);
	t.deepEqual(ended, [2, 4, 11]);
	// The prompt's second, then one of five tokens of 0.2 s.
	t.deepEqual(firstToken, [1.2, 3.2, 10.2]);
});

test('half a core takes twice as long', t => {
	const containers = [{name: 'ollama', requests: {cpu: 0.5}, limits: {cpu: 0.5}}];
	const {ended, requests} = play({workload: sending([0]), deployment: {service: work, containers}});
	t.deepEqual(ended, [4]);
	t.true(Math.abs(requests.tpotSeconds.mean - 0.4) < 1e-9);
});

test('two slots share the pod: each gets half of its speed while both run', t => {
	const {ended, firstToken} = play({
		workload: sending([0, 1]),
		deployment: {service: work, llm: {...llm, parallel: 2}},
	});
	// The first has 1 CPU-second left when the second comes: 2 s for it; the second has 1 left then.
	t.deepEqual(ended, [3, 4]);
	t.deepEqual(firstToken, [1.4, 3.2]);
});

test('slots that do a part of their work together take less than twice as long', t => {
	const {ended, firstToken} = play({
		workload: sending([0, 1]),
		deployment: {service: {...work, sharedBySlots: 0.6}, llm: {...llm, parallel: 2}},
	});
	// Both together: each second does 1 / 1.4 of a second's work. The first has 1 CPU-second left when the second comes.
	t.deepEqual(ended, [2.4, 3.4]);
	t.deepEqual(firstToken, [1.28, 2.6]);
});

test('slots that do all their work together run as if each were alone', t => {
	const all = {service: {...work, sharedBySlots: 1}, llm: {...llm, parallel: 3}};
	t.deepEqual(play({workload: sending([0, 0.5, 1]), deployment: all}).ended, [2, 2.5, 3]);
});

test('an inline service time holds whatever the CPU limit and the other slots', t => {
	const {ended} = play({
		workload: sending([0, 1]),
		deployment: {
			llm: {...llm, parallel: 2},
			service: {kind: 'time', time: constant(3)},
			containers: [{name: 'ollama', requests: {cpu: 0.1}, limits: {cpu: 0.1}}],
		},
	});
	t.deepEqual(ended, [3, 4]);
});

test('who waits too long leaves the queue, and who runs too long frees its slot', t => {
	const {outcomes, started, ended} = play({
		workload: sending([0, 0.1, 0.2, 3], {timeout: 2.5}),
		deployment: {service: {...work, perRequest: 1.6}},
	});
	// Each needs 3.1 s: the first is cut at 2.5 s, so is the second while it runs, the third leaves the queue at 2.7 s.
	t.deepEqual(outcomes, ['timedOut', 'timedOut', 'timedOut', 'timedOut']);
	t.deepEqual(ended, [2.5, 2.6, 2.7, 5.5]);
	t.deepEqual(started, [0, 2.5, 2.6, 3]);
});

test('the model is unloaded when idle for keepAlive, and a request then waits for it', t => {
	const {started, ended} = play({
		workload: sending([0, 3, 20]),
		deployment: {
			service: {kind: 'time', time: constant(1)},
			llm: {...llm, keepAlive: 5},
			startup: {kind: 'total', total: constant(4)},
		},
	});
	t.deepEqual(started, [0, 3, 24]);
	t.deepEqual(ended, [1, 4, 25]);
});

test('while the model loads the queue is bounded, and the next request gets 503 at once', t => {
	const {outcomes, ended} = play({
		workload: sending([100, 100.1, 100.2, 100.3]),
		deployment: {
			service: {kind: 'time', time: constant(1)},
			llm: {...llm, keepAlive: 5, maxQueue: 2},
			startup: {kind: 'total', total: constant(4)},
		},
	});
	t.deepEqual(outcomes, ['completed', 'completed', 'failed', 'failed']);
	t.deepEqual(ended, [105, 106, 100.2, 100.3]);
});

test('with the model loaded the queue has no bound', t => {
	const {requests} = play({
		workload: sending(Array.from({length: 600}, (_, index) => index / 1000)),
		deployment: {service: {kind: 'time', time: constant(1)}, llm: {...llm, maxQueue: 2}},
	});
	t.is(requests.requests.completed, 600);
});

test('a conversation sends its kept turns again; the slot that still caches them reads only what is new', t => {
	const workload = sending([0, 10, 20, 30, 40], {tenants: [{name: 'a', share: 1, conversations: 1}]});
	const cached = play({workload, deployment: {service: work, llm: {...llm, history: 2}}});
	// From the fourth on the prompt begins with another turn than before: its two kept turns of 15 tokens are read again.
	t.deepEqual(cached.ended, [2, 12, 22, 33.5, 43.5]);
	const other = play({
		workload: {...workload, tenants: [{name: 'a', share: 1, conversations: 2}]},
		deployment: {service: work, llm: {...llm, history: 2}},
		seed: 3,
	});
	const {conversation} = other.tables!.requests;
	// Two conversations on one slot push each other out: the one that comes back reads up to two turns of 15 tokens again.
	const turns = [0, 0];
	let before = -1;
	const expected = [...conversation].map((client, index) => {
		const again = client === before && turns[client]! <= 2 ? 0 : Math.min(2, turns[client]!) * 15;
		turns[client]!++;
		before = client;
		return Number((index * 10 + 2 + again * 0.05).toFixed(6));
	});
	t.deepEqual(other.ended, expected);
	t.true(new Set(conversation).size === 2 && expected.some((end, index) => end > index * 10 + 2));
});

test('CPU and memory use follow from the load', t => {
	const containers = [
		{name: 'backend', requests: {cpu: 0.5}, limits: {cpu: 0.5}},
		{name: 'ollama', requests: {cpu: 1}, limits: {cpu: 1}},
	];
	const {pods} = play({
		workload: sending([0, 5]),
		duration: 10,
		deployment: {service: work, containers, llm: {...llm, contextLength: 500}},
	});
	// Two requests of 2 CPU-seconds, and 0.1 of the backend for each; one byte a request while it is there.
	t.true(Math.abs(pods[0]!.cpuSeconds - 4.2) < 1e-9);
	t.true(Math.abs(pods[0]!.memoryByteSeconds - ((100 + 1000 + 500 + 10) * 10 + 4)) < 1e-6);
});

test('pods that together want more than their node has share it', t => {
	const {ended} = play({
		workload: sending([0, 0, 20]),
		deployment: {
			service: work,
			replicas: 2,
			balancing: 'round-robin',
			nodes: {count: 1, cpu: 1, memory: 1e12},
			containers: [{name: 'ollama', requests: {cpu: 0.5}, limits: {cpu: 1}}],
		},
	});
	t.deepEqual(ended, [4, 4, 22]);
});

test('round-robin takes turns, least-requests takes the idle pod, keep-alive stays', t => {
	const service = {kind: 'time', time: constant(10)} as const;
	const at = [0, 1, 2, 3];
	const roundRobin = play({workload: sending(at), deployment: {service, replicas: 2, balancing: 'round-robin'}});
	t.deepEqual(roundRobin.podOf, ['llm-1-0', 'llm-1-1', 'llm-1-0', 'llm-1-1']);
	const least = play({workload: sending(at), deployment: {service, replicas: 4, balancing: 'least-requests'}});
	t.is(new Set(least.podOf).size, 4);
	const sticky = play({
		workload: sending(at, {connections: 'keep-alive'}),
		deployment: {service, replicas: 2, balancing: 'round-robin'},
	});
	t.is(new Set(sticky.podOf).size, 1);
});

test('closed loop: throughput is users over think time plus answer time', t => {
	const {requests, connections, timeout, tenants} = openWorkload(1);
	const experiment = makeExperiment({
		duration: 10_000,
		workload: {
			requests,
			connections,
			timeout,
			tenants,
			loop: 'closed',
			users: {count: 5, thinkTime: {distribution: 'exponential', mean: 9}},
		},
		deployment: {replicas: 5, balancing: 'least-requests', service: {kind: 'time', time: constant(1)}},
	});
	const run = simulate(experiment, {replication: 0, arm: 'dynamic', schedule: undefined, isRecorded: false});
	t.true(Math.abs(run.requests.throughputPerSecond - 0.5) < 0.02, `${run.requests.throughputPerSecond}`);
	t.is(run.requests.latencySeconds.p99, 1);
});

test('a backend uses no more CPU than its limit, and a pod without one uses none for it', t => {
	const at = Array.from({length: 100}, (_, index) => index / 10);
	const ollama = {name: 'ollama', requests: {cpu: 1}, limits: {cpu: 1}};
	const backend = {name: 'backend', requests: {cpu: 0.1}, limits: {cpu: 0.2}};
	const usedBy = (containers: Experiment['deployment']['containers'], duration: number) => {
		const workload = sending(at, {timeout: 1000});
		const {pods} = play({workload, duration, deployment: {service: work, containers}});
		return pods[0]!.cpuSeconds;
	};
	// 100 requests of 0.1 CPU-seconds in 10 s, of which 2 are allowed; the LLM works all the time.
	t.true(Math.abs(usedBy([backend, ollama], 10) - 12) < 1e-9);
	t.true(Math.abs(usedBy([backend, ollama], 1000) - 210) < 1e-6);
	t.true(Math.abs(usedBy([ollama], 1000) - 200) < 1e-6);
});

test('a restarted backend has forgotten the conversations', t => {
	const containers = ['backend', 'ollama'].map(name => ({name, requests: {cpu: 1}, limits: {cpu: 1}}));
	const {ended} = play({
		workload: sending([0, 10, 30], {tenants: [{name: 'a', share: 1, conversations: 1}]}),
		deployment: {service: work, containers, llm: {...llm, history: 9}},
		faults: [
			{kind: 'container-restart', container: 'backend', at: 20, count: 1},
			{kind: 'container-restart', container: 'ollama', at: 22, count: 1},
		],
	});
	t.deepEqual(ended, [2, 12, 32]);
	const kept = play({
		workload: sending([0, 10, 30], {tenants: [{name: 'a', share: 1, conversations: 1}]}),
		deployment: {service: work, containers, llm: {...llm, history: 9}},
		faults: [{kind: 'container-restart', container: 'ollama', at: 20, count: 1}],
	});
	// The new runner's cache is empty: it reads the two turns that the backend has kept.
	t.deepEqual(kept.ended, [2, 12, 33.5]);
});
