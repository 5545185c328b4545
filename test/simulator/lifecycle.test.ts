import test from 'ava';
import type {HpaSpec} from '../../src/autoscaler/hpa-spec.ts';
import type {Experiment, FaultPlan, ServiceModel} from '../../src/experiment/experiment.ts';
import {Schedule} from '../../src/experiment/schedule.ts';
import {type SimulatedRun, simulate} from '../../src/simulator/simulate.ts';
import {
	constant,
	type ExperimentParts,
	makeExperiment,
	openWorkload,
	pipeline,
	stagedStartup,
} from './make-experiment.ts';

const stages = stagedStartup();

function play(parts: ExperimentParts): SimulatedRun {
	const experiment = makeExperiment(parts);
	const schedule = new Schedule(experiment, 0);
	return simulate(experiment, {replication: 0, arm: 'dynamic', schedule, isRecorded: true});
}

/** Events of a pod as `event at second`. */
function eventsOf({tables}: SimulatedRun, name: string): string[] {
	const {pod, event, seconds} = tables!.pods;
	return pod.flatMap((other, row) => (other === name ? `${event[row]} ${Number(seconds[row]!.toFixed(3))}` : []));
}

function timeOf(run: SimulatedRun, name: string, event: string): number {
	const row = run.tables!.pods.pod.findIndex((pod, index) => pod === name && run.tables!.pods.event[index] === event);
	return run.tables!.pods.seconds[row]!;
}

const kill: FaultPlan = {kind: 'pod-kill', at: 100, count: 1};
const quiet = openWorkload(0);

test('at time 0 the pods are long since Ready, their model loaded, and sampled', t => {
	const run = play({workload: quiet, deployment: {replicas: 2, startup: stages}, duration: 10});
	t.deepEqual(eventsOf(run, 'llm-1-1'), [
		'created -690',
		'scheduled -690',
		'started -690',
		'modelLoaded -690',
		'ready -690',
		'endpointAdded -690',
	]);
	t.is(new Set(run.tables!.samples.pod).size, 2);
});

test('a model loads by the cores of its pod, where those of the measured loads are known', t => {
	const loadedAfter = (modelLoadCores?: number, modelLoadCpu = 2) => {
		const startup = {...stages, modelLoadCpu, ...(modelLoadCores !== undefined && {modelLoadCores})};
		const run = play({workload: quiet, deployment: {replicas: 1, startup}, faults: [kill]});
		return timeOf(run, 'llm-1-1', 'modelLoaded') - timeOf(run, 'llm-1-1', 'started');
	};
	t.is(loadedAfter(), 4);
	t.is(loadedAfter(1), 4); // as many as its limit
	t.is(loadedAfter(0.5), 2);
	t.is(loadedAfter(4), 8); // measured at 4 cores, of which a load uses 2
	t.is(loadedAfter(0.5, 0.5), 4); // a load uses half a core, which both have
	t.is(loadedAfter(0.25, 0.5), 2);
});

test('a killed pod is replaced, stage by stage', t => {
	const run = play({workload: quiet, deployment: {replicas: 1, startup: stages}, faults: [kill]});
	t.deepEqual(eventsOf(run, 'llm-1-0').slice(-3), ['endpointRemoved 100', 'terminating 100', 'gone 100']);
	const ready = timeOf(run, 'llm-1-1', 'ready');
	t.deepEqual(eventsOf(run, 'llm-1-1'), [
		'created 100.5',
		'scheduled 100.75',
		'started 103.75',
		'modelLoaded 107.75',
		`ready ${Number(ready.toFixed(3))}`,
		`endpointAdded ${Number((ready + 0.125).toFixed(3))}`,
	]);
	t.true(ready >= 107.75 && ready < 109.75, 'within one readiness period');
	t.is(run.pods.length, 2);
});

