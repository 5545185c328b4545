import test from 'ava';
import type {CandidateFigures} from '../../src/tune/figures.ts';
import {parseConstraint} from '../../src/tune/goal.ts';
import {type LivePoint, liveCheckOf} from '../../src/tune/live-check.ts';
import {scaledExperiment} from './make-space.ts';

const run = (p95Seconds: number): CandidateFigures => ({
	costPerHour: 1,
	energyWattHours: 1,
	p50Seconds: 1,
	p95Seconds,
	p99Seconds: 1,
	ttftSeconds: 1,
	availability: 1,
	sloMisses: 0,
	churnPerHour: 0,
	meanReplicas: 1,
});

const checkOf = (measured: readonly (number | undefined)[], repeats = measured.length) => {
	const experiment = scaledExperiment();
	const point: LivePoint = {
		live: {role: 'recommended', name: 'a', settings: {}, experiment},
		simulated: [run(5)],
		runs: measured.map((p95, repeat) => ({
			folder: `dynamic-${repeat}`,
			repeat,
			...(p95 === undefined ? {reason: 'is not there'} : {figures: run(p95)}),
		})),
	};
	const goal = {minimize: 'costPerHour', constraints: [parseConstraint('p95<8s')]} as const;
	return liveCheckOf([point], {experiment: {name: 'x', hash: 'h'}, goal, repeats}).bounds;
};

test('bounds are kept when the recommended setting keeps them in each repeat', t => {
	t.is(checkOf([7, 7.5, 6, 8, 7])?.verdict, 'KEPT');
});

test('one repeat beyond a bound is named', t => {
	const bounds = checkOf([7, 9, 6, 7, 7]);
	t.is(bounds?.verdict, 'MISSED');
	t.deepEqual(
		bounds?.repeats.map(({missed}) => missed),
		[[], ['p95<8s'], [], [], []],
	);
});

test('a repeat without a record that may judge leaves it open, unless another misses', t => {
	t.is(checkOf([7, undefined, 7])?.verdict, 'CANNOT SAY');
	t.is(checkOf([9, undefined, 7])?.verdict, 'MISSED');
	t.is(checkOf([], 5)?.verdict, 'CANNOT SAY');
});
