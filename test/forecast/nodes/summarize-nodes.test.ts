import test from 'ava';
import {Schedule} from '../../../src/experiment/schedule.ts';
import {energyOf} from '../../../src/forecast/energy.ts';
import {summarizeNodes} from '../../../src/forecast/nodes/node-effects.ts';
import type {NodeAccount, NodeUsage} from '../../../src/records/node-usage.ts';
import type {RunAccount} from '../../../src/records/pod-usage.ts';
import {simulate} from '../../../src/simulator/simulate.ts';
import {makeExperiment} from '../../simulator/make-experiment.ts';
import {makeNodes} from '../../simulator/nodes/make-nodes.ts';

const nodeAutoscaler = makeNodes({types: [{name: 'm', cpu: 4, memory: 2 ** 34}]});
const {split} = nodeAutoscaler;
const prices = {name: 'test', currency: 'USD', kind: 'instances', split} as const;
const experiment = makeExperiment({nodeAutoscaler, prices, warmup: 100, duration: 1000});
const plain = simulate(experiment, {
	...{replication: 0, arm: 'dynamic', isRecorded: false},
	schedule: new Schedule(experiment, 0),
});

function node(fromSeconds: number, toSeconds: number, parts: Partial<NodeUsage> = {}): NodeUsage {
	return {
		...{node: 'n', pool: 'p', instanceType: 'm', zone: 'a', isSpot: false, fromSeconds, readySeconds: fromSeconds},
		...{toSeconds, perHour: 3.6, cores: 4, bytes: 2 ** 34, gpus: 0, ...parts},
	};
}

function runWith(nodes: readonly NodeUsage[], parts: Partial<NodeAccount> = {}, p95 = 8): RunAccount {
	const {requests} = plain;
	return {
		...plain,
		pods: [],
		requests: {...requests, latencySeconds: {...requests.latencySeconds, p95}},
		nodes: {nodes, pending: [], waits: [], preempted: 0, evicted: 0, ...parts},
	};
}

const first = runWith([node(-10, 1000), node(200, 600, {perHour: 7.2, removal: 'empty'})], {
	waits: [10, 30],
	evicted: 1,
});
const second = runWith([node(-10, 1000), node(0, 400, {removal: 'interrupted'})]);

// By hand: in the 900 s that count there are 900 + 400 and 900 + 300 node-seconds.
test('figures of nodes are those of the time that counts, a mean of the replications', t => {
	const figures = summarizeNodes(experiment, [{dynamic: first}, {dynamic: second}])!;
	t.true(Math.abs(figures.mean! - 2500 / 2 / 900) < 1e-12);
	t.like(figures, {most: 2, waited: 1, waitSeconds: 20, longestWaitSeconds: 30, evicted: 0.5, lost: 0.5, effects: []});
});

// (900 s × 3.6 $/h + 400 s × 7.2 $/h) in 900 s: 6.8 $/h; without the second node 3.6 $/h.
test('an effect compares the replications that were run without the part', t => {
	const run = runWith([node(-10, 1000)], {}, 5);
	const {effects} = summarizeNodes(experiment, [
		{dynamic: first, baselines: {nodes: [{effect: 'wait', run}]}},
		{dynamic: second},
	])!;
	const [{costPerHour, ...effect}] = effects as [(typeof effects)[number]];
	t.deepEqual(effect, {effect: 'wait', replications: 1, p95Seconds: {with: 8, without: 5}});
	t.true(Math.abs(costPerHour.with! - 6.8) < 1e-12 && Math.abs(costPerHour.without! - 3.6) < 1e-12);
});

test('where no pod waited the wait is unknown, not nothing; without nodes there are no figures', t => {
	t.like(summarizeNodes(experiment, [{dynamic: second}]), {waited: 0, waitSeconds: null, longestWaitSeconds: null});
	const {nodes: _, ...bare} = second;
	t.is(summarizeNodes(experiment, [{dynamic: bare}]), undefined);
});

// 1.5 × 2 W × 4 cores × (900 + 400 s) idle; 1.5 × 8 W × 3600 core-seconds above it.
test('idle energy is that of whole nodes, whatever the pods reserve', t => {
	const energy = {...experiment.energy, idleWattsPerCore: 2, fullWattsPerCore: 10, pue: 1.5};
	const stages = {pending: 0, starting: 0, loading: 0, idle: 900, busy: 0, terminating: 0};
	const pod = {pod: 'p', fromSeconds: 100, toSeconds: 1000, requestedCores: 1, requestedBytes: 0, cpuSeconds: 3600};
	const window = {fromSeconds: 100, toSeconds: 1000};
	const of = energyOf([{...pod, memoryByteSeconds: 0, stages}], energy, {nodes: first.nodes, window});
	t.true(Math.abs(of.idleWattHours - (1.5 * 2 * 4 * 1300) / 3600) < 1e-9);
	t.true(Math.abs(of.wattHours - of.idleWattHours - 1.5 * 8) < 1e-9);
	const bare = energyOf([{...pod, memoryByteSeconds: 0, stages}], energy);
	t.true(Math.abs(bare.idleWattHours - (1.5 * 2 * 900) / 3600) < 1e-9);
});
