import test from 'ava';
import type {PriceBook} from '../../src/experiment/experiment.ts';
import {costOf} from '../../src/forecast/cost.ts';
import type {PodUsage} from '../../src/records/pod-usage.ts';

const gibibyte = 2 ** 30;

const pod = (change: Partial<PodUsage> = {}): PodUsage =>
	Object.freeze({
		pod: 'web-1',
		fromSeconds: 0,
		toSeconds: 3600,
		requestedCores: 2.25,
		requestedBytes: 2.25 * gibibyte,
		cpuSeconds: 0,
		memoryByteSeconds: 0,
		stages: {pending: 0, starting: 0, loading: 0, idle: 3600, busy: 0, terminating: 0},
		...change,
	});

const perPod: PriceBook = Object.freeze({name: 'poster', currency: 'USD', kind: 'per-pod', perPodHour: 0.029});

const perResource = (change: Partial<Extract<PriceBook, {kind: 'per-resource'}>> = {}): PriceBook =>
	Object.freeze({
		name: 'fargate',
		currency: 'USD',
		kind: 'per-resource',
		perCoreHour: 0.04048,
		perGibibyteHour: 0.004445,
		increments: {cpu: 0, memory: 0},
		minimum: {cpu: 0, memory: 0},
		minimumSeconds: 0,
		...change,
	});

const costs = test.macro({
	exec(t, pods: PodUsage[], prices: PriceBook, dollars: number) {
		const cost = costOf(Object.freeze(pods), prices);
		t.true(Math.abs(cost - dollars) < 1e-12, `${cost} is not ${dollars}`);
	},
	title: (title = '') => title,
});

test('no pod costs nothing', costs, [], perPod, 0);
test('two pods for an hour at $0.029 cost $0.058', costs, [pod(), pod({pod: 'web-2'})], perPod, 0.058);
test(
	'six pods for an hour at $0.029 cost $0.174',
	costs,
	Array.from({length: 6}, () => pod()),
	perPod,
	0.174,
);
test('a pod is billed from scheduled to gone', costs, [pod({fromSeconds: 100, toSeconds: 1000})], perPod, 0.00725);
test('a price per pod knows no shortest time', costs, [pod({toSeconds: 36})], perPod, 0.00029);

// 2.25 × 0.04048 + 2.25 × 0.004445, published as 0.1011
test('2.25 cores and 2.25 GiB on Fargate', costs, [pod()], perResource(), 0.10108125);
test(
	'GPUs are billed as they are reserved, used or not',
	costs,
	[pod({requestedCores: 0, requestedBytes: 0, requestedGpus: 2})],
	perResource({perGpuHour: 0.95}),
	1.9,
);
test('without a price of theirs GPUs cost nothing', costs, [pod({requestedGpus: 2})], perResource(), 0.10108125);
test(
	'requests are rounded up to increments',
	costs,
	[pod({requestedCores: 0.3, requestedBytes: 1.1 * gibibyte})],
	perResource({perCoreHour: 1, perGibibyteHour: 0.1, increments: {cpu: 0.25, memory: 0.5 * gibibyte}}),
	0.5 + 0.15,
);
test(
	'a whole number of increments stays as it is, in doubles too',
	costs,
	[pod({requestedCores: 1.1, requestedBytes: 0})],
	perResource({perCoreHour: 1, increments: {cpu: 0.1, memory: 0}}),
	1.1,
);
test(
	'a small pod is billed as the smallest size on sale',
	costs,
	[pod({requestedCores: 0.15, requestedBytes: gibibyte / 4})],
	perResource({perCoreHour: 1, perGibibyteHour: 0.1, minimum: {cpu: 0.25, memory: gibibyte / 2}}),
	0.25 + 0.05,
);
test(
	'the minimum is rounded to increments as well',
	costs,
	[pod({requestedCores: 0.1, requestedBytes: 0})],
	perResource({perCoreHour: 1, increments: {cpu: 0.25, memory: 0}, minimum: {cpu: 0.3, memory: 0}}),
	0.5,
);
test(
	'a pod of ten seconds is billed for the shortest time',
	costs,
	[pod({requestedCores: 1, requestedBytes: 0, fromSeconds: 50, toSeconds: 60})],
	perResource({perCoreHour: 3.6, minimumSeconds: 60}),
	0.06,
);
test(
	'a pod longer than the shortest time is billed by the second',
	costs,
	[pod({requestedCores: 1, requestedBytes: 0, toSeconds: 61})],
	perResource({perCoreHour: 3.6, minimumSeconds: 60}),
	0.061,
);
test(
	'a pod that was there for no time costs nothing',
	costs,
	[pod({fromSeconds: 60, toSeconds: 60})],
	perResource({minimumSeconds: 60}),
	0,
);
