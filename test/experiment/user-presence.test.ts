import test from 'ava';
import {nextSending, presenceOf, usersAtMost} from '../../src/experiment/user-presence.ts';

const stay = Number.POSITIVE_INFINITY;
const there = (interpolation: 'step' | 'linear', points: readonly (readonly [number, number])[], users: number) =>
	Array.from({length: users}, (_, user) =>
		presenceOf({interpolation, points: points.map(([at, count]) => ({at, count}))}, user).map(({from, until}) => [
			from,
			until,
		]),
	);

test('by steps users come and go at the points, and who came last leaves first', t => {
	t.deepEqual(
		there(
			'step',
			[
				[0, 1],
				[60, 3],
				[90, 2],
				[120, 3],
				[200, 0],
			],
			3,
		),
		[
			[[0, 200]],
			[[60, 200]],
			[
				[60, 90],
				[120, 200],
			],
		],
	);
});

test('on a line one user comes or goes whenever it passes a whole number', t => {
	t.deepEqual(
		there(
			'linear',
			[
				[0, 0],
				[30, 3],
				[60, 3],
				[75, 0],
			],
			3,
		),
		[[[10, 75]], [[20, 70]], [[30, 65]]],
	);
	t.deepEqual(
		there(
			'linear',
			[
				[5, 2],
				[15, 1],
			],
			2,
		),
		[[[5, stay]], [[5, 15]]],
	);
});

test('a user who leaves before the next request sends none until it comes again', t => {
	const presence = [
		{from: 10, until: 20},
		{from: 50, until: stay},
	];
	t.is(nextSending(presence, 0, 3), 13);
	t.is(nextSending(presence, 13, 3), 16);
	t.is(nextSending(presence, 18, 3), 53);
	t.is(nextSending(presence, 30, 3), 53, 'an answer that came after the user had to leave');
	t.is(nextSending(presence, 60, 3), 63);
	t.is(nextSending([{from: 10, until: 20}], 18, 3), stay);
	t.is(nextSending([{from: 10, until: 20}], 0, 10), stay, 'the end is no time to send');
});

test('so many users at the most keep the shape of a curve', t => {
	const thinkTime = {distribution: 'constant', value: 1} as const;
	const points = [
		{at: 0, count: 2},
		{at: 5, count: 12},
	];
	const users = {count: 12, thinkTime, curve: {interpolation: 'step', points} as const};
	t.like(usersAtMost(users, 6), {count: 6, curve: {points: [{at: 0, count: 1}, {count: 6}]}});
	t.deepEqual(usersAtMost({count: 12, thinkTime}, 6), {count: 6, thinkTime});
});
