import * as z from 'zod';
import {ServiceModelFile} from './cluster-models.ts';
import {fittedCoefficients} from './conditions/spread.ts';
import {type Distribution, TimeDistribution} from './distribution-schema.ts';
import type {RatePoint} from './experiment.ts';
import {PositiveDuration, type RuleBreach} from './leaves.ts';
import type {RateCurves} from './serving/rate-curves.ts';
import {workKinds} from './serving/work-kind.ts';
import {RenewalArrivalsSchema} from './workload-schema.ts';

/** An experiment file as the rules see it. */
export type Parts = {
	/** Reads the value at a path by a schema; `undefined` when it is absent or wrong in itself. */
	readonly read: <S extends z.ZodType>(path: readonly (string | number)[], schema: S) => z.output<S> | undefined;
	/** Keys of the map at a path. */
	readonly keysAt: (path: readonly string[]) => readonly string[];
	/** Number of items of the list at a path. */
	readonly lengthAt: (path: readonly string[]) => number;
};

/** A rule between parts that an experiment breaks, and the value that it has. */
export type BrokenRule = RuleBreach & {readonly got?: string};

/** Most requests that a replication may have. */
const mostRequests = 100_000_000;

/** Rules of the arrivals and the users of an experiment. */
export function* loadRules(parts: Parts, curves?: RateCurves): Generator<BrokenRule> {
	yield* arrivalRules(parts, curves);
	yield* userRules(parts);
}

function* arrivalRules({read, lengthAt}: Parts, curves: RateCurves = new Map()): Generator<BrokenRule> {
	const duration = read(['duration'], PositiveDuration);
	const paths = [
		['workload', 'arrivals'],
		...Array.from({length: lengthAt(['workload', 'tenants'])}, (_, index) => [
			'workload',
			'tenants',
			index,
			'arrivals',
		]),
	];
	for (const path of paths) {
		const arrivals = read(path, RenewalArrivalsSchema);
		const rate = typeof arrivals?.rate === 'string' ? curves.get(path.join('.')) : arrivals?.rate;
		if (duration !== undefined && arrivals !== undefined && rate !== undefined) {
			const expected = (arrivals.rateScale ?? 1) * expectedArrivals({...arrivals, rate}, duration);
			if (expected > mostRequests) {
				const got = `about ${expected.toPrecision(2)}`;
				yield {path: [...path, 'rate'], rule: `a curve of at most ${mostRequests} requests a run`, got};
			}
		}
	}
}

function expectedArrivals(
	{rate, interpolation}: {readonly rate: readonly RatePoint[]; readonly interpolation: 'step' | 'linear'},
	duration: number,
): number {
	return rate.reduce((sum, {at, perSecond}, index) => {
		const next = rate[index + 1] ?? {at: duration, perSecond};
		const seconds = Math.max(0, Math.min(next.at, duration) - at);
		return sum + seconds * (interpolation === 'step' ? perSecond : (perSecond + next.perSecond) / 2);
	}, 0);
}

/** Users who neither think nor wait for an answer would send without end in one instant. */
function* userRules({read, keysAt}: Parts): Generator<BrokenRule> {
	if (read(['workload', 'loop'], z.literal('closed')) === undefined) {
		return;
	}

	const users = ['workload', 'users'];
	const isGiven = keysAt(users).includes('thinkTime');
	const thinkTime = isGiven ? read([...users, 'thinkTime'], TimeDistribution) : zero;
	const time = timeOf(read);
	const model = read(['deployment', 'service'], ServiceModelFile);
	const work = model === undefined ? [] : fittedCoefficients.map(name => model.work[name].value);
	const isFree = time === undefined ? work.length > 0 && work.every(value => value === 0) : isZero(time);
	if (isFree && thinkTime !== undefined && isZero(thinkTime)) {
		yield {path: [...users, 'thinkTime'], rule: 'longer than 0s where requests take no time'};
	}
}

/** Time in service, or work that requests bring along, where its distribution is given. */
function timeOf(read: Parts['read']): Distribution | undefined {
	const paths = [['deployment', 'service'], ...workKinds.map(kind => ['workload', 'requests', kind])];
	return paths.map(path => read(path, TimeDistribution)).find(time => time !== undefined);
}

const zero: Distribution = {distribution: 'constant', value: 0};

function isZero(distribution: Distribution): boolean {
	const {min = 0, max} = distribution;
	return (
		max === 0 ||
		(min === 0 &&
			((distribution.distribution === 'constant' && distribution.value === 0) ||
				(distribution.distribution === 'empirical' && distribution.values.every(value => value === 0))))
	);
}
