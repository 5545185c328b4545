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
export class ArrivalTimes {
	readonly #stream: RandomStream;
	readonly #isPoisson: boolean;
	readonly #gap: Sampler;
	readonly #segments: readonly Segment[];
	/** Index of the segment of the last time. */
	#current = 0;
	#operational = 0;
	/** First time that no column has yet; NaN when it is not drawn. */
	#upcoming = Number.NaN;

	constructor(arrivals: RenewalArrivals, key: ArrivalSeed) {
		this.#stream = new RandomStream({...key, purpose: 'arrivals'});
		this.#isPoisson = arrivals.process === 'poisson';
		this.#gap = gapSampler(arrivals);
		this.#segments = segmentsOf(arrivals.rate, arrivals.interpolation === 'linear');
	}

	/** The next time. */
	next(): number {
		this.#operational += this.#isPoisson ? this.#stream.exponential() : this.#gap(this.#stream);
		return this.#timeOf(this.#operational);
	}

	/**
	 * Fills a column with the next times before `end`, as many as it holds.
	 *
	 * @returns how many there are
	 */
	fill(at: Float64Array, end: number): number {
		let upcoming = Number.isNaN(this.#upcoming) ? this.next() : this.#upcoming;
		let count = 0;
		while (count < at.length && upcoming < end) {
			at[count++] = upcoming;
			upcoming = this.next();
		}

		this.#upcoming = upcoming;
		return count;
	}

	/** Time at which the cumulative rate is reached; each call may not go back. */
	#timeOf(cumulative: number): number {
		const segments = this.#segments;
		while (this.#current < segments.length && cumulative > segments[this.#current]!.end) {
			this.#current++;
		}

		const segment = segments[this.#current];
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
	}
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
