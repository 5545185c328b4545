import test from 'ava';
import type {PodEvent} from '../../src/records/record.ts';
import {StageClock, type StageSeconds} from '../../src/records/stage-clock.ts';

const none: StageSeconds = {pending: 0, starting: 0, loading: 0, idle: 0, busy: 0, terminating: 0};

const follows = test.macro({
	exec(t, events: readonly (readonly [PodEvent, number, busySeconds?: number])[], expected: Partial<StageSeconds>) {
		const clock = new StageClock();
		for (const [event, at, busySeconds = 0] of events) {
			clock.event(event, at, busySeconds);
		}

		const [, , busySeconds = 0] = events.at(-1)!;
		t.deepEqual(clock.read(100, busySeconds), {...none, ...expected});
	},
	title: (title = '') => title,
});

test(
	'a whole life',
	follows,
	[
		['created', 0],
		['scheduled', 5],
		['started', 8],
		['modelLoaded', 20],
		['ready', 22],
		['endpointAdded', 23],
		['endpointRemoved', 83, 40],
		['terminating', 83, 40],
		['gone', 90, 47],
	],
	{pending: 5, starting: 3 + 3, loading: 12, idle: 20, busy: 40, terminating: 7},
);
test(
	'a container that starts again takes the pod out of service',
	follows,
	[
		['created', 0],
		['scheduled', 0],
		['started', 0],
		['modelLoaded', 0],
		['endpointAdded', 0],
		['endpointRemoved', 50, 10],
		['notReady', 50, 10],
		['containerRestarted', 50, 10],
		['modelLoaded', 55, 10],
		['ready', 58, 10],
		['endpointAdded', 60, 10],
	],
	{starting: 10, idle: 40 + 40, busy: 10},
);
test(
	'a measured pod whose model was seen late counts from its readiness',
	follows,
	[
		['created', 0],
		['scheduled', 1],
		['started', 4],
		['ready', 10],
		['endpointAdded', 11],
		['modelLoaded', 12],
	],
	{pending: 1, starting: 4, loading: 6, idle: 89},
);
test(
	'a pod that never found a node only waits',
	follows,
	[
		['created', 10],
		['terminating', 60],
		['gone', 60],
	],
	{pending: 50},
);

test('what passed before the window does not count', t => {
	const clock = new StageClock();
	clock.event('created', -10, 0);
	clock.event('scheduled', -10, 0);
	clock.event('started', -10, 0);
	clock.event('modelLoaded', -5, 0);
	clock.event('endpointAdded', -5, 0);
	clock.begin(30, 12);
	t.deepEqual(clock.read(50, 20), {...none, idle: 12, busy: 8});
});