test('what a killed pod held fails, and without endpoints so does what comes', t => {
	const workload = openWorkload(2);
	const run = play({
		workload,
		deployment: {replicas: 1, startup: stages, service: {kind: 'time', time: constant(0.4)}},
		faults: [kill],
		duration: 300,
	});
	const {scheduledSeconds, outcome} = run.tables!.requests;
	const back = timeOf(run, 'llm-1-1', 'endpointAdded');
	for (const [row, at] of scheduledSeconds.entries()) {
		if (at > 100 && at < back) {
			t.is(outcome[row], 'failed');
		}
	}

	t.true(run.requests.requests.failed >= 10);
	const later = outcome.filter((_, row) => scheduledSeconds[row]! > back && scheduledSeconds[row]! < 290);
	t.true(later.length > 100 && later.every(name => name === 'completed'));
});

test('a restarted container is ready again later each time, and its counters begin anew', t => {
	const restart = (at: number): FaultPlan => ({kind: 'container-restart', at, count: 1});
	const faults = [restart(100), restart(200), restart(300)];
	const run = play({workload: quiet, deployment: {replicas: 1, startup: stages}, faults, duration: 500});
	const {event, seconds} = run.tables!.pods;
	const readyAgain = event.flatMap((name, row) => (name === 'ready' && seconds[row]! > 0 ? seconds[row]! : []));
	// Image and containers 3 s, model 4 s, a probe within 2 s; then 10 s and 20 s of back-off more.
	for (const [index, expected] of [107, 217, 327].entries()) {
		t.true(readyAgain[index]! >= expected && readyAgain[index]! < expected + 2, `${readyAgain[index]}`);
	}

	const lost = run.tables!.samples.seconds.filter((_, row) => Number.isNaN(run.tables!.samples.cpuCores[row]!));
	t.true(lost.length >= 3 && lost[0]! >= 100 && lost[0]! < 116, 'metrics-server drops the pod at its next scrape');
});

test('a pod that does not fit stays pending until another has gone, and is not billed before', t => {
	const run = play({
		workload: quiet,
		deployment: {
			replicas: 3,
			startup: stages,
			nodes: {count: 1, cpu: 2, memory: 2 ** 40},
		},
		faults: [kill],
	});
	t.deepEqual(eventsOf(run, 'llm-1-2').slice(0, 2), ['created -90', 'scheduled 100.25']);
	t.is(run.pods.find(({pod}) => pod === 'llm-1-2')!.fromSeconds, 100.25);
	t.is(eventsOf(run, 'llm-1-3').length, 1, 'its replacement now waits in turn');
});

const scaleDown: HpaSpec = {
	minReplicas: 1,
	maxReplicas: 4,
	metrics: [{type: 'Resource', name: 'cpu', target: {type: 'Utilization', averageUtilization: 50}}],
	behavior: {
		scaleUp: {
			selectPolicy: 'Max',
			policies: [{type: 'Pods', value: 4, periodSeconds: 15}],
			stabilizationWindowSeconds: 0,
		},
		scaleDown: {
			selectPolicy: 'Max',
			policies: [{type: 'Percent', value: 100, periodSeconds: 15}],
			stabilizationWindowSeconds: 0,
		},
	},
};

test('a pod that is scaled away finishes what it holds within its grace, takes nothing new, and is billed until it is gone', t => {
	const workload = {
		...openWorkload(1),
		loop: 'open' as const,
		arrivals: {
			process: 'poisson' as const,
			cv: 1,
			interpolation: 'step' as const,
			rate: [
				{at: 0, perSecond: 1.5},
				{at: 300, perSecond: 0.05},
			],
		},
	};
	const run = play({
		workload,
		autoscaler: scaleDown,
		duration: 900,
		deployment: {startup: stages, terminationGrace: 5, service: {kind: 'time', time: constant(2)}},
	});
	const {pod, event, seconds} = run.tables!.pods;
	const terminated = pod.filter((_, row) => event[row] === 'terminating');
	t.true(terminated.length >= 2, `${terminated.length} pods were scaled away`);
	for (const name of terminated) {
		const [from, to] = [timeOf(run, name, 'terminating'), timeOf(run, name, 'gone')];
		t.true(to - from <= 5);
		t.is(run.pods.find(usage => usage.pod === name)!.toSeconds, to);
		const {requests} = run.tables!;
		for (const [row, at] of requests.scheduledSeconds.entries()) {
			t.false(requests.pod[row] === name && at > from, 'nothing new');
		}
	}

	t.true(seconds.length > 0);
});

