import {quantileSorted} from 'simple-statistics';
import type {Reading} from './reading.ts';

/** Latency by percentile of the judged requests, those without an answer among them; null where there is no answer [s]. */
export type LatencyPercentiles = {
	/** 1 to 99. */
	readonly percents: readonly number[];
	/** Median of the replications at each percentile. */
	readonly median: readonly (number | null)[];
	/** 5 % and 95 % quantiles of the replications. */
	readonly low: readonly (number | null)[];
	readonly high: readonly (number | null)[];
	/** Measured runs, one by one. */
	readonly measured: readonly (readonly (number | null)[])[];
};

const percents = Array.from({length: 99}, (_, index) => index + 1);

/** The percentiles of simulated runs as a band, and of each measured run. */
export function latencyPercentiles(simulated: readonly Reading[], measured: readonly Reading[]): LatencyPercentiles {
	const lines = simulated.map(lineOf);
	const quantile = (probability: number) =>
		percents.map((_, index) => {
			const values = lines.map(line => line[index]!).sort((a, b) => a - b);
			return answered(quantileSorted(values, probability));
		});
	return {
		percents,
		median: quantile(0.5),
		low: quantile(0.05),
		high: quantile(0.95),
		measured: measured.map(reading => lineOf(reading).map(answered)),
	};
}

/** The smallest latency that a share of the requests kept, infinite where fewer were answered. */
function lineOf({recording, latencies, window}: Reading): number[] {
	const {outcome, scheduledSeconds} = recording.tables.requests;
	const judged = outcome.filter((one, row) => one !== 'inFlight' && scheduledSeconds[row]! >= window.from);
	const unknown = judged.filter(one => one === 'completed').length - latencies.length;
	const count = judged.length - unknown;
	return percents.map(percent => latencies[Math.ceil((percent / 100) * count) - 1] ?? Number.POSITIVE_INFINITY);
}

function answered(latency: number): number | null {
	return Number.isFinite(latency) ? latency : null;
}
