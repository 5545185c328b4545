import type {Experiment} from '../experiment/experiment.ts';
import {costOf} from '../forecast/cost.ts';
import {energyOf} from '../forecast/energy.ts';
import {type Holdings, holdingsOf} from '../records/holdings.ts';
import {heldSeconds, type PodUsage, type RunAccount} from '../records/pod-usage.ts';
import {readAccount} from '../records/read-account.ts';
import type {Recording} from '../records/record.ts';
import {replicaFigures, type Timeline} from '../records/replica-line.ts';
import {type NodeReading, readNodes} from './node-reading.ts';
import {type ScaleEvent, scaleEvents, seenUtilization} from './scale-events.ts';
import {type PodLines, podLines} from './step-line.ts';

/** Figures and series of one run for the comparison, computed from its record in the same way for both engines. */
export type Reading = {
	readonly recording: Recording;
	readonly account: RunAccount;
	readonly holds: Holdings;
	readonly window: {readonly from: number; readonly to: number};
	/** NaN, and the line empty, where the record holds no decisions. */
	readonly replicas: {readonly line: Timeline; readonly mean: number; readonly max: number};
	readonly lines: PodLines;
	readonly events: readonly ScaleEvent[];
	/** Latencies of completed requests that arrived after the warm-up and whose times are known, ascending [s]. */
	readonly latencies: Float64Array;
	/** Mean latency where a request that timed out counts as one of the timeout's length; NaN without requests [s]. */
	readonly latencyUpToTimeout: number;
	/** Waits of the same requests [s]. */
	readonly waits: Float64Array;
	/** Times in service of the same requests, in the order of arrival [s]. */
	readonly serviceTimes: readonly number[];
	readonly utilization: Readonly<Record<string, Timeline>>;
	/** Nodes that were Ready, and the time that was paid for; NaN, and the line empty, where nobody saw them. */
	readonly nodes: NodeReading;
	readonly podSeconds: number;
	/** [$] */
	readonly cost: number;
	/** [Wh] */
	readonly energy: number;
	/** Fractions of the requests. */
	readonly use: {readonly cpu: number; readonly memory: number};
};

/** Reads a run off its record. */
export function readRun(recording: Recording, experiment: Experiment): Reading {
	const {head, tables} = recording;
	const account = readAccount(recording, experiment);
	const window = {from: head.warmupSeconds, to: head.durationSeconds};
	const lines = podLines(tables.pods);
	const {requests, decisions} = tables;
	const judged = requests.outcome.flatMap((outcome, row) =>
		outcome === 'completed' && requests.scheduledSeconds[row]! >= window.from ? [row] : [],
	);
	const {scheduledSeconds, startedSeconds, endedSeconds} = requests;
	return {
		recording,
		account,
		holds: holdingsOf(recording, experiment),
		window,
		replicas: {line: account.timeline, ...replicaFigures(account.timeline, window.from, window.to)},
		lines,
		events: scaleEvents(account.timeline, {tables, lines, until: window.to}),
		latencies: known(judged.map(row => endedSeconds[row]! - scheduledSeconds[row]!)).sort(),
		latencyUpToTimeout: meanUpToTimeout(recording, experiment),
		waits: known(judged.map(row => startedSeconds[row]! - scheduledSeconds[row]!)).sort(),
		serviceTimes: [...known(judged.map(row => endedSeconds[row]! - startedSeconds[row]!))],
		utilization: seenUtilization(decisions),
		nodes: readNodes(recording.nodes, window),
		podSeconds: total(account.pods, heldSeconds),
		cost: costOf(account.pods, experiment.prices, {fromSeconds: window.from, toSeconds: window.to}, recording.nodes),
		energy: energyOf(account.pods, experiment.energy).wattHours,
		use: {
			cpu: ratio(
				account.pods,
				pod => pod.cpuSeconds,
				pod => pod.requestedCores * heldSeconds(pod),
			),
			memory: ratio(
				account.pods,
				pod => pod.memoryByteSeconds,
				pod => pod.requestedBytes * heldSeconds(pod),
			),
		},
	};
}

/**
 * Over the requests that completed and the ones that timed out, after the warm-up. Completed ones of unknown times count as
 * the mean of the others, so that a gap makes no timeout weigh more; NaN where no time of theirs is known.
 */
function meanUpToTimeout({head, tables: {requests}}: Recording, {workload: {timeout}}: Experiment): number {
	const {outcome, scheduledSeconds, endedSeconds} = requests;
	const judged = (wanted: string) =>
		outcome.flatMap((each, row) => (each === wanted && scheduledSeconds[row]! >= head.warmupSeconds ? [row] : []));
	const completed = judged('completed');
	const timedOut = judged('timedOut').length;
	if (completed.length === 0) {
		return timedOut === 0 ? Number.NaN : timeout;
	}

	const times = known(completed.map(row => Math.min(endedSeconds[row]! - scheduledSeconds[row]!, timeout)));
	const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
	return (completed.length * mean + timedOut * timeout) / (completed.length + timedOut);
}

function known(times: readonly number[]): Float64Array {
	return Float64Array.from(times).filter(time => !Number.isNaN(time));
}

function total(pods: readonly PodUsage[], figure: (pod: PodUsage) => number): number {
	return pods.reduce((sum, pod) => sum + figure(pod), 0);
}

function ratio(
	pods: readonly PodUsage[],
	used: (pod: PodUsage) => number,
	requested: (pod: PodUsage) => number,
): number {
	const whole = total(pods, requested);
	return whole > 0 ? total(pods, used) / whole : Number.NaN;
}

/** Measured runs of an experiment. */
type MeasuredSide = {
	readonly measured: readonly {readonly name: string; readonly recording: Recording}[];
	readonly experiment: Experiment;
};

/** Replicas of each measured run, by its folder. */
export function measuredTimelines({measured, experiment}: MeasuredSide): Map<string, Timeline> {
	return new Map(measured.map(({name, recording}) => [name, readAccount(recording, experiment).timeline]));
}
