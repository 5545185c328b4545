import {mean, sum} from 'simple-statistics';
import type {History} from '../../records/history.ts';
import {bridged, longestBridge, longestStretch, type Stretch} from './stretch.ts';

/** Series that says how much load there was, the best first. */
export const loadWitnesses = ['requestRate', 'outputTokenRate', 'cpu'] as const;

export type LoadWitness = (typeof loadWitnesses)[number];

/** Load of a workload over the longest stretch in which it is known. */
export type LoadFit = {
	readonly witness: LoadWitness;
	readonly stretch: Stretch;
	/** Values of the witness at the steps of the stretch, gaps bridged, none below 0. */
	readonly values: Float64Array;
	/** Steps that were bridged. */
	readonly bridged: number;
	/** Steps without a pod, in which nobody served, and nobody counted. */
	readonly atZero: number;
	/** Steps outside the stretch in which the load is known, too. */
	readonly leftOut: number;
	/** Whether its fluctuation from step to step is as large as chance makes it, so that it has that chance in it. */
	readonly hasChance: boolean;
};

/** Shortest load of which something can be learnt [s]: ten minutes. */
export const shortestLoad = 600;

/**
 * Load of a history: its requests, else the tokens of its answers, else the CPU of its pods.
 *
 * @returns undefined where none of them is known for ten minutes
 */
export function fitLoad({series, stepSeconds}: History): LoadFit | undefined {
	for (const witness of loadWitnesses) {
		const {known, atZero} = withZeroPods(series, witness);
		const stretch = known && longestStretch(known, stepSeconds);
		if (known === undefined || stretch === undefined || (stretch.to - stretch.from) * stepSeconds < shortestLoad) {
			continue;
		}

		const {values, steps} = bridged(known, stretch);
		const isKnown = (step: number) => (step < stretch.from || step >= stretch.to) && !Number.isNaN(known[step]!);
		const leftOut = known.reduce((count, _, step) => count + (isKnown(step) ? 1 : 0), 0);
		return {witness, stretch, values, atZero, bridged: steps, leftOut, hasChance: hasChance(values, stepSeconds)};
	}

	return undefined;
}

/** A series that pods export is not there while there is no pod: nothing is served then. */
function withZeroPods(series: History['series'], witness: LoadWitness) {
	const pods = series.currentReplicas ?? series.readyReplicas;
	let atZero = 0;
	const known = series[witness]?.map((value, step) => {
		const isAtZero = Number.isNaN(value) && pods?.[step] === 0;
		atZero += isAtZero ? 1 : 0;
		return isAtZero ? 0 : value;
	});
	return {known, atZero};
}

/** Share of the variance of counts by chance from which on a load has that chance in it. */
const leastChance = 0.5;

/**
 * Whether a rate varies from step to step at least half as much as the counts of a Poisson process do. A rate over a window
 * of several steps does not.
 */
function hasChance(rate: Float64Array, stepSeconds: number): boolean {
	if (rate.length < 3 || mean([...rate.subarray(0, rate.length)]) === 0) {
		return false;
	}

	let squares = 0;
	for (let step = 1; step + 1 < rate.length; step++) {
		const off = rate[step]! - (rate[step - 1]! + rate[step + 1]!) / 2;
		squares += (off * off) / 1.5; // variance of such a difference of independent values, over that of one
	}

	const variance = squares / (rate.length - 2);
	return variance > (leastChance * (sum([...rate]) / rate.length)) / stepSeconds;
}

/** Sentences on the time that a load covers: gaps that were bridged, and parts that were left out. */
export function loadNotes({bridged: steps, leftOut, atZero}: LoadFit, stepSeconds: number): string[] {
	const minutes = (count: number) => `${Math.max(1, Math.round((count * stepSeconds) / 60))} min`;
	return [
		...(atZero > 0
			? [
					`While there was no pod, ${minutes(atZero)} in all, nothing was served and the load is taken to be 0: what came and was refused, or never sent again, is in no series.`,
				]
			: []),
		...(steps > 0
			? [
					`Gaps in the load of ${minutes(steps)} together are bridged by straight lines, each at most ${longestBridge / 60} min long.`,
				]
			: []),
		...(leftOut > 0
			? [
					`The load has longer gaps: the experiment covers the longest part without one, and ${minutes(leftOut)} in which the load is known, too, are left out.`,
				]
			: []),
	];
}
