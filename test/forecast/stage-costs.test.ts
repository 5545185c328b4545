import test from 'ava';
import fc from 'fast-check';
import type {PriceBook} from '../../src/experiment/experiment.ts';
import {costOf} from '../../src/forecast/cost.ts';
import {stageCosts} from '../../src/forecast/run-economics.ts';
import {stages} from '../../src/records/stage-clock.ts';
import {gibibyte, makePod} from './make-pod.ts';

const perPod: PriceBook = {name: 'pod', currency: 'USD', kind: 'per-pod', perPodHour: 0.36};
const perResource: PriceBook = {
	name: 'resource',
	currency: 'USD',
	kind: 'per-resource',
	perCoreHour: 0.04048,
	perGibibyteHour: 0.004445,
	increments: {cpu: 0.25, memory: gibibyte},
	minimum: {cpu: 0.25, memory: gibibyte},
	minimumSeconds: 60,
};
const about = (value: number, expected: number) => Math.abs(value - expected) <= 1e-9 * Math.max(1, Math.abs(expected));

test('each stage costs its time: $0.36 an hour are a cent in 100 s', t => {
	const pod = makePod({
		toSeconds: 1000,
		stages: {pending: 50, starting: 100, loading: 200, idle: 300, busy: 350, terminating: 50},
	});
	const costs = stageCosts([pod], perPod);
	t.true(about(costs.starting.dollars, 0.01));
	t.true(about(costs.loading.dollars, 0.02));
	t.true(about(costs.idle.dollars, 0.03));
	t.true(about(costs.busy.dollars, 0.035));
	t.true(about(costs.terminating.dollars, 0.005));
	t.deepEqual(costs.pending, {podSeconds: 50, dollars: 0});
});

test('a minimum of a minute makes each of the ten seconds dearer', t => {
	const pod = makePod({
		toSeconds: 10,
		stages: {pending: 0, starting: 4, loading: 6, idle: 0, busy: 0, terminating: 0},
	});
	const costs = stageCosts([pod], perResource);
	const minute = (0.04048 + 0.004445) / 60;
	t.true(about(costs.starting.dollars, 0.4 * minute));
	t.true(about(costs.loading.dollars, 0.6 * minute));
});

test('the stages’ costs add up to the total', t => {
	const anyPod = fc
		.tuple(...stages.map(() => fc.double({min: 0, max: 1000, noNaN: true})), fc.constantFrom(0.1, 0.5, 1.3))
		.map(([pending = 0, starting = 0, loading = 0, idle = 0, busy = 0, terminating = 0, requestedCores = 0]) =>
			makePod({
				toSeconds: starting + loading + idle + busy + terminating,
				requestedCores,
				stages: {pending, starting, loading, idle, busy, terminating},
			}),
		);
	fc.assert(
		fc.property(fc.array(anyPod, {maxLength: 10}), fc.constantFrom(perPod, perResource), (pods, prices) => {
			const costs = stageCosts(pods, prices);
			const sum = stages.reduce((total, stage) => total + costs[stage].dollars, 0);
			return about(sum, costOf(pods, prices));
		}),
		{seed: 42},
	);
	t.pass();
});
