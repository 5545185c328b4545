import test from 'ava';
import fc from 'fast-check';
import type {NodePrices, PriceBook} from '../../src/experiment/experiment.ts';
import {type Bill, billOf, costOf} from '../../src/forecast/cost.ts';
import {packNodes} from '../../src/forecast/pack-nodes.ts';
import type {PodUsage} from '../../src/records/pod-usage.ts';
import {gibibyte, makePod} from './make-pod.ts';

/** Nodes of 2 cores and 4 GiB at $0.10: $0.03 a core and $0.01 a gibibyte. */
const nodes = (change: Partial<NodePrices> = {}): PriceBook & NodePrices =>
	Object.freeze({
		name: 'nodes',
		currency: 'USD',
		kind: 'nodes',
		perNodeHour: 0.1,
		capacity: {cpu: 2, memory: 4 * gibibyte},
		allocatable: {cpu: 2, memory: 4 * gibibyte},
		mostPods: 10,
		leastNodes: 0,
		startSeconds: 60,
		removalSeconds: 120,
		split: {perCoreHour: 0.03, perGibibyteHour: 0.01},
		...change,
	});
const hour = {fromSeconds: 0, toSeconds: 3600};
const about = (value: number, expected: number) => Math.abs(value - expected) <= 1e-9 * Math.max(1, Math.abs(expected));

const bills = test.macro({
	exec(t, pods: PodUsage[], prices: PriceBook & NodePrices, expected: {nodeSeconds: number; most: number}) {
		const bill = billOf(pods, {prices, window: hour});
		t.true(about(bill.nodes!.nodeHours * 3600, expected.nodeSeconds), `${bill.nodes!.nodeHours * 3600} node-seconds`);
		t.is(bill.nodes!.most, expected.most);
		t.true(about(bill.dollars, (expected.nodeSeconds / 3600) * 0.1));
	},
	title: (title = '') => title,
});

const always = [makePod({pod: 'a'}), makePod({pod: 'b'})];
const third = makePod({pod: 'c', fromSeconds: 1000, toSeconds: 2000});

// $0.06 of the node for its 2 cores, $0.04 for its 4 GiB and $0.90 for its GPU.
test('a pod takes a GPU of its node, and the next one needs another node', t => {
	const form = nodes({
		perNodeHour: 1,
		allocatable: {cpu: 2, memory: 4 * gibibyte, gpu: 1},
		split: {perCoreHour: 0.03, perGibibyteHour: 0.01, perGpuHour: 0.9},
		startSeconds: 0,
		removalSeconds: 0,
	});
	const one = billOf([makePod({requestedGpus: 1})], {prices: form, window: hour});
	t.true(about(one.dollars, 1));
	t.true(about(one.workloadDollars, 0.03 + 0.01 + 0.9));
	const two = [makePod({pod: 'a', requestedGpus: 1}), makePod({pod: 'b', requestedGpus: 1})];
	t.is(billOf(two, {prices: form, window: hour}).nodes!.most, 2);
	t.throws(() => billOf(two, {prices: nodes(), window: hour}), {message: /2 cores, \d+ bytes and 0 GPUs/});
});

test('two pods of a core fill a node of two', bills, always, nodes(), {nodeSeconds: 3600, most: 1});
// Ordered 60 s before the pod is on it, and gone 120 s after it has left: 940 to 2120.
test('a third pod brings a second node, which starts before it and goes after it', bills, [...always, third], nodes(), {
	nodeSeconds: 3600 + 1180,
	most: 2,
});
test(
	'a pod that comes before an empty node is gone takes it',
	bills,
	[...always, third, makePod({pod: 'd', fromSeconds: 2050, toSeconds: 2100})],
	nodes(),
	{nodeSeconds: 3600 + (2220 - 940), most: 2},
);
test(
	'one that comes after that brings another node',
	bills,
	[...always, third, makePod({pod: 'd', fromSeconds: 2200, toSeconds: 2300})],
	nodes(),
	{nodeSeconds: 3600 + 1180 + (2420 - 2140), most: 2},
);
test(
	'a pod that leaves makes room at the same instant',
	bills,
	[makePod({toSeconds: 1800}), makePod({fromSeconds: 1800})],
	nodes({allocatable: {cpu: 1, memory: gibibyte}}),
	{
		nodeSeconds: 3600,
		most: 1,
	},
);
test('memory can be what fills a node', bills, always, nodes({allocatable: {cpu: 2, memory: 1.5 * gibibyte}}), {
	nodeSeconds: 7200,
	most: 2,
});
test('or the number of its pods', bills, always, nodes({mostPods: 1}), {nodeSeconds: 7200, most: 2});
test('the least nodes are there without pods', bills, [third], nodes({leastNodes: 3}), {
	nodeSeconds: 3 * 3600,
	most: 3,
});
test('no time before or after the window is billed', bills, [makePod({toSeconds: 3590})], nodes(), {
	nodeSeconds: 3600,
	most: 1,
});
test('no pod needs no node', bills, [], nodes(), {nodeSeconds: 0, most: 0});

