import {quantileSorted} from 'simple-statistics';
import type {Figure} from '../experiment/acceptance-schema.ts';
import {kolmogorovSmirnov} from '../statistics/kolmogorov-smirnov.ts';
import {wasserstein} from '../statistics/wasserstein.ts';
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
	/** What a tolerance in per cent is a fraction of; a figure without it takes none. */
	readonly basis?: (measured: Reading) => number;
};

const hour = 3600;
const latencyAt = (probability: number) => (run: Reading) => quantileOf(run.latencies, probability);
const counts = ({account}: Reading) => account.requests.requests;

/** Figures of single runs. */
export const runFigures = {
	replicasMean: {unit: 'pods', read: ({replicas}) => replicas.mean},
	replicasMax: {unit: 'pods', read: ({replicas}) => replicas.max},
	podHours: {unit: 'h', read: ({podSeconds}) => podSeconds / hour},
	cost: {unit: '$', read: ({cost}) => cost},
	energy: {unit: 'Wh', read: ({energy}) => energy},
	meanLatency: {unit: 's', read: ({account}) => account.requests.latencySeconds.mean},
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

/** Of runs of which one does not tell its events. */
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

export type FigureName = keyof typeof runFigures | keyof typeof pairFigures | 'savings';

/** Every figure that an experiment can set a tolerance for is there; the savings need both arms. */
type Missing = Exclude<Figure, FigureName>;
const isComplete: [Missing] extends [never] ? true : never = true;
void isComplete;

/** @param sorted - ascending; NaN when empty */
function quantileOf(sorted: Float64Array, probability: number): number {
	return sorted.length === 0 ? Number.NaN : quantileSorted(sorted as unknown as number[], probability);
}
