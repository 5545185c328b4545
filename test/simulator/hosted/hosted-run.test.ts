import test from 'ava';
import type {HpaSpec} from '../../../src/autoscaler/hpa-spec.ts';
import type {Experiment} from '../../../src/experiment/experiment.ts';
import {Schedule} from '../../../src/experiment/schedule.ts';
import {type HostedRequest, HostedRun, type ServedPod} from '../../../src/simulator/hosted/hosted-run.ts';
import {type SimulatedRun, simulate} from '../../../src/simulator/simulate.ts';
import {makeExperiment, openWorkload, stagedStartup} from '../make-experiment.ts';

/* A hosted run under a cluster that does exactly what the simulator's own controllers did must be the simulated run. */

const startup = stagedStartup({
	containers: {distribution: 'uniform', min: 1, max: 4},
	modelLoad: {distribution: 'uniform', min: 2, max: 6},
});

const autoscaler: HpaSpec = {
	minReplicas: 2,
	maxReplicas: 20,
	metrics: [{type: 'Resource', name: 'cpu', target: {type: 'Utilization', averageUtilization: 70}}],
	behavior: {
		scaleUp: {
			stabilizationWindowSeconds: 0,
			selectPolicy: 'Max',
			policies: [{type: 'Percent', value: 100, periodSeconds: 15}],
		},
		scaleDown: {
			stabilizationWindowSeconds: 30,
			selectPolicy: 'Max',
			policies: [{type: 'Percent', value: 50, periodSeconds: 15}],
		},
	},
};

const wave: Experiment['workload'] = {
	...openWorkload(1),
	timeout: 20,
	arrivals: {
		process: 'poisson',
		cv: 1,
		interpolation: 'step',
		rate: [
			{at: 0, perSecond: 1},
			{at: 60, perSecond: 8},
			{at: 200, perSecond: 0.5},
		],
	},
} as Experiment['workload'];

const experiment = makeExperiment({
	duration: 400,
	workload: wave,
	autoscaler,
	deployment: {replicas: 2, startup, terminationGrace: 10, balancing: 'least-requests'},
});

/** A moment after an event, so that it has happened in the simulator that is asked about it. */
const after = 1e-6;

type Hosted = {readonly requests: HostedRequest[]; readonly served: ServedPod[]; readonly bound: Map<string, number>};

/** Shows a hosted run the pods of a simulated one, as they were. */
function host({tables}: SimulatedRun): Hosted {
	const {pod, event, seconds} = tables!.pods;
	const [requests, bound, drained]: [HostedRequest[], Map<string, number>, string[]] = [[], new Map(), []];
	const initial = pod.filter((_, row) => event[row] === 'created' && seconds[row]! < 0).map(name => ({name, node: 0}));
	const run = new HostedRun(experiment, {
		...{replication: 0, usersOf: 0, initial, schedule: new Schedule(experiment, 0)},
		listener: {
			request: request => requests.push(request),
			modelLoaded: () => undefined,
			bound: (name, {ready}) => bound.set(name, ready),
			drained: name => drained.push(name),
		},
	});
	const endpoints = new Set(initial.map(({name}) => name));
	const sights = new Map<string, Set<string>>();
	for (const [row, name] of pod.entries()) {
		if (seconds[row]! < 0) {
			continue;
		}

		run.advance(seconds[row]! + after);
		const seen = sights.get(name) ?? new Set(endpoints.has(name) ? ['scheduled', 'started', 'ready'] : []);
		sights.set(name, seen.add(event[row]!));
		if (event[row] === 'endpointAdded' || event[row] === 'endpointRemoved') {
			event[row] === 'endpointAdded' ? endpoints.add(name) : endpoints.delete(name);
			run.setEndpoints([...endpoints]);
		} else if (event[row] !== 'gone') {
			run.see(name, {
				node: seen.has('scheduled') ? 0 : undefined,
				hasStarted: seen.has('started'),
				isReady: seen.has('ready'),
				isTerminating: seen.has('terminating'),
			});
		}

		for (const gone of drained.splice(0)) {
			run.gone(gone);
		}
	}

	run.advance(experiment.duration);
	run.finish();
	return {requests: requests.sort((a, b) => a.serial - b.serial), served: run.metrics(), bound};
}

const simulated = simulate(experiment, {
	...{replication: 0, arm: 'dynamic', isRecorded: true},
	schedule: new Schedule(experiment, 0),
} as const);
const hosted = host(simulated);

test('every request ends as in the simulated run, in the same pod and at the same time', t => {
	const {outcome, pod, startedSeconds, endedSeconds} = simulated.tables!.requests;
	t.true(outcome.length > 500);
	t.is(hosted.requests.length, outcome.length);
	t.true(simulated.timeline.length > 4, 'the autoscaler did nothing');
	t.deepEqual(
		hosted.requests.map(request => request.outcome),
		outcome,
	);
	t.deepEqual(
		hosted.requests.map(request => request.pod),
		pod,
	);
	for (const [row, {started, ended}] of hosted.requests.entries()) {
		t.true(
			Number.isNaN(started) ? Number.isNaN(startedSeconds[row]!) : Math.abs(started - startedSeconds[row]!) < 1e-3,
		);
		t.true(Number.isNaN(ended) ? Number.isNaN(endedSeconds[row]!) : Math.abs(ended - endedSeconds[row]!) < 1e-3);
	}
});

test('a new pod is to be Ready when the simulated one was', t => {
	const {pod, event, seconds} = simulated.tables!.pods;
	t.true(hosted.bound.size > 3);
	for (const [name, ready] of hosted.bound) {
		const row = pod.findIndex((other, index) => other === name && event[index] === 'ready');
		t.true(row === -1 || Math.abs(ready - seconds[row]!) < 1e-3, name);
	}
});

test('the metrics that are served at the end are the simulated ones', t => {
	const {pod, cpuCores, sampledSeconds} = simulated.tables!.samples;
	t.true(hosted.served.length > 0);
	for (const {pod: name, timestamp, containers} of hosted.served) {
		const row = pod.lastIndexOf(name);
		t.true(Math.abs(containers[0]!.nanocores / 1e9 - cpuCores[row]!) < 1e-3, name);
		t.is(timestamp, Math.floor(sampledSeconds[row]!));
	}
});

test('a pod that is deleted from under its requests fails them', t => {
	const requests: HostedRequest[] = [];
	const run = new HostedRun(experiment, {
		...{replication: 0, usersOf: 0, schedule: new Schedule(experiment, 0)},
		initial: [{name: 'a', node: 0}],
		listener: {
			request: request => requests.push(request),
			...{modelLoaded: () => undefined, bound: () => undefined, drained: () => undefined},
		},
	});
	run.advance(100);
	const before = requests.length;
	run.gone('a');
	t.true(requests.length > before);
	t.true(requests.slice(before).every(({outcome, pod}) => outcome === 'failed' && pod === 'a'));
	t.deepEqual(run.metrics(), []);
	run.gone('a'); // a second message changes nothing
	run.advance(110);
	t.true(
		requests.slice(before).every(({outcome}) => outcome === 'failed'),
		'a pod that is gone served',
	);
});
