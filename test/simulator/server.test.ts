import test from 'ava';
import type {Experiment} from '../../src/experiment/experiment.ts';
import {Schedule} from '../../src/experiment/schedule.ts';
import type {ServerModel} from '../../src/experiment/serving/server-model.ts';
import {CpuSlices} from '../../src/simulator/cpu-slices.ts';
import {simulate} from '../../src/simulator/simulate.ts';
import {type ExperimentParts, makeExperiment, openWorkload} from './make-experiment.ts';

const server: ServerModel = {
	kind: 'server',
	name: 'test',
	status: 'uncalibrated',
	concurrency: 1,
	threads: 1,
	perRequest: 0,
	idleCpu: 0,
	memory: {idle: 1e6, perRequest: 1e3},
};

/** Requests of given work that come at given times. */
const brought = (kind: 'serviceSeconds' | 'cpuSeconds', rows: readonly (readonly [at: number, work: number])[]) => {
	const work = {kind, seconds: rows.map(([, seconds]) => seconds)};
	const arrivals = {process: 'trace', at: rows.map(([at]) => at), work, promptTokens: [], outputTokens: []} as const;
	return {...openWorkload(1), loop: 'open', arrivals} as Experiment['workload'];
};

const run = (
	workload: Experiment['workload'],
	model: Partial<ServerModel>,
	cpu: number,
	parts: ExperimentParts = {},
) => {
	const service = {...server, ...model};
	const experiment = makeExperiment({
		...{duration: 60, workload},
		...parts,
		deployment: {
			service,
			llm: {...makeExperiment().deployment.llm, parallel: service.concurrency, threads: service.threads},
			containers: [{name: 'ollama', requests: {cpu, memory: 1e9}, limits: {cpu}}],
			...parts.deployment,
		},
	});
	const result = simulate(experiment, {
		...{replication: 0, arm: 'dynamic', isRecorded: true},
		schedule: new Schedule(experiment, 0),
	});
	return {...result.tables!.requests, figures: result.requests, cpuSeconds: result.pods[0]!.cpuSeconds};
};

const near = (got: ArrayLike<number>, expected: readonly number[]) =>
	got.length === expected.length && expected.every((value, index) => Math.abs(got[index]! - value) < 1e-9);

test('requests that bring seconds of service are busy so long by the clock, one after another, whatever the limit', t => {
	const {startedSeconds, endedSeconds, cpuSeconds} = run(
		brought('serviceSeconds', [
			[1, 2],
			[2, 0.5],
			[10, 1],
		]),
		{},
		0.1,
	);
	t.true(near(startedSeconds, [1, 3, 10]));
	t.true(near(endedSeconds, [3, 3.5, 11]));
	t.true(Math.abs(cpuSeconds - 0.1 * 3.5) < 1e-9, 'the quota is used while a request runs');
});

test('requests that bring CPU time take it at the limit of their pod, their overhead on top', t => {
	const {endedSeconds, cpuSeconds} = run(brought('cpuSeconds', [[1, 0.3]]), {perRequest: 0.1}, 0.2);
	t.true(near(endedSeconds, [1 + 0.4 / 0.2]));
	t.true(Math.abs(cpuSeconds - 0.4) < 1e-9);
});

test('requests side by side share the threads of their pod, and none is on two of them', t => {
	const rows = [
		[1, 1],
		[1, 1],
		[1, 1],
		[20, 1],
	] as const;
	const {endedSeconds, cpuSeconds} = run(brought('cpuSeconds', rows), {concurrency: 4, threads: 2}, 4);
	t.true(near(endedSeconds, [2.5, 2.5, 2.5, 21]));
	t.true(Math.abs(cpuSeconds - 4) < 1e-9);
});

test('under contention each further request of a pod lengthens the CPU time of all', t => {
	const rows = [
		[1, 1],
		[1, 1],
		[1, 1],
		[20, 1],
	] as const;
	const model = {concurrency: 4, threads: 1, contention: 0.1};
	const {endedSeconds, cpuSeconds} = run(brought('cpuSeconds', rows), model, 4);
	t.true(near(endedSeconds, [1 + 3 * 1.2, 1 + 3 * 1.2, 1 + 3 * 1.2, 21]));
	t.true(Math.abs(cpuSeconds - (3 * 1.2 + 1)) < 1e-9, 'the time that is lost is CPU time');
	const free = run(brought('serviceSeconds', rows), model, 4);
	t.true(near(free.endedSeconds, [2, 2, 2, 21]), 'a time by the clock is as long as it is');
});

test('concurrent requests that bring seconds of service do not slow each other', t => {
	const rows = [
		[1, 1],
		[1.5, 1],
		[1.6, 1],
	] as const;
	const {endedSeconds} = run(brought('serviceSeconds', rows), {concurrency: 2}, 1);
	t.true(near(endedSeconds, [2, 2.5, 3]));
});

test('with slices of the quota a request ends in one, and the CPU use is that of the slices', t => {
	const rows = [
		[1, 0.25],
		[10, 0.205],
		[20, 0.3],
		[20, 0.01],
	] as const;
	const {endedSeconds, cpuSeconds} = run(brought('serviceSeconds', rows), {quotaPeriod: 0.1}, 0.1);
	// 10 ms of each 100 ms: the first would end in a gap and ends with it; the second ends in a slice.
	t.true(near(endedSeconds, [1.3, 10.205, 20.3, 20.31]));
	const slices = 3 * 0.01 + (0.02 + 0.005) + 0.03 + 0.01;
	t.true(Math.abs(cpuSeconds - slices) < 1e-9, `${cpuSeconds}`);
});

