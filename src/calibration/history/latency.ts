import {quantileSorted} from 'simple-statistics';
import type {History, LatencyHistory} from '../../records/history.ts';

/** Response times of a history [s]. */
export type LatencyFit = {
	/** Mean at the steps with the least load a pod, a quarter of all. */
	readonly atLowLoad: number;
	/** Coefficient of variation there, with the times of a bucket at its middle; NaN where it cannot be found. */
	readonly cv: number;
	/** Over all answers. */
	readonly mean: number;
	readonly p95: number;
	/** Time that one of a thousand answers exceeds. */
	readonly p999: number;
	/** Answers over all steps, as a share of the requests that came; NaN where either was not recorded. */
	readonly answered: number;
};

/** Response times of the answers; undefined where no histogram of them was recorded. */
export function fitLatency({latency, series, steps, stepSeconds}: History): LatencyFit | undefined {
	const answers = latency?.ratesUpTo.at(-1);
	if (latency === undefined || answers === undefined) {
		return undefined;
	}

	const pods = series.readyReplicas ?? series.currentReplicas;
	const all = Array.from({length: steps}, (_, step) => step).filter(
		step => !Number.isNaN(latency.secondsRate[step]!) && answers[step]! > 0,
	);
	if (all.length === 0) {
		return undefined;
	}

	const loadOf = (step: number) => answers[step]! / Math.max(1, pods?.[step] ?? 1);
	const border = quantileSorted(
		all.map(loadOf).sort((a, b) => a - b),
		0.25,
	);
	const low = all.filter(step => loadOf(step) <= border);
	const came = all.reduce((sum, step) => sum + (series.requestRate?.[step] ?? Number.NaN), 0);
	return {
		atLowLoad: meanAt(latency, low),
		cv: cvAt(latency, low),
		mean: meanAt(latency, all),
		p95: quantileAt(latency, all, 0.95),
		p999: quantileAt(latency, all, 0.999),
		answered: (totalAt(answers, all) * stepSeconds) / (came * stepSeconds),
	};
}

function totalAt(values: Float64Array, steps: readonly number[]): number {
	return steps.reduce((sum, step) => sum + (Number.isNaN(values[step]!) ? 0 : values[step]!), 0);
}

function meanAt({secondsRate, ratesUpTo}: LatencyHistory, steps: readonly number[]): number {
	return totalAt(secondsRate, steps) / totalAt(ratesUpTo.at(-1)!, steps);
}

function cvAt(latency: LatencyHistory, steps: readonly number[]): number {
	const totals = latency.ratesUpTo.map(rates => totalAt(rates, steps));
	let [count, first, second] = [0, 0, 0];
	for (const [index, upTo] of totals.entries()) {
		const [low, high] = [index === 0 ? 0 : latency.bounds[index - 1]!, latency.bounds[index]!];
		const middle = Number.isFinite(high) ? (low + high) / 2 : low;
		const inBucket = Math.max(0, upTo - (totals[index - 1] ?? 0));
		count += inBucket;
		first += inBucket * middle;
		second += inBucket * middle * middle;
	}

	const center = first / count;
	return Math.sqrt(Math.max(0, second / count - center * center)) / center;
}

/** Quantile with straight lines within the buckets; the last bound that is finite where it lies beyond. */
function quantileAt({bounds, ratesUpTo}: LatencyHistory, steps: readonly number[], probability: number): number {
	const totals = ratesUpTo.map(rates => totalAt(rates, steps));
	const wanted = probability * totals.at(-1)!;
	const index = totals.findIndex(total => total >= wanted);
	const [low, high] = [index <= 0 ? 0 : bounds[index - 1]!, bounds[index] ?? Number.NaN];
	const below = index <= 0 ? 0 : totals[index - 1]!;
	const inBucket = totals[index]! - below;
	return Number.isFinite(high) ? low + (inBucket > 0 ? (wanted - below) / inBucket : 1) * (high - low) : low;
}
