import {mean} from 'simple-statistics';
import type {Experiment} from '../experiment/experiment.ts';
import {hasSpan} from '../records/pod-usage.ts';
import type {PodEvent} from '../records/record.ts';
import {compareValues, type FigureComparison} from './compare-figures.ts';
import {ControllerInputs} from './controller-inputs.ts';
import type {Reading} from './reading.ts';
import {sampleTime} from './scale-events.ts';

/** The parts of the model that an error can come from. */
export type Part = 'load' | 'service' | 'memory' | 'metrics' | 'start-up' | 'controller';

/** Check of one part of the model by itself, from the tables of both sides. */
export type PartCheck = {
	readonly part: Part;
	readonly measure: string;
	readonly comparison: FigureComparison;
	/** A difference up to here is taken for none, in the measure's unit. */
	readonly limit: number;
	/** Whether the 90 % interval of the difference lies beyond the limit. */
	readonly differs: boolean;
};

type Measure = {
	readonly part: Part;
	readonly measure: string;
	readonly unit: string;
	readonly read: (run: Reading, experiment: Experiment) => number;
	/** A fraction of the measured mean, but at least so much in the unit. */
	readonly limit: {readonly fraction: number; readonly least: number};
};

const measures: readonly Measure[] = [
	{
		part: 'load',
		measure: 'prompt tokens of a request',
		unit: 'tokens',
		read: ({recording}) => meanOf(recording.tables.requests.promptTokens),
		limit: {fraction: 0.02, least: 0.1},
	},
	{
		part: 'load',
		measure: 'output tokens of a completed request',
		unit: 'tokens',
		read: ({recording}) => {
			const {outputTokens, outcome} = recording.tables.requests;
			return meanOf(outputTokens.filter((_, row) => outcome[row] === 'completed'));
		},
		limit: {fraction: 0.02, least: 0.1},
	},
	{
		part: 'service',
		measure: 'time in service',
		unit: 's',
		read: ({serviceTimes}) => meanOf(serviceTimes),
		limit: {fraction: 0.05, least: 0},
	},
	{
		part: 'service',
		measure: 'CPU time of the pods for a completed request',
		unit: 'CPU s',
		read: ({account, window}) =>
			account.pods.reduce((sum, {cpuSeconds}) => sum + cpuSeconds, 0) /
			(account.requests.throughputPerSecond * (window.to - window.from)),
		limit: {fraction: 0.1, least: 0},
	},
	{
		part: 'memory',
		measure: 'memory of a pod as a fraction of its request',
		unit: '1',
		read: ({use}) => use.memory,
		limit: {fraction: 0.05, least: 0.01},
	},
	{
		part: 'metrics',
		measure: 'age of the newest sample at a reconcile',
		unit: 's',
		read: sampleAge,
		limit: {fraction: 0.1, least: 0.5},
	},
	{
		part: 'metrics',
		measure: 'span of a sample',
		unit: 's',
		read: ({recording}) =>
			meanOf(recording.tables.samples.windowSeconds.filter(span => !Number.isNaN(span) && hasSpan(span))),
		limit: {fraction: 0.1, least: 0.5},
	},
	{
		part: 'metrics',
		measure: 'share of the Ready pods that a reconcile finds without a sample',
		unit: '1',
		read: unservedShare,
		limit: {fraction: 0, least: 0.005},
	},
	{
		part: 'start-up',
		measure: 'creation to Ready of a new pod',
		unit: 's',
		read: ({recording}) => meanOf(between(recording.tables.pods, 'created', 'ready')),
		limit: {fraction: 0.1, least: 0.5},
	},
];

/** Checks each part by itself, replications against repeats. */
export function checkParts(
	simulated: readonly Reading[],
	measured: readonly Reading[],
	experiment: Experiment,
): PartCheck[] {
	return measures.map(({part, measure, unit, read, limit: {fraction, least}}) => {
		const of = (run: Reading) => read(run, experiment);
		const comparison = compareValues({unit, simulated: simulated.map(of), measured: measured.map(of)});
		const limit = Math.max(least, fraction * (comparison.measured?.mean ?? 0));
		const {low = null, high = null} = comparison.error ?? {};
		const differs = low !== null && high !== null && (low > limit || high < -limit);
		return {part, measure, comparison, limit, differs};
	});
}

function sampleAge({recording, window}: Reading): number {
	const times = [...recording.tables.decisions.seconds].filter(at => at >= window.from && at <= window.to);
	return meanOf(times.map(at => at - sampleTime(recording.tables, at)).filter(age => !Number.isNaN(age)));
}

/** A pod this long Ready has been sampled twice [s]. */
const settled = 60;

function unservedShare({recording, window, holds}: Reading, experiment: Experiment): number {
	if (!holds.pods || !holds.use || experiment.autoscaler === 'none' || recording.head.arm === 'fixed') {
		return Number.NaN;
	}

	const inputs = new ControllerInputs(recording, experiment);
	let [there, unserved] = [0, 0];
	for (const [row, at] of recording.tables.decisions.seconds.entries()) {
		if (at < window.from || at > window.to) {
			continue;
		}

		const {pods, podMetrics} = inputs.at(row);
		const served = new Set(podMetrics?.map(({name}) => name));
		const ready = pods.filter(
			({ready, deletionTimestamp}) =>
				deletionTimestamp === undefined && ready?.status === true && at - ready.lastTransitionTime >= settled,
		);
		there += ready.length;
		unserved += ready.filter(({name}) => !served.has(name)).length;
	}

	return there === 0 ? Number.NaN : unserved / there;
}

/** Time from one event of a pod to another, of pods that were made during the run [s]. */
function between(
	{pod, event, seconds}: Reading['recording']['tables']['pods'],
	first: PodEvent,
	second: PodEvent,
): number[] {
	const begun = new Map<string, number>();
	const times: number[] = [];
	for (const [row, name] of pod.entries()) {
		if (event[row] === first && seconds[row]! >= 0) {
			begun.set(name, seconds[row]!);
		} else if (event[row] === second && begun.has(name)) {
			times.push(seconds[row]! - begun.get(name)!);
			begun.delete(name);
		}
	}

	return times;
}

function meanOf(values: ArrayLike<number>): number {
	return values.length === 0 ? Number.NaN : mean(Array.from(values));
}
