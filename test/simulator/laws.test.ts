import test from 'ava';
import fc from 'fast-check';
import type {Experiment} from '../../src/experiment/experiment.ts';
import {Schedule} from '../../src/experiment/schedule.ts';
import type {Arm} from '../../src/records/record.ts';
import {type SimulatedRun, simulate} from '../../src/simulator/simulate.ts';
import {randomExperiment} from './random-experiment.ts';

const runs = 200;

function play(experiment: Experiment, arm: Arm = 'dynamic'): SimulatedRun {
	const schedule = experiment.workload.loop === 'open' ? new Schedule(experiment, 0) : undefined;
	return simulate(experiment, {replication: 0, arm, schedule, isRecorded: true});
}

const law = test.macro({
	exec(t, check: (experiment: Experiment, run: SimulatedRun) => void) {
		fc.assert(
			fc.property(randomExperiment, experiment => {
				check(experiment, play(experiment));
			}),
			{numRuns: runs, seed: 42},
		);
		t.pass();
	},
	title: title => title!,
});

test(
	'INV-1 arrived = completed + failed + timedOut + inFlight',
	law,
	(experiment: Experiment, {requests, tables}: SimulatedRun) => {
		const {arrived, completed, failed, timedOut, inFlight} = requests.requests;
		equal(arrived, completed + failed + timedOut + inFlight, 'requests');
		equal(tables!.requests.outcome.length, arrived, 'rows');
		if (experiment.workload.loop === 'open') {
			let scheduled = 0;
			for (const {count} of new Schedule(experiment, 0).blocks()) {
				scheduled += count;
			}

			equal(arrived, scheduled, 'scheduled requests');
		}
	},
);

test('INV-2 the clock never goes back', law, (_: Experiment, {tables}: SimulatedRun) => {
	for (const {seconds} of [tables!.pods, tables!.decisions, tables!.samples]) {
		ascending(seconds);
	}

	const {scheduledSeconds, startedSeconds, firstTokenSeconds, endedSeconds} = tables!.requests;
	ascending(scheduledSeconds);
	for (const [row, scheduled] of scheduledSeconds.entries()) {
		const times = [scheduled, startedSeconds[row]!, firstTokenSeconds[row]!, endedSeconds[row]!];
		ascending(times.filter(time => !Number.isNaN(time)));
	}
});

test('INV-3 replicas stay within bounds', law, ({autoscaler, deployment}: Experiment, {timeline}: SimulatedRun) => {
	for (const [, replicas] of timeline) {
		const {minReplicas, maxReplicas} =
			autoscaler === 'none' ? {minReplicas: deployment.replicas!, maxReplicas: deployment.replicas!} : autoscaler;
		isTrue(replicas >= minReplicas && replicas <= maxReplicas, `${replicas} replicas`);
	}
});

test('INV-5 a pod is billed exactly while it exists', law, (experiment: Experiment, {pods, tables}: SimulatedRun) => {
	const {warmup, duration} = experiment;
	const {pod, event, seconds} = tables!.pods;
	const expected = new Map<string, [number, number]>();
	for (const [row, name] of pod.entries()) {
		if (event[row] === 'scheduled') {
			expected.set(name, [Math.max(seconds[row]!, warmup), duration]);
		} else if (event[row] === 'gone' && expected.has(name)) {
			expected.get(name)![1] = seconds[row]!;
		}
	}

	for (const [name, [, to]] of expected) {
		if (to < warmup) {
			expected.delete(name);
		}
	}

	equal(pods.length, expected.size, 'billed pods');
	for (const {pod: name, fromSeconds, toSeconds} of pods) {
		equal(fromSeconds, expected.get(name)![0], `${name} from`);
		equal(toSeconds, expected.get(name)![1], `${name} to`);
	}
});

test(
	'INV-6 a pod uses no more CPU than its limits and its node allow',
	law,
	(experiment: Experiment, {pods}: SimulatedRun) => {
		const {service, containers} = experiment.deployment;
		const limit = containers.reduce((sum, {limits}) => sum + limits.cpu!, 0);
		for (const {fromSeconds, toSeconds, cpuSeconds} of pods) {
			isTrue(cpuSeconds >= 0, `${cpuSeconds} CPU seconds`);
			isTrue(
				service.kind === 'time' || cpuSeconds <= limit * (toSeconds - fromSeconds) + 1e-6,
				`${cpuSeconds} CPU seconds`,
			);
		}
	},
);

test('requests that end are served by pods that were there', law, (_: Experiment, {tables}: SimulatedRun) => {
	const names = new Set(tables!.pods.pod);
	for (const [row, pod] of tables!.requests.pod.entries()) {
		isTrue(tables!.requests.outcome[row] !== 'completed' || names.has(pod), `pod ${pod}`);
	}
});

test("Little's law: requests in the pods over time are the sum of their times there", t => {
	const memory = {server: 0, weights: 0, perContextToken: 0, backend: 0, backendPerRequest: 1};
	fc.assert(
		fc.property(randomExperiment, experiment => {
			const {service} = experiment.deployment;
			if (service.kind !== 'work') {
				return;
			}

			// One byte a request: the pods' memory, accounted event by event, is the number of requests that they hold.
			const counting = {
				...experiment,
				warmup: 0,
				deployment: {...experiment.deployment, service: {...service, memory}},
			};
			const {pods, tables} = play(counting);
			const area = pods.reduce((sum, {memoryByteSeconds}) => sum + memoryByteSeconds, 0);
			const {scheduledSeconds, endedSeconds} = tables!.requests;
			let timeInSystem = 0;
			for (const [row, arrived] of scheduledSeconds.entries()) {
				timeInSystem += (Number.isNaN(endedSeconds[row]!) ? experiment.duration : endedSeconds[row]!) - arrived;
			}

			isTrue(Math.abs(area - timeInSystem) <= 1e-6 * (1 + timeInSystem), `${area} against ${timeInSystem}`);
		}),
		{numRuns: runs, seed: 42},
	);
	t.pass();
});

test('the fixed arm keeps its replicas', law, (experiment: Experiment) => {
	const {timeline} = play({...experiment, faults: []}, 'fixed');
	equal(JSON.stringify(timeline), JSON.stringify([[0, 2]]), 'timeline');
});

test('INV-4 same seed, same bytes', law, (experiment: Experiment, run: SimulatedRun) => {
	equal(JSON.stringify(play(experiment)), JSON.stringify(run), 'run');
});

function ascending(times: ArrayLike<number>): void {
	for (let index = 1; index < times.length; index++) {
		isTrue(times[index]! >= times[index - 1]!, `${times[index]} after ${times[index - 1]}`);
	}
}

function equal<T>(actual: T, expected: T, what: string): void {
	isTrue(actual === expected, `${what}: ${actual} instead of ${expected}`);
}

function isTrue(condition: boolean, message: string): void {
	if (!condition) {
		throw new Error(message);
	}
}
