import type {JudgedFigure} from '../experiment/acceptance-schema.ts';
import {kolmogorovSmirnov, wasserstein} from '../statistics/distances.ts';
import {quantileOfSorted} from '../statistics/typed-arrays.ts';
import {type EventMatch, matchEvents} from './match-events.ts';
import type {Reading} from './reading.ts';
import type {ScaleEvent} from './scale-events.ts';
import {integrate} from './step-line.ts';

/** A number of one run: the simulated side's less the measured side's is the error. NaN where there is none. */
export type RunFigure = {readonly unit: string; readonly read: (run: Reading) => number};

/** A number of two runs: how far they are apart, 0 when they are the same. NaN where there is none. */
export type PairFigure = {
	readonly unit: string;
	readonly between: (simulated: Reading, measured: Reading) => number;
	/** Whether it may be negative. */
	readonly isSigned?: boolean;
	/** Basis of a tolerance in per cent; a figure without it takes none. */
	readonly basis?: (measured: Reading) => number;
};

const hour = 3600;
const latencyAt = (probability: number) => (run: Reading) => quantileOf(run.latencies, probability);
const counts = ({account}: Reading) => account.requests.requests;

/** Figures of single runs. */
export const runFigures = {
	replicasMean: {unit: 'pods', read: ({replicas}) => replicas.mean},
	replicasMax: {unit: 'pods', read: ({replicas}) => replicas.max},
	nodesMean: {unit: 'nodes', read: ({nodes}) => nodes.mean},
	nodesMax: {unit: 'nodes', read: ({nodes}) => nodes.max},
	nodeHours: {unit: 'h', read: ({nodes}) => nodes.hours},
	podHours: {unit: 'h', read: ({podSeconds}) => podSeconds / hour},
	cost: {unit: '$', read: ({cost}) => cost},
	energy: {unit: 'Wh', read: ({energy}) => energy},
	meanLatency: {unit: 's', read: ({account}) => account.requests.latencySeconds.mean},
	latencyUpToTimeout: {unit: 's', read: run => run.latencyUpToTimeout},
	p50: {unit: 's', read: latencyAt(0.5)},
	p95: {unit: 's', read: latencyAt(0.95)},
	p99: {unit: 's', read: latencyAt(0.99)},
	meanWait: {unit: 's', read: ({account}) => account.requests.waitSeconds.mean},
	p50Wait: {unit: 's', read: ({waits}) => quantileOf(waits, 0.5)},
	p95Wait: {unit: 's', read: ({waits}) => quantileOf(waits, 0.95)},
	p99Wait: {unit: 's', read: ({waits}) => quantileOf(waits, 0.99)},
	ttft: {unit: 's', read: ({account}) => account.requests.ttftSeconds.mean},
	p95Ttft: {unit: 's', read: ({account}) => account.requests.ttftSeconds.p95},
	tpot: {unit: 's', read: ({account}) => account.requests.tpotSeconds.mean},
	throughput: {unit: '1/s', read: ({account}) => account.requests.throughputPerSecond},
	goodput: {unit: '1/s', read: ({account}) => account.requests.goodputPerSecond},
	availability: {unit: '1', read: ({account}) => account.requests.availability},
	timeouts: {unit: '1', read: run => counts(run).timedOut / counts(run).arrived},
	sloAttainment: {unit: '1', read: ({account}) => account.requests.sloAttainment},
	fairness: {unit: '1', read: ({account}) => account.requests.fairness},
	cpuUtilization: {unit: '1', read: ({use}) => use.cpu},
	memoryUtilization: {unit: '1', read: ({use}) => use.memory},
	scaleEvents: {unit: '1', read: ({events, holds}) => (holds.replicas ? events.length : Number.NaN)},
} as const satisfies {readonly [Name in string]: RunFigure};

/** Match of two runs of which one has no recorded events. */
const unknownMatch: EventMatch = {precision: Number.NaN, recall: Number.NaN, f1: Number.NaN, pairs: []};
const differ = (of: (a: number, b: number) => number) => (a: Reading, b: Reading) =>
	integrate(a.replicas.line, b.replicas.line, of, b.window) / (b.window.to - b.window.from);
const match = (a: Reading, b: Reading) =>
	a.holds.replicas && b.holds.replicas ? matchEvents(a.events, b.events) : unknownMatch;
const lags = (a: Reading, b: Reading, at: keyof Omit<ScaleEvent, 'from' | 'to'>) =>
	match(a, b).pairs.flatMap(({first, second}) => {
		const lag = first[at] - second[at];
		return Number.isNaN(lag) ? [] : [lag];
	});
const medianLag = (at: keyof Omit<ScaleEvent, 'from' | 'to'>): PairFigure => ({
	unit: 's',
	isSigned: true,
	between: (a, b) => quantileOf(Float64Array.from(lags(a, b, at)).sort(), 0.5),
});
const lateLag = (at: keyof Omit<ScaleEvent, 'from' | 'to'>): PairFigure => ({
	unit: 's',
	between: (a, b) => quantileOf(Float64Array.from(lags(a, b, at), Math.abs).sort(), 0.95),
});
const one = () => 1;