test('slices of a quota agree with a thread that is stepped by the millisecond', t => {
	const slices = new CpuSlices(0.1, 0.03);
	const stretch = slices.begin(0);
	let used = 0;
	for (let step = 0; step < 1000; step++) {
		const runs = step % 100 < 30;
		used += runs ? 0.001 : 0;
		const end = (step + 1) / 1000;
		t.true(Math.abs(slices.useBetween(stretch, 0, end) - used) < 1e-9);
		const middle = (step + 0.5) / 1000;
		const expected = runs ? middle : Math.ceil(step / 100 + 1e-9) / 10;
		t.true(Math.abs(slices.endAfter(stretch, middle) - expected) < 1e-9, `${middle}`);
	}
});

test('a thread that was idle has the whole quota of its period, and one that has run what it left', t => {
	const slices = new CpuSlices(0.1, 0.03);
	const late = slices.begin(0.35);
	t.true(Math.abs(late.left - 0.03) < 1e-9);
	t.true(Math.abs(slices.endAfter(late, 0.37) - 0.37) < 1e-9);
	t.true(Math.abs(slices.endAfter(late, 0.39) - 0.4) < 1e-9, 'throttled from 0.38 to the next period');
	t.true(Math.abs(slices.useBetween(late, 0.35, 0.5) - 0.06) < 1e-9);
	const first = slices.begin(0.61);
	const again = slices.begin(0.65, {stretch: first, end: 0.62});
	t.true(Math.abs(again.left - 0.02) < 1e-9);
	t.true(Math.abs(slices.useBetween(again, 0.65, 0.7) - 0.02) < 1e-9);
	const next = slices.begin(0.71, {stretch: again, end: 0.7});
	t.true(Math.abs(next.left - 0.03) < 1e-9, 'a new period, a new quota');
	const third = slices.begin(0.68, {stretch: again, end: 0.66});
	t.true(Math.abs(third.left - 0.01) < 1e-9, 'what two stretches left');
});

test('stretches of any length agree with a thread that is stepped by the millisecond', t => {
	const slices = new CpuSlices(0.1, 0.03);
	let last: {stretch: ReturnType<CpuSlices['begin']>; end: number} | undefined;
	let left = 30;
	let now = 0;
	for (const [pause, length] of [
		[20, 15],
		[5, 7],
		[3, 40],
		[60, 250],
		[1, 1],
		[33, 101],
		[450, 9],
		[7, 90],
	] as const) {
		let used = 0;
		const until = now + pause + length;
		const from = now + pause;
		for (; now < until; now++) {
			left = now % 100 === 0 ? 30 : left;
			if (now >= from && left > 0) {
				left--;
				used++;
			}
		}

		const stretch: ReturnType<CpuSlices['begin']> = slices.begin(from / 1000 + 1e-9, last);
		t.true(
			Math.abs(slices.useBetween(stretch, from / 1000, until / 1000) - used / 1000) < 1e-6,
			`${from} to ${until}: ${used}`,
		);
		last = {stretch, end: until / 1000 - 1e-9};
	}
});

test('no token, no first token, no time per token', t => {
	const {figures, firstTokenSeconds, promptTokens} = run(brought('serviceSeconds', [[1, 2]]), {}, 1);
	t.true(Number.isNaN(firstTokenSeconds[0]!));
	t.is(promptTokens[0], 0);
	t.true(Number.isNaN(figures.ttftSeconds.mean));
	t.true(Number.isNaN(figures.tpotSeconds.mean));
	t.true(Number.isNaN(figures.outputTokens));
});

test('drawn work has the mean of its distribution, in an open and in a closed loop, and the arms share it', t => {
	const requests = {...openWorkload(1).requests, serviceSeconds: {distribution: 'exponential', mean: 0.2} as const};
	const open = {...openWorkload(2), requests};
	const {loop: _loop, ...rest} = open;
	const closed = {
		...rest,
		loop: 'closed',
		users: {count: 4, thinkTime: {distribution: 'constant', value: 1}},
	} as Experiment['workload'];
	for (const workload of [open, closed]) {
		const {startedSeconds, endedSeconds, outcome} = run(workload, {concurrency: 50}, 1, {duration: 4000});
		const times = [...startedSeconds].flatMap((start, row) =>
			outcome[row] === 'completed' ? [endedSeconds[row]! - start] : [],
		);
		const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
		t.true(times.length > 5000);
		t.true(Math.abs(mean - 0.2) < 0.012, `${mean}`);
	}
});

test('a server has no model to load: a pod is ready when its containers run and its probe succeeds', t => {
	const stage = (value: number) => ({distribution: 'constant', value}) as const;
	const stages = {create: stage(0), schedule: stage(1), image: stage(2), containers: stage(3), endpoints: stage(0)};
	const startup = {
		...({kind: 'stages', name: 'test', status: 'uncalibrated'} as const),
		...{stages: {...stages, modelLoad: stage(100)}, modelLoadCpu: 1, restartBackoff: 10},
	};
	const faults = [{kind: 'pod-kill', at: 10, count: 1}] as const;
	const {startedSeconds} = run(
		brought('serviceSeconds', [
			[12, 1],
			[30, 1],
		]),
		{},
		1,
		{faults, deployment: {startup}},
	);
	t.true(startedSeconds[1]! < 31);
});
