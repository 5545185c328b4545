import test from 'ava';
import type {NodeAutoscaler} from '../../../src/experiment/nodes/node-autoscaler.ts';
import {Packing} from '../../../src/simulator/nodes/packing.ts';
import {ResourceSpace} from '../../../src/simulator/nodes/resource-space.ts';
import {makeExperiment} from '../make-experiment.ts';
import {makeNodes} from './make-nodes.ts';

const mebi = 2 ** 20;
const gibi = 2 ** 30;
/** Of the instance types in Karpenter's tests: v1.14.1 pkg/cloudprovider/fake/instancetype.go. */
const overhead = {cpu: 0.1, memory: 10 * mebi};
const fakeTypes = [
	{name: 'small-instance-type', cpu: 2, memory: 2 * gibi, pods: 5, overhead},
	{name: 'default-instance-type', cpu: 4, memory: 4 * gibi, pods: 5, overhead},
];
/** `fake.InstanceTypes(5)`: 1 to 5 cores. */
const fakeIts = [1, 2, 3, 4, 5].map(cpu => ({
	...{name: `fake-it-${cpu - 1}`, cpu, memory: 2 * cpu * gibi, pods: 10 * cpu, overhead},
}));

type Requests = {readonly cpu: number; readonly memory: number};

function pack(nodes: NodeAutoscaler, counts: readonly [number, number], requests: Requests) {
	const container = {name: 'ollama', requests, limits: requests};
	const {deployment} = makeExperiment({deployment: {containers: [container]}});
	const packing = new Packing(nodes, new ResourceSpace(nodes, deployment));
	const remaining = nodes.pools.map(({limits}) => ({...limits}));
	const {claims, unplaced} = packing.solve({counts, nodes: [], pools: [0], remaining, keepsSoft: true});
	const cheapest = claims.map(({types}) => nodes.types[types[0]!]!.name);
	return {cheapest, unplaced, counts: claims.map(claim => claim.counts), zones: claims.map(({zone}) => zone)};
}

// karpenter v1.14.1 pkg/controllers/provisioning/scheduling/suite_test.go, "should pack small and large pods together"
test('40 large and 20 small pods share 20 of the largest nodes', t => {
	const nodes = makeNodes({
		types: fakeTypes,
		settings: {spare: {replicas: 20, requests: {cpu: 0, memory: 400e6}}},
	});
	const {cheapest, counts} = pack(nodes, [40, 20], {cpu: 0, memory: 1.8e9});
	t.deepEqual(
		cheapest,
		Array.from({length: 20}, () => 'default-instance-type'),
	);
	t.deepEqual(
		counts,
		Array.from({length: 20}, () => [2, 1]),
	);
});

// The same file, "should pack nodes tightly"
test('a pod of 4.5 cores takes the largest node, and one of 1 core a smaller one', t => {
	const nodes = makeNodes({types: fakeIts, settings: {spare: {replicas: 1, requests: {cpu: 1, memory: 0}}}});
	const {cheapest} = pack(nodes, [1, 1], {cpu: 4.5, memory: 0});
	t.deepEqual(cheapest, ['fake-it-4', 'fake-it-1']);
});

// The same file, "should schedule multiple small pods on the smallest possible instance type"
test('five pods of 1 Mi share the smallest node, whose fifth pod is the last', t => {
	const {cheapest, counts} = pack(makeNodes({types: fakeTypes}), [5, 0], {cpu: 0, memory: mebi});
	t.deepEqual([cheapest, counts], [['small-instance-type'], [[5, 0]]]);
});

// karpenter v1.14.1 pkg/controllers/provisioning/suite_test.go, "should partially schedule if limits would be exceeded"
test('a limit of 3 cores lets one of two pods have a node that do not share one', t => {
	const nodes = makeNodes({
		types: fakeTypes,
		pool: {limits: {cpu: 3}},
		settings: {placement: {requirements: [], tolerations: [], spread: [], doNotDisrupt: false, mostOnNode: 1}},
	});
	const {cheapest, unplaced} = pack(nodes, [2, 0], {cpu: 1.5, memory: 0});
	t.deepEqual([cheapest, unplaced], [['small-instance-type'], [1, 0]]);
});

// The same file, "should not schedule if limits would be exceeded", and "should schedule if limits would be met"
test('a limit of 2 cores takes a pod of 1.75 cores and none of 2.1', t => {
	const nodes = makeNodes({types: fakeTypes, pool: {limits: {cpu: 2}}});
	t.deepEqual(pack(nodes, [1, 0], {cpu: 1.75, memory: 0}).unplaced, [0, 0]);
	t.deepEqual(pack(nodes, [1, 0], {cpu: 2.1, memory: 0}).unplaced, [1, 0]);
});

const spreadOver = (over: 'zone' | 'hostname', isHard = true): Partial<NodeAutoscaler> => ({
	placement: {requirements: [], tolerations: [], spread: [{over, maxSkew: 1, isHard}], doNotDisrupt: false},
});

// karpenter v1.14.1 pkg/controllers/provisioning/scheduling/topology_test.go, "should balance pods across zones (match labels)"
test('four pods spread over three zones need a node in each, and the skew is 1', t => {
	const nodes = makeNodes({types: fakeTypes, zones: ['a', 'b', 'c'], settings: spreadOver('zone')});
	const {zones, counts} = pack(nodes, [4, 0], {cpu: 0.1, memory: mebi});
	t.deepEqual(zones.toSorted(), [0, 1, 2]);
	t.deepEqual(counts.map(([pods]) => pods).toSorted(), [1, 1, 2]);
});

// The same file, "should balance pods across nodes"
test('four pods spread over nodes with a skew of 1 need four nodes, even where they would rather break it', t => {
	for (const isHard of [true, false]) {
		const nodes = makeNodes({types: fakeTypes, settings: spreadOver('hostname', isHard)});
		t.is(pack(nodes, [4, 0], {cpu: 0.1, memory: mebi}).counts.length, 4);
	}
});

test('a spread that may be broken is given up where limits let no further node come', t => {
	const nodes = makeNodes({types: fakeTypes, pool: {limits: {nodes: 1}}, settings: spreadOver('hostname', false)});
	const {counts, unplaced} = pack(nodes, [4, 0], {cpu: 0.1, memory: mebi});
	t.deepEqual([counts, unplaced], [[[4, 0]], [0, 0]]);
});
