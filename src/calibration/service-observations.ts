import type {Experiment} from '../experiment/experiment.ts';
import {fullSpeedOf} from '../experiment/threads.ts';
import type {Recording} from '../records/record.ts';
import {type CounterTable, CpuCounters} from './cpu-counters.ts';
import {BusyPods, type Occupation, occupations} from './pod-load.ts';

/** Stages of a request's time in service, measured by the model's server itself [s]. */
export type ServerTimings = {
	readonly promptEvalSeconds: Float64Array;
	readonly evalSeconds: Float64Array;
};

/** A completed request, its times turned into work by the speed that its pod has at most [CPU s]. */
export type ServiceObservation = {
	readonly promptTokens: number;
	readonly outputTokens: number;
	readonly work: number;
	/** Other pods that were at work meanwhile, on average. */
	readonly neighbours: number;
	/** Other requests that ran in its pod meanwhile, on average; none when left out. */
	readonly companions?: number;
	/** Cores that the pod's model may use at most. */
	readonly speed: number;
	/**
	 * CPU time of the LLM's container in that time, by the counters of its cgroup. Absent where there are no readings.
	 */
	readonly counted?: number;
	/** Parts of the work; `rest` is neither prompt nor answer. Absent where they are not known. */
	readonly parts?: {readonly prompt: number; readonly output: number; readonly rest: number};
};

/** Observations of a record beside its tables. */
type Observed = {
	/** One row for each row of `requests`. */
	readonly timings?: ServerTimings | undefined;
	readonly counters?: CounterTable | undefined;
};

/**
 * The completed requests of a record whose time in service is known; what else was not recorded (NaN) is absent.
 *
 * @param experiment - the record's own: limits and threads stand there
 */
export function serviceObservations(
	{tables}: Recording,
	{deployment}: Experiment,
	{timings, counters}: Observed = {},
): ServiceObservation[] {
	const {promptTokens, outputTokens, outcome} = tables.requests;
	const {parallel, container} = deployment.llm;
	const speed = fullSpeedOf(deployment);
	const spans = occupations(tables.requests, parallel);
	const busy = new BusyPods(spans.filter(span => span !== undefined));
	const cpu = counters && parallel === 1 ? new CpuCounters(counters, container) : undefined;
	const own = new Map<string, BusyPods>();
	const busyOf = (pod: string) => {
		const found = own.get(pod) ?? new BusyPods(spans.filter(span => span?.pod === pod) as Occupation[]);
		own.set(pod, found);
		return found;
	};

	const inSlots = new Map<string, BusyPods>();
	const companionsOf = ({pod, from, to}: Occupation) => {
		const found = inSlots.get(pod) ?? busySlots(spans, pod);
		inSlots.set(pod, found);
		return Math.min(parallel - 1, Math.max(0, found.between(from, to) - 1));
	};

	return spans.flatMap((span, row) => {
		if (span === undefined || outcome[row] !== 'completed') {
			return [];
		}

		const work = (span.to - span.from) * speed;
		const parts = timings && partsOf(timings, row, {speed, work});
		const counted = cpu && countedOf(cpu, span, busyOf(span.pod));
		return [
			{
				promptTokens: promptTokens[row]!,
				outputTokens: outputTokens[row]!,
				work,
				neighbours: Math.max(0, busy.between(span.from, span.to) - 1),
				speed,
				...(parallel > 1 && {companions: companionsOf(span)}),
				...(counted !== undefined && {counted}),
				...(parts !== undefined && {parts}),
			},
		];
	});
}

/** The requests of a pod that run at a time, each counted by itself. */
function busySlots(spans: readonly (Occupation | undefined)[], pod: string): BusyPods {
	const own = spans.filter((span): span is Occupation => span?.pod === pod);
	return new BusyPods(own.map((span, index) => ({...span, pod: String(index)})));
}

/** Smallest share of the time between two readings that a pod must be at work for its counters to count. */
const leastBusy = 0.95;

function countedOf(cpu: CpuCounters, {pod, from, to}: Occupation, busy: BusyPods): number | undefined {
	const counted = cpu.between(pod, from, to);
	return counted !== undefined && busy.between(counted.from, counted.to) >= leastBusy ? counted.usage : undefined;
}

function partsOf(
	{promptEvalSeconds, evalSeconds}: ServerTimings,
	row: number,
	{speed, work}: {readonly speed: number; readonly work: number},
): ServiceObservation['parts'] {
	const [prompt, output] = [promptEvalSeconds[row]! * speed, evalSeconds[row]! * speed];
	return Number.isNaN(prompt + output) ? undefined : {prompt, output, rest: work - prompt - output};
}
