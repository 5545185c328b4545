import test from 'ava';
import type {UserCurve, Users} from '../../src/experiment/experiment.ts';
import {closedScheduleHash} from '../../src/experiment/schedule-hash.ts';
import {simulate} from '../../src/simulator/simulate.ts';
import {makeExperiment, openWorkload} from './make-experiment.ts';

const constant = (value: number) => ({distribution: 'constant', value}) as const;

function experimentOf(users: Users) {
	const {requests, connections, timeout, tenants} = openWorkload(1);
	return makeExperiment({
		duration: 100,
		workload: {requests, connections, timeout, tenants, loop: 'closed', users},
		deployment: {replicas: 5, balancing: 'least-requests', service: {kind: 'time', time: constant(5)}},
	});
}

function play(users: Users) {
	const options = {replication: 0, arm: 'dynamic', schedule: undefined, isRecorded: true} as const;
	const {tables, requests} = simulate(experimentOf(users), options);
	return {requests, sent: [...tables!.requests.scheduledSeconds], ended: [...tables!.requests.endedSeconds]};
}

const thinkTime = constant(1);
const curve = (...points: [number, number][]): UserCurve => ({
	interpolation: 'step',
	points: points.map(([at, count]) => ({at, count})),
});

test('users start when their number rises, and leave when it falls, after the request that is under way', t => {
	const {sent, ended} = play({count: 2, thinkTime, curve: curve([0, 1], [10, 2], [20, 0])});
	// Each thinks for 1 s and waits for 5 s: the first sends at 1, 7, 13, 19, the second, who comes at 10, at 11 and 17.
	t.deepEqual(
		sent.toSorted((a, b) => a - b),
		[1, 7, 11, 13, 17, 19],
	);
	t.is(Math.max(...ended), 24);
	t.is(ended.length, 6);
});

test('who comes again goes on with draws of its own, and who stays is not touched', t => {
	const random = {distribution: 'exponential', mean: 3} as const;
	const one = play({count: 1, thinkTime: random});
	const two = play({count: 2, thinkTime: random, curve: curve([0, 1], [40, 2], [60, 1], [80, 2])});
	t.true(one.sent.length > 5);
	t.deepEqual(
		one.sent.filter(at => !two.sent.includes(at)),
		[],
	);
	const others = two.sent.filter(at => !one.sent.includes(at));
	t.true(others.some(at => at > 40 && at < 60) && others.some(at => at > 80));
	t.true(others.every(at => (at > 40 && at < 60) || at > 80));
});

test('a curve that stays at a number is that number', t => {
	const random = {distribution: 'exponential', mean: 3} as const;
	t.deepEqual(play({count: 3, thinkTime: random, curve: curve([0, 3])}), play({count: 3, thinkTime: random}));
});

test('the hash of a schedule covers when users come and go', t => {
	const hash = (users: Users) => closedScheduleHash(experimentOf(users), 0);
	t.not(
		hash({count: 2, thinkTime, curve: curve([0, 1], [9, 2])}),
		hash({count: 2, thinkTime, curve: curve([0, 1], [8, 2])}),
	);
});