test('a rollout replaces every pod and never goes below what may be unavailable', t => {
	const run = play({
		workload: quiet,
		deployment: {replicas: 4, startup: stages, rollout: {maxSurge: {fraction: 0.25}, maxUnavailable: {fraction: 0.25}}},
		faults: [{kind: 'rollout', at: 50}],
		duration: 300,
	});
	const {pod, event, seconds} = run.tables!.pods;
	const [ready, exists] = [new Set<string>(), new Set<string>()];
	for (const [row, name] of pod.entries()) {
		if (event[row] === 'created') {
			exists.add(name);
		} else if (event[row] === 'ready') {
			ready.add(name);
		} else if (event[row] === 'terminating') {
			ready.delete(name);
			exists.delete(name);
		}

		t.true(seconds[row]! < 50 || ready.size >= 3, `${ready.size} ready at ${seconds[row]}`);
		t.true(exists.size <= 5);
	}

	t.deepEqual([...ready].sort(), ['llm-2-4', 'llm-2-5', 'llm-2-6', 'llm-2-7']);
});

test('while the metrics are out the HPA sees nothing and does nothing', t => {
	const run = play({
		workload: openWorkload(3),
		autoscaler: scaleDown,
		duration: 400,
		deployment: {startup: stages, service: {kind: 'time', time: constant(0.5)}},
		faults: [{kind: 'metrics-outage', at: 0, duration: 200}],
	});
	const {seconds, reasons, currentReplicas, desiredReplicas} = run.tables!.decisions;
	for (const [row, at] of seconds.entries()) {
		if (at >= 0 && at < 200) {
			t.true(reasons[row]!.includes('no metrics returned from resource metrics API'));
			t.is(desiredReplicas[row], currentReplicas[row]);
		}
	}

	const next = seconds.findIndex(at => at >= 200);
	t.false(reasons[next]!.includes('no metrics'), 'metrics-server went on, and is seen at once');
	t.true(run.timeline.at(-1)![1] > 1, 'afterwards it scales up');
	const {samples} = run.tables!;
	t.true(samples.seconds.every((at, row) => !(at > 0 && at < 200) || Number.isNaN(samples.cpuCores[row]!)));
	t.true(samples.seconds.some((at, row) => at === 200 && samples.sampledSeconds[row]! > 150));
});

const halfSecond: ServiceModel = {
	kind: 'work',
	name: 'test',
	status: 'uncalibrated',
	perRequest: 0.5,
	perPromptToken: 0,
	perOutputToken: 0,
	residualCv: 0,
	backendPerRequest: 0,
	idleCpu: {llm: 0, backend: 0},
	memory: {server: 0, weights: 0, perContextToken: 0, backend: 0, backendPerRequest: 0},
};

test('node pressure slows the pods while it lasts', t => {
	const run = play({
		workload: openWorkload(0.3),
		duration: 300,
		deployment: {
			service: halfSecond,
		},
		faults: [{kind: 'node-pressure', at: 100, count: 1, duration: 100, cpuFraction: 0.75}],
	});
	const {startedSeconds, endedSeconds} = run.tables!.requests;
	const times = (from: number, to: number) =>
		[...startedSeconds].flatMap((at, row) => (at > from && endedSeconds[row]! < to ? endedSeconds[row]! - at : []));
	t.true(times(0, 100).every(time => Math.abs(time - 0.5) < 1e-6));
	t.true(times(100, 200).every(time => Math.abs(time - 2) < 1e-6));
	t.true(times(200, 300).every(time => Math.abs(time - 0.5) < 1e-6));
	t.true(times(100, 200).length > 5);
});

