import test from 'ava';
import type {Deployment} from '../../src/experiment/experiment.ts';
import {Schedule} from '../../src/experiment/schedule.ts';
import {simulate} from '../../src/simulator/simulate.ts';
import {makeExperiment, openWorkload} from './make-experiment.ts';

const constant = (value: number) => ({distribution: 'constant', value}) as const;
const probes = {mostWaiting: 2, failureThreshold: 3, successThreshold: 2};

/** One pod whose requests take 10 s each; they come at 10, 11, … and there are as many as wanted. */
function play(overload: Deployment['readiness']['overload'], count: number) {
	const experiment = makeExperiment({
		duration: 200,
		workload: {
			...openWorkload(0),
			loop: 'open',
			arrivals: {
				process: 'trace',
				at: Array.from({length: count}, (_, index) => 10 + index),
				promptTokens: Array.from({length: count}, () => 1),
				outputTokens: Array.from({length: count}, () => 1),
			},
		},
		deployment: {
			replicas: 1,
			readiness: {periodSeconds: 4, ...(overload !== undefined && {overload})},
			service: {kind: 'time', time: constant(10)},
		},
	});
	const {tables, requests} = simulate(experiment, {
		replication: 0,
		arm: 'dynamic',
		schedule: new Schedule(experiment, 0),
		isRecorded: true,
	});
	const {event, seconds} = tables!.pods;
	return {events: event.flatMap((name, row) => (seconds[row]! > 0 ? `${name} ${seconds[row]}` : [])), requests};
}

test('three probes that fail in a row take a pod out of service, two that succeed bring it back', t => {
	// Probes at 2, 6, 10, … (the clock starts at -90). Requests wait from 11 on: 3 of them at 13, 4 at 14, 3 again at 20.
	const {events, requests} = play(probes, 5);
	t.deepEqual(events, ['endpointRemoved 22', 'notReady 22', 'ready 34', 'endpointAdded 34']);
	t.is(requests.requests.completed, 5, 'what it holds it still serves');
});

test('fewer than the threshold do not', t => {
	t.deepEqual(play({...probes, failureThreshold: 5}, 5).events, []);
	t.deepEqual(play(probes, 3).events, [], 'nor do requests that may wait');
});

test('without overload no probe fails', t => {
	t.deepEqual(play(undefined, 9).events, []);
});

test('what comes while the only pod is out of service fails', t => {
	const {events, requests} = play(probes, 30);
	t.is(events[0], 'endpointRemoved 22');
	t.true(requests.requests.failed >= 10);
	t.is(requests.requests.arrived, 30);
});
