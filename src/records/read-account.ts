import type {Experiment} from '../experiment/experiment.ts';
import {initialReplicas} from '../experiment/pod-requests.ts';
import {HeldReplicas} from './held-replicas.ts';
import {holdingsOf} from './holdings.ts';
import type {RunAccount} from './pod-usage.ts';
import {readUsages} from './read-usages.ts';
import type {DecisionTable, Recording} from './record.ts';
import type {Timeline} from './replica-line.ts';
import {type RequestFigures, RequestStatistics} from './request-statistics.ts';

/**
 * Computes the account of a recorded run, simulated or measured: the same that the simulator gives of its own runs.
 * Values that the record lacks are NaN, and its timeline is then empty.
 *
 * @param experiment - the one that the record is of
 */
export function readAccount(recording: Recording, experiment: Experiment): RunAccount {
	return {
		requests: requestFigures(recording, experiment),
		pods: readUsages(recording, experiment),
		timeline: timelineOf(recording, experiment),
		heldPodSeconds: heldPodSeconds(recording, experiment),
	};
}

function requestFigures({head, tables}: Recording, {workload, slo}: Experiment): RequestFigures {
	const isRecorded = head.engine === 'simulated' || tables.requests.outcome.length > 0;
	const tenants = workload.tenants.map(({name}) => name);
	const {warmupSeconds: warmup, durationSeconds: duration} = head;
	const isTold = tenants.length === 1 || tables.requests.tenant.every(name => tenants.includes(name));
	const statistics = new RequestStatistics({tenants, warmup, duration, slo});
	const {scheduledSeconds, startedSeconds, firstTokenSeconds, endedSeconds, promptTokens, outputTokens} =
		tables.requests;
	const columns = {
		tenant: Uint16Array.from(tables.requests.tenant, name => Math.max(0, tenants.indexOf(name))),
		arrivedAt: scheduledSeconds,
		startedAt: startedSeconds,
		firstTokenAt: firstTokenSeconds,
		promptTokens,
		outputTokens,
	};
	for (const [row, outcome] of tables.requests.outcome.entries()) {
		if (outcome === 'completed') {
			statistics.completed(columns, row, endedSeconds[row]!);
		} else {
			statistics.missed(columns.tenant[row]!, scheduledSeconds[row]!, outcome);
		}
	}

	const figures = isTold ? statistics.figures() : withoutTenants(statistics.figures());
	return isRecorded ? figures : unknown(figures);
}

/** The figures with NaN for each number: of requests that nobody recorded nothing is known. */
function unknown<Value>(value: Value): Value {
	if (typeof value === 'number') {
		return Number.NaN as Value;
	}

	if (Array.isArray(value)) {
		return value.map(each => unknown(each)) as Value;
	}

	return typeof value === 'object' && value !== null
		? (Object.fromEntries(Object.entries(value).map(([key, each]) => [key, unknown(each)])) as Value)
		: value;
}

/** Removes figures by tenant, for requests of no tenant, or of one that the experiment does not have. */
function withoutTenants(figures: RequestFigures): RequestFigures {
	const none = Number.NaN;
	const unknown = {latencySeconds: {mean: none, p50: none, p95: none, p99: none}, throughputPerSecond: none};
	return {
		...figures,
		tenants: figures.tenants.map(({name}) => ({
			name,
			...unknown,
			sloAttainment: none,
			requests: {completed: none, timedOut: none},
		})),
		fairness: none,
	};
}

/** Replicas asked for: those of time 0, then each decision's; none where no decision was recorded. */
function timelineOf(recording: Recording, experiment: Experiment): Timeline {
	if (!holdingsOf(recording, experiment).replicas) {
		return [];
	}

	const {head, tables} = recording;
	const timeline: [number, number][] = [[0, firstReplicas(recording, experiment)]];
	const {seconds, desiredReplicas} = tables.decisions;
	for (const [row, desired] of desiredReplicas.entries()) {
		const at = seconds[row]!;
		if (at >= 0 && at <= head.durationSeconds && desired !== timeline.at(-1)![1]) {
			timeline.push([at, desired]);
		}
	}

	return timeline;
}

/**
 * Replicas at the start: where a measured record's decisions begin later, the first decision gives the number before
 * it.
 */
function firstReplicas({head, tables}: Recording, experiment: Experiment): number {
	const initial = initialReplicas(experiment, head.arm);
	return head.arm === 'fixed' || head.engine === 'simulated' || experiment.autoscaler === 'none'
		? initial
		: (tables.decisions.currentReplicas[0] ?? initial);
}

function heldPodSeconds(recording: Recording, experiment: Experiment): number {
	const {head, tables} = recording;
	const {autoscaler} = experiment;
	if (autoscaler === 'none' || head.arm === 'fixed') {
		return 0;
	}

	const holds = holdingsOf(recording, experiment);
	if (!holds.replicas || !holds.proposals) {
		return Number.NaN;
	}

	const held = new HeldReplicas({minReplicas: autoscaler.minReplicas, from: head.warmupSeconds});
	const {seconds, desiredReplicas, proposals} = tables.decisions;
	for (const [row, at] of seconds.entries()) {
		if (at <= head.durationSeconds) {
			held.decision(at, desiredReplicas[row]!, proposalsOf(proposals[row]!));
		}
	}

	return held.podSeconds(head.durationSeconds);
}

function proposalsOf(text: DecisionTable['proposals'][number]): number[] {
	return (JSON.parse(text) as {proposal?: number}[]).flatMap(({proposal}) => proposal ?? []);
}
