import test from 'ava';
import type {FaultPlan} from '../../../src/experiment/experiment.ts';
import type {NodeAutoscaler, NodePool} from '../../../src/experiment/nodes/node-autoscaler.ts';
import {Schedule} from '../../../src/experiment/schedule.ts';
import {simulate} from '../../../src/simulator/simulate.ts';
import {makeExperiment, openWorkload} from '../make-experiment.ts';
import {makeNodes} from './make-nodes.ts';

/** A node is there 31 s after its order, and takes one pod. */
const delays = {request: 1, boot: 20, join: 10};
const types = [{name: 'small', cpu: 1.5, memory: 4 * 2 ** 30}];
const consolidation: NodePool['consolidation'] = {after: Number.POSITIVE_INFINITY, policy: 'WhenEmpty', budgets: []};

function nodesOf(nodeAutoscaler: NodeAutoscaler, faults: readonly FaultPlan[], replicas = 1) {
	const workload = openWorkload(0.001);
	const experiment = makeExperiment({nodeAutoscaler, faults, workload, duration: 800, deployment: {replicas}});
	const schedule = new Schedule(experiment, 0);
	const {nodes, requests} = simulate(experiment, {replication: 0, arm: 'dynamic', schedule, isRecorded: false});
	return {...nodes!, nodes: nodes!.nodes.toSorted((a, b) => a.node.localeCompare(b.node)), requests};
}

const spot = (settings: Partial<NodeAutoscaler> = {}) =>
	makeNodes({types, delays, settings, pool: {capacityTypes: ['spot'], consolidation}});

test('a spot node is drained at its notice, and another one comes for its pod', t => {
	const {nodes, waits} = nodesOf(spot(), [{kind: 'spot-interruption', at: 100, count: 1, notice: 120, drain: true}]);
	// The window of a second, then 31 s.
	t.deepEqual(waits, [32]);
	t.like(nodes[0], {node: 'node-1', isSpot: true, toSeconds: 105, removal: 'interrupted'});
	t.like(nodes[1], {node: 'node-2', fromSeconds: 102, readySeconds: 132, toSeconds: 800});
});

test('a pod that its disruption budget keeps stays until the notice is over, when its next node is there', t => {
	const {nodes, waits} = nodesOf(spot({podDisruptionBudget: {maxUnavailable: {absolute: 0}}}), [
		{kind: 'spot-interruption', at: 100, count: 1, notice: 120, drain: true},
	]);
	t.deepEqual(waits, []);
	t.like(nodes[0], {node: 'node-1', toSeconds: 220, removal: 'interrupted'});
	t.like(nodes[1], {node: 'node-2', readySeconds: 132});
});

test('where nothing drains the node its pod is gone when the notice is over, and waits then', t => {
	const {nodes, waits} = nodesOf(spot(), [{kind: 'spot-interruption', at: 100, count: 1, notice: 120, drain: false}]);
	t.deepEqual(waits, [32]);
	t.like(nodes[0], {toSeconds: 220, removal: 'interrupted'});
	t.like(nodes[1], {readySeconds: 252});
});

test('nodes on demand are not interrupted, and no node twice', t => {
	const both: FaultPlan = {kind: 'spot-interruption', at: 100, count: 5, notice: 120, drain: false};
	const onDemand = makeNodes({types, delays, pool: {consolidation}});
	t.is(nodesOf(onDemand, [both]).nodes.length, 1);
	const {nodes} = nodesOf(spot(), [both, {...both, at: 200}], 2);
	t.deepEqual(
		nodes.map(({toSeconds, removal}) => [toSeconds, removal]),
		[
			[220, 'interrupted'],
			[220, 'interrupted'],
			[800, undefined],
			[800, undefined],
		],
	);
});

test('a zone that is lost takes its nodes along, and none comes there until the outage is over', t => {
	const nodeAutoscaler = makeNodes({types, delays, zones: ['a', 'b'], pool: {consolidation}});
	const faults: FaultPlan[] = [
		{kind: 'zone-outage', at: 100, duration: 300, zone: 'b'},
		{kind: 'rollout', at: 500},
	];
	const {nodes} = nodesOf(nodeAutoscaler, faults, 2);
	t.deepEqual(
		nodes.slice(0, 4).map(({zone, toSeconds, removal}) => [zone, toSeconds, removal]),
		[
			['a', 800, undefined],
			['b', 100, 'outage'],
			['a', 800, undefined],
			['b', 800, undefined],
		],
	);
	t.is(nodes[2]!.readySeconds, 132);
});

test('a zone is drawn among those that have nodes, the same for the same seed', t => {
	const nodeAutoscaler = makeNodes({types, delays, zones: ['a', 'b', 'c'], pool: {consolidation}});
	const once = () => nodesOf(nodeAutoscaler, [{kind: 'zone-outage', at: 100, duration: 300}], 2).nodes;
	t.is(once().filter(({removal}) => removal === 'outage').length, 1);
	t.deepEqual(once(), once());
});

test('the Cluster Autoscaler grows a group for the pods of an interrupted node', t => {
	const settings = {
		kind: 'cluster-autoscaler',
		expander: 'least-waste',
		scanInterval: 10,
		scaleDownDelayAfterAdd: 600,
		scaleDownDelayAfterDelete: 0,
		scaleDownUnneededTime: 600,
		scaleDownUtilizationThreshold: 0.5,
		scaleDownGpuUtilizationThreshold: 0.5,
		maxScaleDownParallelism: 10,
		maxDrainParallelism: 1,
	} as const;
	const {nodes, waits} = nodesOf(spot(settings), [
		{kind: 'spot-interruption', at: 103, count: 1, notice: 120, drain: true},
	]);
	// Seen by the scan at 110, ready at 141.
	t.deepEqual(waits, [38]);
	t.like(nodes[1], {readySeconds: 141});
});
