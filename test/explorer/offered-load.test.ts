import test from 'ava';
import type {Experiment, RenewalArrivals} from '../../src/experiment/experiment.ts';
import {offeredLoad} from '../../src/explorer/offered-load.ts';

const curve = (interpolation: 'step' | 'linear', ...rate: [number, number][]): RenewalArrivals => ({
	process: 'poisson',
	cv: 1,
	interpolation,
	rate: rate.map(([at, perSecond]) => ({at, perSecond})),
});

const load = (arrivals: object, tenants: readonly object[] = []) =>
	offeredLoad({workload: {loop: 'open', arrivals, tenants} as unknown as Experiment['workload'], duration: 100}).map(
		({at, value}) => [at, value],
	);

test('a step has two corners, and before its first point there is nothing', t => {
	t.deepEqual(load(curve('step', [10, 2], [50, 4])), [
		[0, 0],
		[10, 0],
		[10, 2],
		[50, 2],
		[50, 4],
		[100, 4],
	]);
});

test('straight lines and a tenant’s own requests add up', t => {
	t.deepEqual(load(curve('linear', [0, 0], [100, 10]), [{}, {arrivals: curve('step', [50, 1])}]), [
		[0, 0],
		[50, 5],
		[50, 6],
		[100, 11],
	]);
});

test('requests of a trace are counted, those after the end are not', t => {
	const points = load({process: 'trace', at: [0, 1, 99, 100, 500]});
	t.is(
		points.reduce((sum, [, value], index) => sum + (index % 2 === 0 ? value! * (100 / 60) : 0), 0).toFixed(9),
		'3.000000000',
	);
});

test('users who come and go are drawn over time, a number that stays is not', t => {
	const over = (users: object) =>
		offeredLoad({workload: {loop: 'closed', users} as unknown as Experiment['workload'], duration: 100}).map(
			({at, value}) => [at, value],
		);
	const points = [
		{at: 0, count: 1},
		{at: 50, count: 5},
	];
	t.deepEqual(over({count: 5, curve: {interpolation: 'linear', points}}), [
		[0, 1],
		[50, 5],
		[50, 5],
		[100, 5],
	]);
	t.deepEqual(over({count: 5}), []);
});
