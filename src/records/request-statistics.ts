import type {Slo} from '../experiment/experiment.ts';
import {jainIndex} from '../statistics/jain-index.ts';
import {SampleDigest} from '../statistics/sample-digest.ts';
import type {Outcome} from './record.ts';

export type RequestCounts = {arrived: number; completed: number; failed: number; timedOut: number; inFlight: number};
export type Percentiles = {p50: number; p95: number; p99: number};
export type LatencyFigures = {mean: number} & Percentiles;

/** Figures of the requests of one run: seconds, requests/s, fractions. NaN where there was nothing to measure. */
export type RequestFigures = {
	/** Over the whole run, warm-up included. */
	requests: RequestCounts;
	throughputPerSecond: number;
	availability: number;
	latencySeconds: LatencyFigures;
	waitSeconds: {mean: number; p95: number};
	/** `p50` and `p99` of answers that an engine streams, as of the time per output token. */
	ttftSeconds: {mean: number; p95: number} & Partial<Percentiles>;
	/** `p95` where the objective bounds it too. */
	tpotSeconds: {mean: number} & Partial<Percentiles>;
	/** Times between tokens that follow each other, over all answers; only where an engine streams them. */
	itlSeconds?: Percentiles;
	sloAttainment: number;
	goodputPerSecond: number;
	tenants: {
		name: string;
		latencySeconds: LatencyFigures;
		throughputPerSecond: number;
		sloAttainment: number;
		/** After the warm-up. */
		requests: {completed: number; timedOut: number};
	}[];
	fairness: number;
	/** NaN where requests have none. */
	outputTokens: number;
	/** Tokens of the prompts; NaN where requests have none. */
	inputTokens: number;
};

/** Requests as columns: a call takes the row of one, so that no number has to be boxed for it. NaN where not measured. */
export type RequestColumns = {
	/** Index of the tenant. */
	readonly tenant: Uint16Array;
	/** [s] */
	readonly arrivedAt: Float64Array;
	/** [s] */
	readonly startedAt: Float64Array;
	/** [s] */
	readonly firstTokenAt: Float64Array;
	readonly promptTokens: ArrayLike<number>;
	readonly outputTokens: ArrayLike<number>;
};

type RequestStatisticsOptions = {
	readonly tenants: readonly string[];
	/** [s] */
	readonly warmup: number;
	/** [s] */
	readonly duration: number;
	readonly slo: Slo;
	/** Whether an engine streams the answers, so that the percentiles of its tokens' times are wanted. */
	readonly isStreamed?: boolean;
};

class TenantTally {
	readonly latency = new SampleDigest();
	completions = 0;
	judged = 0;
	good = 0;
	completed = 0;
	timedOut = 0;
	/** Completed requests of which no time says whether they were good, or whether they ended after the warm-up. */
	unjudged = 0;
	unplaced = 0;
}

/**
 * Takes the requests of a run one by one, in bounded memory, and gives their figures.
 *
 * Latency counts from the time a client wanted to send, over completed requests that arrived after the warm-up.
 * A request is good when it completed and kept the objective's latency (p95, else p99, else p50), `ttft` and `tpot` bounds;
 * without such bounds each completed request is good. Requests in flight at the end are judged neither way.
 *
 * A time that is NaN was not measured. It is left out of means and quantiles; a rate or a share that hangs on it is NaN.
 */
export class RequestStatistics {
	readonly #options: RequestStatisticsOptions;
	readonly #latencyBound: number;
	readonly #ttftBound: number;
	readonly #tpotBound: number;
	readonly #tallies: TenantTally[];
	readonly #wait = new SampleDigest();
	readonly #ttft = new SampleDigest();
	/** Undefined where nobody asks for its percentiles. */
	readonly #tpot: SampleDigest | undefined;
	readonly #counts: RequestCounts = {arrived: 0, completed: 0, failed: 0, timedOut: 0, inFlight: 0};
	#tpotSum = 0;
	#tpotCount = 0;
	#judged = 0;
	#completedJudged = 0;
	#goodJudged = 0;
	#goodCompletions = 0;
	#outputTokens = 0;
	#inputTokens = 0;

	constructor(options: RequestStatisticsOptions) {
		const {slo, tenants, isStreamed = false} = options;
		this.#options = options;
		this.#latencyBound = slo.p95 ?? slo.p99 ?? slo.p50 ?? Number.POSITIVE_INFINITY;
		this.#ttftBound = slo.ttft ?? Number.POSITIVE_INFINITY;
		this.#tpotBound = slo.tpot ?? Number.POSITIVE_INFINITY;
		this.#tpot = slo.tpot === undefined && !isStreamed ? undefined : new SampleDigest();
		this.#tallies = tenants.map(() => new TenantTally());
	}

	/** Requests that no pod holds any more, and requests in flight when the run ends. */
	get counts(): Readonly<RequestCounts> {
		return this.#counts;
	}