/** Figures of a simulated and a measured run, or of two repeats. */
export const pairFigures = {
	replicasMeanAbsoluteError: {
		unit: 'pods',
		between: differ((a, b) => Math.abs(a - b)),
		basis: ({replicas}) => replicas.mean,
	},
	replicasEqualShare: {
		unit: '1',
		between: differ((a, b) => (Number.isNaN(a + b) ? Number.NaN : a === b ? 0 : 1)),
		basis: one,
	},
	podSecondError: {
		unit: '1',
		isSigned: true,
		between: (a, b) => differ((x, y) => x - y)(a, b) / b.replicas.mean,
		basis: one,
	},
	nodesMeanAbsoluteError: {
		unit: 'nodes',
		between: (a, b) =>
			a.nodes.line.length === 0 || b.nodes.line.length === 0
				? Number.NaN
				: integrate(a.nodes.line, b.nodes.line, (x, y) => Math.abs(x - y), b.window) / (b.window.to - b.window.from),
		basis: ({nodes}) => nodes.mean,
	},
	scaleEventsPrecision: {unit: '1', between: (a, b) => 1 - match(a, b).precision, basis: one},
	scaleEventsRecall: {unit: '1', between: (a, b) => 1 - match(a, b).recall, basis: one},
	scaleEventsF1: {unit: '1', between: (a, b) => 1 - match(a, b).f1, basis: one},
	metricLag: medianLag('metric'),
	p95MetricLag: lateLag('metric'),
	scaleLag: medianLag('decision'),
	p95ScaleLag: lateLag('decision'),
	modelLoadedLag: medianLag('modelLoaded'),
	p95ModelLoadedLag: lateLag('modelLoaded'),
	readyLag: medianLag('ready'),
	p95ReadyLag: lateLag('ready'),
	latencyKolmogorovSmirnov: {unit: '1', between: (a, b) => kolmogorovSmirnov(a.latencies, b.latencies)},
	latencyWasserstein: {unit: 's', between: (a, b) => wasserstein(a.latencies, b.latencies)},
	waitKolmogorovSmirnov: {unit: '1', between: (a, b) => kolmogorovSmirnov(a.waits, b.waits)},
	waitWasserstein: {unit: 's', between: (a, b) => wasserstein(a.waits, b.waits)},
} as const satisfies {readonly [Name in string]: PairFigure};

export type ComparedFigureName = keyof typeof runFigures | keyof typeof pairFigures | 'savings';

/** Every figure that an experiment can set a tolerance for is there; the savings need both arms. */
type Missing = Exclude<JudgedFigure, ComparedFigureName>;
const isComplete: [Missing] extends [never] ? true : never = true;
void isComplete;

/** @param sorted - ascending; NaN when empty */
function quantileOf(sorted: Float64Array, probability: number): number {
	return sorted.length === 0 ? Number.NaN : quantileOfSorted(sorted, probability);
}

/** A line of the printed table. */
export type ShownFigure = {
	readonly name: ComparedFigureName;
	readonly label: string;
	readonly suffix: string;
	/** Turns the figure into the unit that is shown. */
	readonly factor?: number;
};

const seconds = {suffix: 's'} as const;
const percent = {suffix: '%', factor: 100} as const;

/** Figures of a comparison in the order of the table. */
export const comparisonFigures: readonly ShownFigure[] = [
	{name: 'replicasMeanAbsoluteError', label: 'replicas, absolute error', suffix: 'pods'},
	{name: 'replicasEqualShare', label: 'time with others', ...percent},
	{name: 'replicasMean', label: 'replicas, mean', suffix: 'pods'},
	{name: 'replicasMax', label: 'replicas, largest', suffix: 'pods'},
	{name: 'podSecondError', label: 'pod-second error', ...percent},
	{name: 'scaleEventsF1', label: 'events, 1 − F1', ...percent},
	{name: 'metricLag', label: 'lag of metrics', ...seconds},
	{name: 'scaleLag', label: 'lag of decisions', ...seconds},
	{name: 'p95ScaleLag', label: 'lag of decisions, |p95|', ...seconds},
	{name: 'modelLoadedLag', label: 'lag of loaded models', ...seconds},
	{name: 'readyLag', label: 'lag of Ready', ...seconds},
	{name: 'nodesMeanAbsoluteError', label: 'nodes, absolute error', suffix: 'nodes'},
	{name: 'nodesMean', label: 'nodes Ready, mean', suffix: 'nodes'},
	{name: 'nodesMax', label: 'nodes Ready, largest', suffix: 'nodes'},
	{name: 'nodeHours', label: 'node-hours', suffix: 'h'},
	{name: 'meanLatency', label: 'latency, mean', ...seconds},
	{name: 'latencyUpToTimeout', label: 'latency up to the timeout', ...seconds},
	{name: 'p50', label: 'latency p50', ...seconds},
	{name: 'p95', label: 'latency p95', ...seconds},
	{name: 'p99', label: 'latency p99', ...seconds},
	{name: 'latencyKolmogorovSmirnov', label: 'latency, KS distance', suffix: ''},
	{name: 'latencyWasserstein', label: 'latency, Wasserstein-1', ...seconds},
	{name: 'meanWait', label: 'waiting, mean', ...seconds},
	{name: 'p95Wait', label: 'waiting p95', ...seconds},
	{name: 'ttft', label: 'first token, mean', ...seconds},
	{name: 'tpot', label: 'per output token', suffix: 'ms', factor: 1000},
	{name: 'throughput', label: 'throughput', suffix: '1/s'},
	{name: 'availability', label: 'availability', ...percent},
	{name: 'timeouts', label: 'timed out', ...percent},
	{name: 'sloAttainment', label: 'SLO attainment', ...percent},
	{name: 'cpuUtilization', label: 'CPU of request', ...percent},
	{name: 'memoryUtilization', label: 'memory of request', ...percent},
	{name: 'podHours', label: 'pod-hours', suffix: 'h'},
	{name: 'cost', label: 'cost', suffix: '$'},
	{name: 'savings', label: 'savings', ...percent},
	{name: 'energy', label: 'energy', suffix: 'Wh'},
];