test('metrics lag as the pipeline says: the mean age of a sample at a reconcile is some 15 s, its window some 17 s', t => {
	const ages: number[] = [];
	const windows: number[] = [];
	const run = play({
		workload: openWorkload(1.6),
		autoscaler: {...scaleDown, minReplicas: 2, maxReplicas: 2},
		metrics: pipeline,
		duration: 20_000,
	});
	const {samples, decisions} = run.tables!;
	let newest = -1;
	for (const at of decisions.seconds) {
		while (newest + 1 < samples.seconds.length && samples.seconds[newest + 1]! <= at) {
			newest++;
			windows.push(samples.windowSeconds[newest]!);
		}

		const row = samples.pod.lastIndexOf('llm-1-0', newest);
		ages.push(at - samples.sampledSeconds[row]!);
	}

	const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
	// cAdvisor every 10 to 20 s, metrics-server and HPA every 15 s, unsynchronised: 15.3 s and 16.7 s by Monte Carlo.
	t.true(Math.abs(mean(ages) - 15.3) < 0.7, `${mean(ages)}`);
	t.true(Math.abs(mean(windows) - 16.7) < 0.5, `${mean(windows)}`);
});

test('with ideal metrics the HPA sees the use of the very last period', t => {
	const run = play({workload: openWorkload(0.5), autoscaler: scaleDown, metrics: 'ideal', duration: 100});
	t.deepEqual([...run.tables!.decisions.seconds], [15, 30, 45, 60, 75, 90]);
	t.true(run.tables!.samples.windowSeconds.every(window => window <= 105));
	t.true([...run.tables!.samples.sampledSeconds].every(at => at % 15 === 0));
});

const backend = {name: 'backend', requests: {cpu: 0.1}, limits: {cpu: 0.1}};
const ollama = {name: 'ollama', requests: {cpu: 1}, limits: {cpu: 1}};
const {llm} = makeExperiment().deployment;

/** Requests of one token each at the given times, with a deadline of 100 s. */
function sending(at: readonly number[]): Experiment['workload'] {
	const ones = at.map(() => 1);
	const arrivals = {process: 'trace' as const, at, promptTokens: ones, outputTokens: ones};
	return {...openWorkload(1), loop: 'open', arrivals, timeout: 100};
}

test('a backend that restarts while the model loads leaves the load alone', t => {
	const run = play({
		workload: sending([100, 120, 130]),
		duration: 300,
		deployment: {
			containers: [backend, ollama],
			llm: {...llm, keepAlive: 20},
			service: {kind: 'time', time: constant(1)},
			startup: {...stages, stages: {...stages.stages, modelLoad: constant(40)}},
		},
		faults: [{kind: 'container-restart', container: 'backend', at: 110, count: 1}],
	});
	// The request that waited fails with its backend; the load that it began ends at 140 s.
	t.deepEqual(run.tables!.requests.outcome, ['failed', 'completed', 'completed']);
	t.deepEqual([...run.tables!.requests.startedSeconds].slice(1), [140, 141]);
});

test('a model that is idle since a restart of the backend is unloaded after keepAlive', t => {
	const run = play({
		workload: sending([100, 200]),
		duration: 300,
		deployment: {
			containers: [backend, ollama],
			llm: {...llm, keepAlive: 60},
			service: {kind: 'time', time: constant(1000)},
			startup: stages,
		},
		faults: [{kind: 'container-restart', container: 'backend', at: 110, count: 1}],
	});
	t.deepEqual([...run.tables!.requests.startedSeconds], [104, 204]);
});

test('keepAlive counts from time 0', t => {
	const run = play({
		workload: sending([29, 100]),
		duration: 200,
		deployment: {llm: {...llm, keepAlive: 30}, service: {kind: 'time', time: constant(1)}, startup: stages},
	});
	t.deepEqual([...run.tables!.requests.startedSeconds], [29, 104]);
});

