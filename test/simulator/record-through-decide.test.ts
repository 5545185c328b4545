import test from 'ava';
import fc from 'fast-check';
import {
	type AutoscalerState,
	commit,
	defaultControllerConfig,
	type PodMetricsView,
	type PodView,
	type ReconcileInput,
	reconcile,
	seedState,
} from '../../src/autoscaler/reconcile.ts';
import type {Experiment} from '../../src/experiment/experiment.ts';
import {Schedule} from '../../src/experiment/schedule.ts';
import type {RecordTables} from '../../src/records/record.ts';
import {containerViews} from '../../src/simulator/container-views.ts';
import {simulate} from '../../src/simulator/simulate.ts';
import {randomExperiment} from './random-experiment.ts';

test('the samples and pods of a record lead the autoscaler to the decisions of the record, each one', t => {
	let decisions = 0;
	let changes = 0;
	fc.assert(
		fc.property(randomExperiment, experiment => {
			if (experiment.autoscaler === 'none') {
				return;
			}

			const schedule = experiment.workload.loop === 'open' ? new Schedule(experiment, 0) : undefined;
			const tables = simulate(experiment, {replication: 0, arm: 'dynamic', schedule, isRecorded: true}).tables!;
			const replayed = decisionsOf(experiment, tables);
			for (const [row, {desiredReplicas, metrics}] of replayed.entries()) {
				decisions++;
				changes += desiredReplicas === tables.decisions.currentReplicas[row] ? 0 : 1;
				same(desiredReplicas, tables.decisions.desiredReplicas[row]!, `replicas at ${tables.decisions.seconds[row]}`);
				same(JSON.stringify(metrics), tables.decisions.proposals[row]!, `metrics at ${tables.decisions.seconds[row]}`);
			}
		}),
		{numRuns: 300, seed: 7, includeErrorInReport: true},
	);
	t.log(`${decisions} decisions, ${changes} of them changes`);
	t.true(changes > 100);
});

function decisionsOf(experiment: Experiment, {pods, samples, decisions}: RecordTables) {
	const spec = experiment.autoscaler as Exclude<Experiment['autoscaler'], 'none'>;
	let state: AutoscalerState | undefined;
	return Array.from(decisions.seconds, (now, row) => {
		const specReplicas = decisions.currentReplicas[row]!;
		state ??= seedState(specReplicas, now);
		const views = podsAt(now, pods, containerViews(experiment.deployment.containers));
		const input: ReconcileInput = {
			now,
			spec,
			controller: defaultControllerConfig,
			specReplicas,
			statusReplicas: views.filter(({deletionTimestamp}) => deletionTimestamp === undefined).length,
			pods: views,
			podMetrics: metricsAt(now, samples, views),
		};
		const decision = reconcile(input, state);
		commit(state, input, decision);
		return decision;
	});
}

type Mutable<T> = {-readonly [Key in keyof T]: T[Key]};

// What happens to pods at the very instant of a reconcile follows from it: a pod may start without any delay.
function podsAt(
	now: number,
	{pod, event, seconds}: RecordTables['pods'],
	containers: PodView['containers'],
): PodView[] {
	const views = new Map<string, Mutable<PodView>>();
	for (const [row, name] of pod.entries()) {
		const at = Math.floor(seconds[row]!);
		if (seconds[row]! >= now) {
			break;
		}

		const view = views.get(name) ?? {name, phase: 'Pending', containers};
		views.set(name, view);
		switch (event[row]) {
			case 'scheduled':
				view.startTime = at;
				view.ready = {status: false, lastTransitionTime: at};
				break;
			case 'started':
				view.phase = 'Running';
				break;
			case 'ready':
			case 'notReady':
				view.ready = {status: event[row] === 'ready', lastTransitionTime: at};
				break;
			case 'terminating':
				view.deletionTimestamp = at;
				break;
			case 'gone':
				views.delete(name);
				break;
			default:
		}
	}

	return [...views.values()];
}

function metricsAt(now: number, samples: RecordTables['samples'], views: readonly PodView[]): PodMetricsView[] {
	const newest = new Map<string, number>();
	for (const [row, seconds] of samples.seconds.entries()) {
		if (seconds <= now) {
			newest.set(`${samples.pod[row]}/${samples.container[row]}`, row);
		}
	}

	return views.flatMap(({name, containers}) => {
		const rows = containers.flatMap(container => newest.get(`${name}/${container.name}`) ?? []);
		if (rows.length < containers.length || rows.some(row => Number.isNaN(samples.cpuCores[row]!))) {
			return [];
		}

		const earliest = rows.reduce((best, row) =>
			samples.sampledSeconds[row]! < samples.sampledSeconds[best]! ? row : best,
		);
		return [
			{
				name,
				timestamp: Math.floor(samples.sampledSeconds[earliest]!),
				window: samples.windowSeconds[earliest]!,
				containers: rows.map(row => ({
					name: samples.container[row]!,
					usage: {
						cpu: Math.ceil(Math.round(samples.cpuCores[row]! * 1e9) / 1e6),
						memory: samples.memoryBytes[row]! * 1000,
					},
				})),
			},
		];
	});
}

function same<T>(actual: T, expected: T, what: string): void {
	if (actual !== expected) {
		throw new Error(`${what}: ${actual} instead of ${expected}`);
	}
}
