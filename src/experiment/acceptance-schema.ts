import * as z from 'zod';
import {parseDuration} from './duration.ts';
import type {Tolerance} from './experiment.ts';
import {Duration, number, PositiveDuration, parsePercent} from './leaves.ts';

/** Figures of the comparison that are durations: their absolute tolerance is one, too. */
const timeFigures = {
	meanLatency: 'mean latency',
	p50: 'median latency',
	p95: '95th percentile of latency',
	p99: '99th percentile of latency',
	meanWait: 'mean waiting time',
	p95Wait: '95th percentile of the waiting time',
	ttft: 'mean time to first token',
	p95Ttft: '95th percentile of the time to first token',
	tpot: 'mean time per output token',
	scaleLag: 'median signed lag of scale events',
	p95ScaleLag: '95th percentile of the absolute lag of scale events',
} as const;

/** Figures with another unit, or none. */
const plainFigures = {
	replicasMeanAbsoluteError: 'time-weighted mean absolute difference of the replicas [pods]',
	replicasEqualShare: 'share of the time in which the replicas differ [1]',
	replicasMean: 'time-weighted mean of the replicas [pods]',
	replicasMax: 'largest number of replicas [pods]',
	podHours: 'pod-hours [h]',
	nodesMeanAbsoluteError: 'time-weighted mean absolute difference of the Ready nodes [nodes]',
	nodesMean: 'time-weighted mean of the Ready nodes [nodes]',
	nodesMax: 'largest number of Ready nodes [nodes]',
	nodeHours: 'hours of the nodes from their launch to their end [h]',
	scaleEventsF1: 'distance of the scale events’ F1 score from 1 [1]',
	throughput: 'completed requests [1/s]',
	goodput: 'requests that met the objectives [1/s]',
	availability: 'share of the requests that completed [1]',
	timeouts: 'share of the requests that timed out [1]',
	sloAttainment: 'share of the requests that met the objectives [1]',
	cpuUtilization: 'CPU use as a fraction of the request [1]',
	memoryUtilization: 'memory use as a fraction of the request [1]',
	cost: 'cost of the run [$]',
	savings: 'savings against the fixed deployment, a fraction of its cost [1]',
	energy: 'energy of the run [Wh]',
	fairness: 'Jain’s index over the tenants [1]',
} as const;

/** A figure that an experiment can set a tolerance for. */
export type JudgedFigure = keyof typeof timeFigures | keyof typeof plainFigures;

function tolerance(rule: string, absolute: (value: string | number) => number) {
	return z.union([z.string(), z.number()], {error: rule}).transform((value, context): Tolerance => {
		try {
			return String(value).endsWith('%') ? {fraction: parsePercent(value)} : {absolute: absolute(value)};
		} catch {
			context.addIssue({code: 'custom', message: rule});
			return z.NEVER;
		}
	});
}

const TimeTolerance = tolerance('a duration such as 15s, or a percentage such as 20%', parseDuration);
const PlainTolerance = tolerance('a number, at least 0, or a percentage such as 5%', value => {
	if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
		throw new RangeError(`Expected value to be a number, at least 0, got ${value}`);
	}

	return value;
});

const named = <S extends z.ZodType>(names: Readonly<Record<string, string>>, schema: S) =>
	Object.fromEntries(
		Object.entries(names).map(([name, meaning]) => [
			name,
			schema.describe(`Tolerance of the ${meaning}`).exactOptional(),
		]),
	) as Record<JudgedFigure, z.ZodExactOptional<S>>;

/** Tolerances: the largest error of the forecast against the measurement, by figure. */
export const AcceptanceSchema = z
	.strictObject({...named(timeFigures, TimeTolerance), ...named(plainFigures, PlainTolerance)})
	.transform((tolerances): Readonly<Record<string, Tolerance>> => ({...tolerances}) as Record<string, Tolerance>);

/** Objectives of the service. */
export const SloSchema = z.strictObject({
	p50: PositiveDuration.describe('Bound of the median latency [duration]').exactOptional(),
	p95: PositiveDuration.describe('Bound of the 95th percentile of latency [duration]').exactOptional(),
	p99: PositiveDuration.describe('Bound of the 99th percentile of latency [duration]').exactOptional(),
	ttft: Duration.describe('Bound of the time to first token [duration]').exactOptional(),
	tpot: PositiveDuration.describe(
		'Bound of the time per output token after the first, of a request; 95 % of the requests keep it [duration]',
	).exactOptional(),
	availability: number({min: 0, max: 1}).describe('Least share of the requests that complete [1]').exactOptional(),
});