test('a short fault within a long one of its kind does not end it', t => {
	const pressure = {kind: 'node-pressure', count: 1} as const;
	const run = play({
		workload: sending([40, 65, 80, 280]),
		duration: 300,
		deployment: {service: halfSecond},
		faults: [
			{...pressure, at: 50, duration: 200, cpuFraction: 0.5},
			{...pressure, at: 60, duration: 10, cpuFraction: 0.25},
		],
	});
	const {startedSeconds, endedSeconds} = run.tables!.requests;
	t.deepEqual(
		[...startedSeconds].map((at, row) => Number((endedSeconds[row]! - at).toFixed(6))),
		[0.5, 2, 1, 0.5],
	);

	for (const metrics of [pipeline, 'ideal'] as const) {
		const {seconds, reasons} = play({
			workload: quiet,
			duration: 400,
			autoscaler: scaleDown,
			metrics,
			faults: [
				{kind: 'metrics-outage', at: 50, duration: 300},
				{kind: 'metrics-outage', at: 60, duration: 10},
			],
		}).tables!.decisions;
		t.true(reasons.every((reason, row) => seconds[row]! < 50 || seconds[row]! >= 350 || reason.includes('no metrics')));
	}
});

test('at time 0 two samples have been taken, however slow the pipeline', t => {
	for (let seed = 0; seed < 20; seed++) {
		const metrics = {...pipeline, scrape: {period: 60, jitter: 1}};
		const {samples} = play({seed, workload: quiet, metrics, duration: 1}).tables!;
		t.true(samples.seconds.some((at, row) => at < 0 && !Number.isNaN(samples.cpuCores[row]!)));
	}
});

test('the jitter of scrapes is a fraction of their period', t => {
	const metrics = {...pipeline, scrape: {period: 100, jitter: 0.5}};
	const {seconds} = play({workload: openWorkload(0.5), metrics, duration: 20_000}).tables!.samples;
	const gaps = [...new Set(seconds)].map((at, index, all) => at - (all[index - 1] ?? Number.NaN)).slice(1);
	t.true(gaps.every(gap => gap >= 100 && gap <= 150));
	t.true(Math.abs(gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length - 125) < 5);
});

test('users who find no pod come again after a pause, even if they never think', t => {
	const {requests, tenants, connections, timeout} = openWorkload(1);
	const users = {count: 2, thinkTime: constant(0)};
	const experiment = makeExperiment({
		workload: {loop: 'closed', users, requests, tenants, connections, timeout},
		duration: 200,
		deployment: {startup: stages, service: {kind: 'time', time: constant(1)}},
		faults: [kill],
	});
	const run = simulate(experiment, {replication: 0, arm: 'dynamic', schedule: undefined, isRecorded: true});
	const back = timeOf(run, 'llm-1-1', 'endpointAdded');
	const {failed, completed} = run.requests.requests;
	// What runs and what waits fails with the pod, then each user tries once a second.
	t.is(failed, 2 + 2 * Math.ceil(back - 100));
	t.true(completed > 180);
});

test('the back-off of a container is its own, and forgotten after ten minutes', t => {
	const restart = (at: number, container: string): FaultPlan => ({kind: 'container-restart', container, at, count: 1});
	const run = play({
		workload: quiet,
		deployment: {containers: [backend, ollama], startup: stages},
		faults: [restart(100, 'backend'), restart(200, 'ollama'), restart(300, 'ollama'), restart(1000, 'ollama')],
		duration: 1200,
	});
	const {event, seconds} = run.tables!.pods;
	const readyAgain = event.flatMap((name, row) => (name === 'ready' && seconds[row]! > 0 ? seconds[row]! : []));
	// The backend is back after 3 s, the LLM's container after 7 s, the second time after 17 s; a probe within 2 s.
	for (const [index, expected] of [103, 207, 317, 1007].entries()) {
		t.true(readyAgain[index]! >= expected && readyAgain[index]! < expected + 2, `${readyAgain[index]}`);
	}
});
