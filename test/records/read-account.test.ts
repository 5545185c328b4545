import test from 'ava';
import fc from 'fast-check';
import type {Experiment} from '../../src/experiment/experiment.ts';
import {Schedule} from '../../src/experiment/schedule.ts';
import type {RunAccount} from '../../src/records/pod-usage.ts';
import {heldSeconds, type PodUsage} from '../../src/records/pod-usage.ts';
import {readAccount} from '../../src/records/read-account.ts';
import type {Arm, Recording} from '../../src/records/record.ts';
import {type Stage, stages} from '../../src/records/stage-clock.ts';
import {type SimulatedRun, simulate} from '../../src/simulator/simulate.ts';
import {makeExperiment} from '../simulator/make-experiment.ts';
import {randomExperiment} from '../simulator/random-experiment.ts';

type Both = {own: SimulatedRun; read: RunAccount};

function play(experiment: Experiment, arm: Arm = 'dynamic'): Both {
	const schedule = experiment.workload.loop === 'open' ? new Schedule(experiment, 0) : undefined;
	const own = simulate(experiment, {replication: 0, arm, schedule, isRecorded: true});
	const {duration, warmup, seed} = experiment;
	const head = {engine: 'simulated', arm, durationSeconds: duration, warmupSeconds: warmup, seed} as Recording['head'];
	return {own, read: readAccount({head, tables: own.tables!}, experiment)};
}

const isNear = (a: number, b: number) => Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(a)) || Object.is(a, b);

function nearly(own: unknown, read: unknown, path = ''): void {
	if (typeof own === 'number') {
		if (!isNear(own, read as number)) {
			throw new Error(`${path}: ${own} by the simulator, ${read} off the record`);
		}
	} else if (typeof own === 'object' && own !== null) {
		for (const key of Object.keys(own)) {
			nearly((own as Record<string, unknown>)[key], (read as Record<string, unknown>)[key], `${path}.${key}`);
		}
	} else if (own !== read) {
		throw new Error(`${path}: ${own} by the simulator, ${read} off the record`);
	}
}

const byName = (pods: readonly PodUsage[]) =>
	pods
		.filter(pod => heldSeconds(pod) > 0)
		.map(({cpuSeconds: _cpu, memoryByteSeconds: _memory, ...times}) => times)
		.toSorted((a, b) => (a.pod < b.pod ? -1 : 1));

const law = test.macro({
	exec(t, arm: Arm, check: (both: Both, experiment: Experiment) => void) {
		fc.assert(
			fc.property(randomExperiment, experiment => {
				check(play(experiment, arm), experiment);
			}),
			{numRuns: 150, seed: 42},
		);
		t.pass();
	},
	title: title => title!,
});

for (const arm of ['dynamic', 'fixed'] as const) {
	test(`what is read off a record is the simulator’s own account, ${arm}`, law, arm, ({own, read}: Both) => {
		nearly(byName(own.pods), byName(read.pods), 'pods');
		nearly(own.requests, read.requests, 'requests');
		nearly(own.timeline, read.timeline, 'timeline');
		nearly(own.heldPodSeconds, read.heldPodSeconds, 'heldPodSeconds');
	});
}

test('INV-7 the stages of a pod add up to the time that it is billed', law, 'dynamic', ({own}: Both) => {
	for (const pod of own.pods) {
		const sum = stages.reduce((total, stage: Stage) => total + (stage === 'pending' ? 0 : pod.stages[stage]), 0);
		nearly(heldSeconds(pod), sum, pod.pod);
		if (stages.some(stage => pod.stages[stage] < -1e-9)) {
			throw new Error(`${pod.pod} has a negative stage`);
		}
	}
});

test('CPU and memory come as close as the metrics API’s samples', t => {
	const experiment = makeExperiment({
		duration: 1800,
		deployment: {
			replicas: 3,
			service: {
				kind: 'work',
				name: 'test',
				status: 'uncalibrated',
				perRequest: 0.5,
				perPromptToken: 0.01,
				perOutputToken: 0.05,
				residualCv: 0.2,
				backendPerRequest: 0,
				idleCpu: {llm: 0.01, backend: 0},
				memory: {server: 5e7, weights: 3e8, perContextToken: 1e4, backend: 0, backendPerRequest: 0},
			},
		},
	});
	const {own, read} = play(experiment);
	for (const figure of ['cpuSeconds', 'memoryByteSeconds'] as const) {
		const total = ({pods}: RunAccount) => pods.reduce((sum, pod) => sum + pod[figure], 0);
		t.true(Math.abs(total(read) / total(own) - 1) < 0.02, `${figure}: ${total(read)} and ${total(own)}`);
	}
});
