import {type Estimate, estimate} from '../statistics/estimate.ts';
import {fitWhole, type ServiceFit, workOf} from './fit-service.ts';
import type {ServiceObservation} from './service-observations.ts';
import {slowdownOf} from './slowdown.ts';

/** Requests of one kind, by what they took of the fitted work. */
export type RequestGroup = {readonly of: number; readonly count: number; readonly factor: Estimate};

/** The fit of a request's work seen from other sides. */
export type ServiceChecks = {
	/** The whole time in service, as the client saw it; absent where tokens do not vary. */
	readonly whole?: ServiceFit;
	/** The CPU time that the container's cgroup counted. */
	readonly counted?: ServiceFit;
	/** By the cores that the model may use: CPU-seconds stay when the limit changes. */
	readonly bySpeed: readonly RequestGroup[];
	/** By the number of other pods at work, rounded; the fitted work is that of a pod by itself. */
	readonly byNeighbours: readonly RequestGroup[];
	/** By the cores that the model may use: counted CPU time, of what they allow in the same time. */
	readonly useBySpeed: readonly RequestGroup[];
};

/** Checks a fit against the requests that it was made of, none of which holds NaN. */
export function serviceChecks(observations: readonly ServiceObservation[], fit: ServiceFit): ServiceChecks {
	const byCounters = observations.flatMap(({parts: _, ...one}) =>
		one.counted === undefined ? [] : [{...one, work: one.counted}],
	);
	const whole = fitWhole(observations);
	const counted = fitWhole(byCounters);
	const factor = (one: ServiceObservation) => one.work / workOf(one, fit);
	return {
		...(whole !== undefined && {whole}),
		...(counted !== undefined && {counted}),
		bySpeed: grouped(
			observations,
			({speed}) => speed,
			one => factor(one) / slowdownOf(one, fit),
		),
		byNeighbours: grouped(observations, ({neighbours}) => Math.round(neighbours), factor),
		useBySpeed: grouped(
			observations.filter(({counted}) => counted !== undefined),
			({speed}) => speed,
			one => one.counted! / one.work,
		),
	};
}

function grouped(
	observations: readonly ServiceObservation[],
	kindOf: (one: ServiceObservation) => number,
	factorOf: (one: ServiceObservation) => number,
): RequestGroup[] {
	const kinds = [...new Set(observations.map(kindOf))].sort((a, b) => a - b);
	return kinds.map(of => {
		const factors = observations.filter(one => kindOf(one) === of).map(factorOf);
		return {of, count: factors.length, factor: estimate(factors)};
	});
}
