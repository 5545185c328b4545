import test from 'ava';
import {Schedule} from '../../../src/experiment/schedule.ts';
import {billOf} from '../../../src/forecast/cost.ts';
import {simulate} from '../../../src/simulator/simulate.ts';
import {type ExperimentParts, makeExperiment, openWorkload} from '../make-experiment.ts';
import {makeNodes} from './make-nodes.ts';

const gibi = 2 ** 30;
const delays = {request: 1, boot: 20, join: 10};
/** A node of it has room for one pod of a core. */
const small = {name: 'small', cpu: 1.5, memory: 4 * gibi, price: 3};

function run(parts: ExperimentParts) {
	const experiment = makeExperiment(parts);
	const result = simulate(experiment, {
		...{replication: 0, arm: 'dynamic', isRecorded: true, clocks: {disruption: 10}},
		schedule: new Schedule(experiment, 0),
	});
	return {...result, experiment, nodes: result.nodes!};
}

const rollout = {kind: 'rollout', at: 100} as const;

test('a pod waits until its node has joined: the window of a second, then 31 s', t => {
	const nodeAutoscaler = makeNodes({types: [small], delays});
	const {nodes, tables} = run({nodeAutoscaler, faults: [rollout], duration: 400});
	t.deepEqual(nodes.waits, [32]);
	t.deepEqual(nodes.pending, [
		[100, 1],
		[132, 0],
	]);
	const scheduled = tables!.pods.seconds[tables!.pods.event.lastIndexOf('scheduled')];
	t.is(scheduled, 132);
	t.like(nodes.nodes.at(-1), {node: 'node-2', fromSeconds: 102, readySeconds: 132, toSeconds: 400});
});

test('the images of a new node are pulled by its first pod', t => {
	const nodeAutoscaler = makeNodes({types: [small], delays: {...delays, images: 40, weights: 5}});
	const {tables} = run({nodeAutoscaler, faults: [rollout], duration: 400});
	t.is(tables!.pods.seconds[tables!.pods.event.lastIndexOf('started')], 132 + 45);
});

test('an empty node goes after consolidateAfter, a look every 10 s, the check 15 s later and the shortest drain', t => {
	const nodeAutoscaler = makeNodes({types: [small], delays});
	const {nodes} = run({nodeAutoscaler, faults: [rollout], duration: 400});
	// Empty at 132, consolidatable at 162, seen at 170, decided at 185, drained for 5 s.
	t.like(nodes.nodes[0], {node: 'node-1', toSeconds: 190, removal: 'empty'});
});

test('Never keeps an empty node', t => {
	const consolidation = {after: Number.POSITIVE_INFINITY, policy: 'WhenEmpty', budgets: []} as const;
	const nodeAutoscaler = makeNodes({types: [small], delays, pool: {consolidation}});
	const {nodes} = run({nodeAutoscaler, faults: [rollout], duration: 400});
	t.deepEqual(
		nodes.nodes.map(({toSeconds}) => toSeconds),
		[400, 400],
	);
});

test('a budget of 0 nodes keeps an empty node', t => {
	const consolidation = {after: 0, policy: 'WhenEmpty', budgets: [{nodes: {absolute: 0}}]} as const;
	const nodeAutoscaler = makeNodes({types: [small], delays, pool: {consolidation}});
	const {nodes} = run({nodeAutoscaler, faults: [rollout], duration: 400});
	t.is(nodes.nodes.filter(({removal}) => removal !== undefined).length, 0);
});

// By hand: after the rollout a pod is on medium (4 an hour) and one on small (3). Medium has the better ratio of savings,
// 4/2, and is replaced by small, 3; then both small ones, 6, by one medium, 4, which fits both and is of another type.
test('nodes are replaced by cheaper ones, which are ready before the pods are evicted, until nothing is cheaper', t => {
	const medium = {name: 'medium', cpu: 2, memory: 4 * gibi, price: 4};
	const budgets = [{nodes: {fraction: 1}}];
	const consolidation = {after: 30, policy: 'WhenEmptyOrUnderutilized', budgets} as const;
	const nodeAutoscaler = makeNodes({types: [small, medium], delays, pool: {consolidation}});
	const {nodes} = run({
		...{nodeAutoscaler, duration: 1200, faults: [rollout], workload: openWorkload(0.001)},
		deployment: {replicas: 2},
	});
	const byLaunch = nodes.nodes.toSorted((a, b) => a.fromSeconds - b.fromSeconds);
	t.deepEqual(
		byLaunch.map(({instanceType, removal}) => [instanceType, removal]),
		[
			['medium', 'underutilized'],
			['small', 'underutilized'],
			['small', 'underutilized'],
			['medium', undefined],
		],
	);
	t.true(byLaunch[2]!.readySeconds <= byLaunch[0]!.toSeconds);
	t.true(byLaunch[3]!.readySeconds <= byLaunch[1]!.toSeconds);
	t.is(nodes.evicted, 3);
});