test('a pod goes to the fullest node that has room', t => {
	const small = {requestedCores: 0.5};
	const spans = packNodes(
		[
			makePod({pod: 'a', requestedCores: 1.5}),
			makePod({pod: 'b', requestedCores: 1}),
			makePod({pod: 'c', fromSeconds: 10, toSeconds: 20, ...small}),
			makePod({pod: 'd', fromSeconds: 30, toSeconds: 40, requestedCores: 1}),
		],
		nodes(),
	);
	t.is(spans.length, 2);
});

test('a pod takes the larger of its requests and its use; the rest is idle', t => {
	// Reserved: 1 core and 1 GiB for an hour are $0.04. The second uses 1.5 cores: $0.055.
	const pods = [makePod(), makePod({cpuSeconds: 1.5 * 3600, memoryByteSeconds: 0.5 * gibibyte * 3600})];
	const bill = billOf(pods, {prices: nodes({perNodeHour: 0.2}), window: hour});
	t.true(about(bill.dollars, 0.2));
	t.true(about(bill.workloadDollars, 2 * (0.04 + 0.055)));
	t.true(about(bill.idleDollars, 0.2 - 0.19));
});

test('a cluster of fixed size costs the same whatever is on it, and what pods leave becomes idle', t => {
	const six = Array.from({length: 6}, (_, index) => makePod({pod: `p${index}`}));
	const [full, scaled] = [six, six.slice(0, 2)].map(pods =>
		billOf(pods, {prices: nodes(), window: hour, fixedNodes: 3}),
	) as [Bill, Bill];
	t.true(about(full.dollars, 0.3));
	t.is(scaled.dollars, full.dollars);
	t.true(about(scaled.idleDollars - full.idleDollars, 4 * 0.04));
});

test('a pod that no node takes is refused', t => {
	t.throws(() => costOf([makePod({requestedCores: 2.5})], nodes(), hour), {
		instanceOf: RangeError,
		message: /Expected pods of at most 2 cores/,
	});
});

const anyPod = fc
	.record({
		from: fc.double({min: 0, max: 3000, noNaN: true}),
		length: fc.double({min: 0, max: 3600, noNaN: true}),
		requestedCores: fc.constantFrom(0.25, 0.5, 1.1, 2),
		requestedBytes: fc.constantFrom(0, gibibyte, 3 * gibibyte),
		use: fc.double({min: 0, max: 4, noNaN: true}),
	})
	.map(({from, length, requestedCores, requestedBytes, use}) => {
		const toSeconds = Math.min(3600, from + length);
		return makePod({
			fromSeconds: from,
			toSeconds,
			requestedCores,
			requestedBytes,
			cpuSeconds: use * (toSeconds - from),
		});
	});

test('workload and idle add up to the bill, by every way of billing', t => {
	const perPod: PriceBook = {name: 'pod', currency: 'USD', kind: 'per-pod', perPodHour: 0.029};
	fc.assert(
		fc.property(
			fc.array(anyPod, {maxLength: 20}),
			fc.constantFrom<PriceBook>(nodes(), nodes({leastNodes: 2}), perPod),
			(pods, prices) => {
				const {dollars, workloadDollars, idleDollars} = billOf(pods, {prices, window: hour});
				return about(workloadDollars + idleDollars, dollars) && workloadDollars >= 0 && idleDollars >= 0;
			},
		),
		{seed: 42},
	);
	t.pass();
});

test('no fewer nodes than the pods’ cores take, and no more than one a pod', t => {
	fc.assert(
		fc.property(fc.array(anyPod, {minLength: 1, maxLength: 20}), pods => {
			const present = pods.filter(pod => pod.toSeconds > pod.fromSeconds);
			const spans = packNodes(pods, nodes({startSeconds: 0, removalSeconds: 0}));
			const coreSeconds = present.reduce((sum, pod) => sum + pod.requestedCores * (pod.toSeconds - pod.fromSeconds), 0);
			const nodeSeconds = spans.reduce((sum, span) => sum + span.toSeconds - span.fromSeconds, 0);
			return spans.length <= present.length && nodeSeconds >= coreSeconds / 2 - 1e-6;
		}),
		{seed: 42},
	);
	t.pass();
});