	/**
	 * A request that completed.
	 *
	 * @param row - of the request in the columns
	 * @param endedAt - [s]
	 */
	completed(columns: RequestColumns, row: number, endedAt: number): void {
		const arrivedAt = columns.arrivedAt[row]!;
		const startedAt = columns.startedAt[row]!;
		const firstTokenAt = columns.firstTokenAt[row]!;
		const outputTokens = columns.outputTokens[row]!;
		this.#counts.arrived++;
		this.#counts.completed++;
		const tally = this.#tallies[columns.tenant[row]!]!;
		const latency = endedAt - arrivedAt;
		const ttft = firstTokenAt - arrivedAt;
		// An answer of one token has no time per token after the first: it keeps each bound.
		const tpot = outputTokens > 1 ? (endedAt - firstTokenAt) / (outputTokens - 1) : 0;
		const isGood = !(latency > this.#latencyBound || ttft > this.#ttftBound || tpot > this.#tpotBound);
		if (
			isUnknown(latency, this.#latencyBound) ||
			isUnknown(ttft, this.#ttftBound) ||
			isUnknown(tpot, this.#tpotBound)
		) {
			tally.unjudged++;
		}

		const {warmup} = this.#options;
		if (Number.isNaN(endedAt) && arrivedAt < warmup) {
			tally.unplaced++;
		}

		if (endedAt >= warmup || (Number.isNaN(endedAt) && arrivedAt >= warmup)) {
			tally.completions++;
			this.#outputTokens += outputTokens;
			this.#inputTokens += columns.promptTokens[row]!;
			if (isGood) {
				this.#goodCompletions++;
			}
		}

		if (arrivedAt < warmup) {
			return;
		}

		this.#judge(tally, isGood);
		this.#completedJudged++;
		tally.completed++;
		tally.latency.add(latency);
		this.#wait.add(startedAt - arrivedAt);
		this.#ttft.add(ttft);
		if (outputTokens > 1 && !Number.isNaN(endedAt - firstTokenAt)) {
			this.#tpotSum += tpot;
			this.#tpot?.add(tpot);
			this.#tpotCount++;
		}
	}

	/** A request that ended without an answer, or that the end of the run cut off. */
	missed(tenant: number, arrivedAt: number, outcome: Exclude<Outcome, 'completed'>): void {
		this.#counts.arrived++;
		this.#counts[outcome]++;
		if (outcome !== 'inFlight' && arrivedAt >= this.#options.warmup) {
			const tally = this.#tallies[tenant]!;
			this.#judge(tally, false);
			tally.timedOut += outcome === 'timedOut' ? 1 : 0;
		}
	}

	figures(): RequestFigures {
		const {warmup, duration, tenants, isStreamed = false} = this.#options;
		const length = duration - warmup;
		const completions = this.#tallies.reduce((sum, tally) => sum + placed(tally), 0);
		const judgeable = this.#tallies.reduce((sum, tally) => sum + judged(tally), 0);
		const isJudged = !Number.isNaN(judgeable);
		return {
			requests: {...this.#counts},
			throughputPerSecond: completions / length,
			availability: this.#completedJudged / this.#judged,
			latencySeconds: latencyFigures(this.#allLatencies()),
			waitSeconds: {mean: this.#wait.mean(), p95: this.#wait.quantile(0.95)},
			ttftSeconds: {mean: this.#ttft.mean(), p95: this.#ttft.quantile(0.95), ...(isStreamed && othersOf(this.#ttft))},
			tpotSeconds: {
				mean: this.#tpotSum / this.#tpotCount,
				...(this.#tpot !== undefined && {p95: this.#tpot.quantile(0.95), ...(isStreamed && othersOf(this.#tpot))}),
			},
			sloAttainment: isJudged ? this.#goodJudged / this.#judged : Number.NaN,
			goodputPerSecond: isJudged ? this.#goodCompletions / length : Number.NaN,
			tenants: this.#tallies.map((tally, index) => ({
				name: tenants[index]!,
				latencySeconds: latencyFigures(tally.latency),
				throughputPerSecond: placed(tally) / length,
				sloAttainment: tally.good / judged(tally),
				requests: {completed: tally.completed, timedOut: tally.timedOut},
			})),
			fairness: isJudged
				? jainIndex(this.#tallies.filter(({judged}) => judged > 0).map(({good, judged}) => good / judged))
				: Number.NaN,
			outputTokens: Number.isNaN(completions) || this.#outputTokens === 0 ? Number.NaN : this.#outputTokens,
			inputTokens: Number.isNaN(completions) || this.#inputTokens === 0 ? Number.NaN : this.#inputTokens,
		};
	}

	#judge(tally: TenantTally, isGood: boolean): void {
		this.#judged++;
		tally.judged++;
		if (isGood) {
			this.#goodJudged++;
			tally.good++;
		}
	}

	#allLatencies(): SampleDigest {
		if (this.#tallies.length === 1) {
			return this.#tallies[0]!.latency;
		}

		const all = new SampleDigest();
		for (const {latency} of this.#tallies) {
			all.merge(latency);
		}

		return all;
	}
}

/** Whether no time says if a bound was kept. */
function isUnknown(time: number, bound: number): boolean {
	return Number.isNaN(time) && bound !== Number.POSITIVE_INFINITY;
}

function placed({completions, unplaced}: TenantTally): number {
	return unplaced > 0 ? Number.NaN : completions;
}

function judged({judged, unjudged}: TenantTally): number {
	return unjudged > 0 ? Number.NaN : judged;
}

function latencyFigures(digest: SampleDigest): LatencyFigures {
	return {mean: digest.mean(), p50: digest.quantile(0.5), p95: digest.quantile(0.95), p99: digest.quantile(0.99)};
}

function othersOf(digest: SampleDigest): Pick<Percentiles, 'p50' | 'p99'> {
	return {p50: digest.quantile(0.5), p99: digest.quantile(0.99)};
}
