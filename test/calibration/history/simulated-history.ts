import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {RandomStream} from '../../../src/engine/random-stream.ts';
import type {Experiment} from '../../../src/experiment/experiment.ts';
import {Schedule} from '../../../src/experiment/schedule.ts';
import type {History} from '../../../src/records/history.ts';
import type {RecordTables} from '../../../src/records/record.ts';
import {simulate} from '../../../src/simulator/simulate.ts';
import {readExperiment} from '../../../src/store/experiments/read-experiment.ts';

/** The truth behind the histories: a server has no idle CPU while it serves, so that a request adds a little less than its work. */
export const truth = {work: 0.05, added: 0.05 * (1 - 0.03), idleCpu: 0.03, startup: 40, limit: 1};

const model = `apiVersion: replicast/v1
kind: ServerModel
name: web
status: uncalibrated
date: 2026-11-29
concurrency: {value: 200, unit: requests, source: Chosen.}
threads: {value: 1, unit: threads, source: Chosen.}
perRequest: {value: 0, unit: CPU s, source: Chosen.}
idleCpu: {value: ${truth.idleCpu}, unit: cores, source: Chosen.}
memory:
  idle: {value: 67108864, unit: bytes, source: Chosen.}
  perRequest: {value: 0, unit: bytes, source: Chosen.}
`;

export type Shape = {
	/** Points of the load; a day's waves in three hours when left out. */
	readonly rate?: readonly {readonly at: number; readonly perSecond: number}[];
	readonly duration?: number;
	readonly maxReplicas?: number;
	readonly process?: 'poisson' | 'deterministic';
};

const waves = Array.from({length: 37}, (_, index) => ({
	at: index * 300,
	perSecond: 6 + 5 * Math.sin(index / 3) + (index % 5),
}));

/** Experiment of a web service under an HPA by CPU. */
export async function webExperiment({
	rate = waves,
	duration = 10_800,
	maxReplicas = 10,
	process = 'poisson',
}: Shape = {}): Promise<Experiment> {
	const points = rate.map(({at, perSecond}) => `{at: ${at === 0 ? '0s' : `${at}s`}, perSecond: ${perSecond}}`);
	const text = `name: web
duration: ${duration}s
workload:
  arrivals: {process: ${process}, interpolation: linear, rate: [${points.join(', ')}]}
  requests: {cpuSeconds: {distribution: lognormal, mean: ${truth.work * 1000}ms, cv: 0.5}}
deployment:
  containers: {web: {requests: {cpu: 300m, memory: 128Mi}, limits: {cpu: ${truth.limit}, memory: 256Mi}}}
  service: web.yaml
  startup: {distribution: gamma, mean: ${truth.startup}s, cv: 0.3}
autoscaler: {minReplicas: 1, maxReplicas: ${maxReplicas}, metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 60}}}]}
`;
	const folder = await mkdtemp(join(tmpdir(), 'replicast-test-'));
	try {
		await writeFile(join(folder, 'web.yaml'), model);
		await writeFile(join(folder, 'experiment.yaml'), text);
		return await readExperiment(join(folder, 'experiment.yaml'));
	} finally {
		await rm(folder, {recursive: true, force: true});
	}
}

const stepSeconds = 15;

/** History that a monitoring system would keep of a simulated run, with noise on its CPU. */
export function historyOf(experiment: Experiment, replication: number): History {
	const schedule = new Schedule(experiment, replication);
	const {tables} = simulate(experiment, {replication, arm: 'dynamic', schedule, isRecorded: true});
	const steps = Math.floor(experiment.duration / stepSeconds);
	const noise = new RandomStream({seed: 7, replication, purpose: 'noise of the history'});
	const {cpu, ready, desired, requests} = columnsOf(
		tables!,
		steps,
		experiment.autoscaler === 'none' ? 1 : experiment.autoscaler.minReplicas,
	);
	return {
		...{start: 1_780_000_000, stepSeconds, steps, source: 'a simulated run'},
		workload: {kind: 'Deployment', name: 'web', namespace: 'shop'},
		containers: [{name: 'web', requests: {cpu: 0.3, memory: 2 ** 27}, limits: {cpu: truth.limit, memory: 2 ** 28}}],
		nodes: [],
		series: {
			desiredReplicas: desired,
			currentReplicas: desired,
			readyReplicas: ready,
			cpu: cpu.map(value => value * (1 + 0.02 * noise.normal())),
			requestRate: requests,
			memory: ready.map(pods => pods * 67_108_864),
		},
		cpuOfContainers: {},
		queries: [],
		notes: [],
	};
}

function columnsOf({requests, pods, decisions, samples}: RecordTables, steps: number, initial: number) {
	const rate = new Float64Array(steps);
	for (const at of requests.scheduledSeconds) {
		const step = Math.floor(at / stepSeconds);
		rate[step] = (rate[step] ?? 0) + 1 / stepSeconds;
	}

	const [cpu, ready, desired] = [new Float64Array(steps), new Float64Array(steps), new Float64Array(steps)];
	const latest = new Map<string, number>();
	const isReady = new Set<string>();
	let [sample, event, decision, wish] = [0, 0, 0, initial];
	for (let step = 0; step < steps; step++) {
		const now = (step + 1) * stepSeconds; // values at the end of the step, as an evaluation there finds them
		for (; sample < samples.seconds.length && samples.seconds[sample]! <= now; sample++) {
			latest.set(samples.pod[sample]!, samples.cpuCores[sample]!);
		}

		for (; event < pods.seconds.length && pods.seconds[event]! <= now; event++) {
			const [pod, kind] = [pods.pod[event]!, pods.event[event]!];
			if (kind === 'ready') {
				isReady.add(pod);
			} else if (kind === 'terminating' || kind === 'notReady') {
				isReady.delete(pod);
				latest.delete(pod);
			}
		}

		for (; decision < decisions.seconds.length && decisions.seconds[decision]! <= now; decision++) {
			wish = decisions.desiredReplicas[decision]!;
		}

		const used = [...latest.values()].filter(value => !Number.isNaN(value));
		cpu[step] = used.reduce((sum, value) => sum + value, 0);
		ready[step] = isReady.size;
		desired[step] = wish;
	}

	return {cpu, ready, desired, requests: rate};
}
