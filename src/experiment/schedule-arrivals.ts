import {RandomStream} from '../engine/random-stream.ts';
import {gammaSampler, type Sampler} from './draw-distribution.ts';
import type {RatePoint, RenewalArrivals} from './experiment.ts';

/** Key of the random stream from which the arrival times of one source are drawn. */
type ArrivalSeed = {readonly seed: number; readonly replication: number; readonly entity: number};

/**
 * Ascending arrival times [s] of one renewal source; Infinity once no more will come.
 *
 * Interarrival times of mean 1 are drawn in operational time and mapped through the inverse of the cumulative rate, so a
 * process keeps its draws when its rate curve changes.
 * @see Çınlar, Introduction to Stochastic Processes, 1975, section 4.7
 */
export function arrivalTimes(arrivals: RenewalArrivals, key: ArrivalSeed): () => number {
	const stream = new RandomStream({...key, purpose: 'arrivals'});
	const gap = gapSampler(arrivals);
	const timeOf = inverseCumulativeRate(arrivals);
	let operational = 0;
	return () => {
		operational += gap(stream);
		return timeOf(operational);
	};
}

function gapSampler({process, cv}: RenewalArrivals): Sampler {
	switch (process) {
		case 'poisson':
			return stream => stream.exponential();
		case 'deterministic':
			return () => 1;
		case 'gamma':
			return gammaSampler(1, cv);
	}
}

type Segment = {
	readonly from: number;
	readonly rate: number;
	/** Change of the rate [1/s²]. */
	readonly slope: number;
	/** Cumulative rate where the segment begins and where it ends. */
	readonly begin: number;
	readonly end: number;
};

/** A function from ascending cumulative rates to times; each call may not go back. */
function inverseCumulativeRate({rate, interpolation}: RenewalArrivals): (cumulative: number) => number {
	const segments = segmentsOf(rate, interpolation === 'linear');
	let current = 0;
	return cumulative => {
		while (current < segments.length && cumulative > segments[current]!.end) {
			current++;
		}

		const segment = segments[current];
		if (segment === undefined) {
			return Number.POSITIVE_INFINITY;
		}

		const rest = cumulative - segment.begin;
		if (rest <= 0) {
			return segment.from;
		}

		// The stable root of slope/2·t² + rate·t = rest, which needs no case for slope 0.
		const root = Math.sqrt(Math.max(0, segment.rate ** 2 + 2 * segment.slope * rest));
		return segment.from + (2 * rest) / (segment.rate + root);
	};
}

function segmentsOf(points: readonly RatePoint[], isLinear: boolean): readonly Segment[] {
	const segments: Segment[] = [];
	let begin = 0;
	for (const [index, {at, perSecond}] of points.entries()) {
		const next = points[index + 1];
		const length = next === undefined ? Number.POSITIVE_INFINITY : next.at - at;
		const slope = next !== undefined && isLinear ? (next.perSecond - perSecond) / length : 0;
		const area = perSecond === 0 && slope === 0 ? 0 : length * (perSecond + (slope === 0 ? 0 : (slope * length) / 2));
		const end = begin + area;
		if (area > 0) {
			segments.push({from: at, rate: perSecond, slope, begin, end});
		}

		begin = end;
	}

	return segments;
}