test('a pod that must not be disrupted keeps its node', t => {
	const medium = {name: 'medium', cpu: 2, memory: 4 * gibi, price: 4};
	const placement = {requirements: [], tolerations: [], spread: [], doNotDisrupt: true};
	const nodeAutoscaler = makeNodes({types: [small, medium], delays, settings: {placement}});
	const {nodes} = run({
		...{nodeAutoscaler, duration: 1200, faults: [rollout], workload: openWorkload(0.001)},
		deployment: {replicas: 2},
	});
	t.deepEqual([nodes.nodes.length, nodes.evicted], [2, 0]);
});

test('a disruption budget that needs every pod keeps their nodes', t => {
	const medium = {name: 'medium', cpu: 2, memory: 4 * gibi, price: 4};
	const podDisruptionBudget = {maxUnavailable: {absolute: 0}};
	const nodeAutoscaler = makeNodes({types: [small, medium], delays, settings: {podDisruptionBudget}});
	const {nodes} = run({
		...{nodeAutoscaler, duration: 1200, faults: [rollout], workload: openWorkload(0.001)},
		deployment: {replicas: 2},
	});
	t.deepEqual([nodes.nodes.length, nodes.evicted], [2, 0]);
});

test('spare pods make way at once, and a node comes for them', t => {
	const nodeAutoscaler = makeNodes({
		types: [small],
		delays,
		settings: {spare: {replicas: 1, requests: {cpu: 1, memory: gibi}}},
	});
	const {nodes} = run({nodeAutoscaler, faults: [rollout], duration: 300, workload: openWorkload(0.001)});
	t.deepEqual([nodes.waits, nodes.preempted], [[], 1]);
	t.is(nodes.nodes.length, 2, 'the old pod’s node takes the spare pod before another one is needed');
});

test('the bill is what the nodes cost, and is divided into the pods’ part and idle capacity', t => {
	const nodeAutoscaler = makeNodes({types: [small], delays});
	const {nodes, pods} = run({nodeAutoscaler, faults: [rollout], duration: 400});
	const window = {fromSeconds: 0, toSeconds: 400};
	const prices = {name: 'test', currency: 'USD', kind: 'instances', split: nodeAutoscaler.split} as const;
	const bill = billOf(pods, {prices, window, nodes: nodes.nodes});
	const nodeSeconds = 190 + (400 - 102);
	t.is(bill.nodes!.nodeHours, nodeSeconds / 3600);
	t.is(bill.dollars, (3 * nodeSeconds) / 3600);
	t.is(bill.nodes!.most, 2);
	// Each pod has 1 of 1.5 cores; the old one for 132 s, the new one from 132 s on.
	t.true(Math.abs(bill.workloadDollars - (bill.dollars * 400) / (1.5 * nodeSeconds)) < 1e-12);
	t.is(bill.idleDollars, bill.dollars - bill.workloadDollars);
});

test('without the nodes of a run their bill is unknown, not nothing', t => {
	const {pods} = run({nodeAutoscaler: makeNodes({types: [small], delays}), duration: 100});
	const prices = {
		name: 'test',
		currency: 'USD',
		kind: 'instances',
		split: {perCoreHour: 1, perGibibyteHour: 0},
	} as const;
	t.is(billOf(pods, {prices}).dollars, Number.NaN);
});

test('the same seed gives the same nodes', t => {
	const nodeAutoscaler = {
		...makeNodes({types: [small]}),
		delays: {...makeNodes({types: [small]}).delays, boot: {distribution: 'exponential', mean: 30}},
	} as const;
	const once = () => run({nodeAutoscaler, faults: [rollout], duration: 400}).nodes;
	t.deepEqual(once(), once());
});
