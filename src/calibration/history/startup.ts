import {mean, sampleStandardDeviation, sum} from 'simple-statistics';
import type {Distribution} from '../../experiment/experiment.ts';
import type {History} from '../../records/history.ts';
import {estimate} from '../../statistics/estimate.ts';
import {type Identification, notIdentified} from './identification.ts';

/** Time from the wish for a pod to its readiness. */
export type StartupFit = {
	/** Mean [s]. */
	readonly mean: Identification;
	/** Left out where no start was seen. */
	readonly distribution?: Distribution;
	/** Pods that were seen to become ready, and scale-ups that they came in. */
	readonly pods: number;
	readonly scaleUps: number;
};

/** A pod that takes longer is not counted [s]. */
const longestStart = 1800;

/**
 * Start-up times from the steps between a rise of the wish and the rise of the ready pods. Both are seen at the steps alone,
 * so that a time is off by up to one step either way, and right on average.
 */
export function fitStartup({series, stepSeconds, steps}: History): StartupFit {
	const {desiredReplicas: desired, readyReplicas: ready} = series;
	if (desired === undefined || ready === undefined) {
		const missing = desired === undefined ? 'what the autoscaler asked for' : 'the number of ready pods';
		return {mean: notIdentified(`${missing} was not recorded`), pods: 0, scaleUps: 0};
	}

	const events: number[][] = [];
	for (let step = 1; step < steps; step++) {
		const [before, after] = [desired[step - 1]!, desired[step]!];
		if (after > before && ready[step - 1]! >= before) {
			const times = timesOf({desired, ready, stepSeconds}, step, before);
			if (times.length > 0) {
				events.push(times);
			}
		}
	}

	const times = events.flat();
	if (times.length === 0) {
		return {mean: notIdentified('no pod was seen from the scale-up to its readiness'), pods: 0, scaleUps: 0};
	}

	return {
		mean: meanOf(events, stepSeconds),
		distribution: distributionOf(times, stepSeconds),
		pods: times.length,
		scaleUps: events.length,
	};
}

type Lines = {readonly desired: Float64Array; readonly ready: Float64Array; readonly stepSeconds: number};

/** Times of the pods that one rise of the wish at a step asked for [s]; pods that never came, or came in a gap, are left out. */
function timesOf({desired, ready, stepSeconds}: Lines, step: number, before: number): number[] {
	const times: number[] = [];
	const wanted = desired[step]!;
	const last = Math.min(desired.length - 1, step + Math.ceil(longestStart / stepSeconds));
	for (let now = step; now <= last && before + times.length < wanted; now++) {
		const count = ready[now]!;
		if (Number.isNaN(count) || Number.isNaN(desired[now]!) || desired[now]! < wanted) {
			break;
		}

		while (times.length < Math.min(count, wanted) - before) {
			times.push((now - step) * stepSeconds);
		}
	}

	return times;
}

/** Mean over the scale-ups, since the pods of one start alike. */
function meanOf(events: readonly (readonly number[])[], stepSeconds: number): Identification {
	const pods = sum(events.map(({length}) => length));
	const overall = sum(events.flat()) / pods;
	if (events.length < 3) {
		return notIdentified(
			`${events.length === 1 ? 'one scale-up was' : 'two scale-ups were'} seen, with a mean of ${Math.round(overall)} s`,
		);
	}

	const {low, high} = estimate(events.map(times => mean([...times])));
	// A mean of times that are rounded to steps is not known better than the rounding lets it.
	const rounding = stepSeconds / Math.sqrt(6 * events.length);
	return {
		isIdentified: true,
		value: overall,
		low: Math.max(0, Math.min(low ?? overall, overall - 2 * rounding)),
		high: Math.max(high ?? overall, overall + 2 * rounding),
		from: `${pods} pods of ${events.length} scale-ups, seen at steps of ${stepSeconds} s`,
	};
}

/** Part of the mean below which a spread is none that steps let see. */
const leastSpread = 0.1;

function distributionOf(times: readonly number[], stepSeconds: number): Distribution {
	const center = Math.max(0, sum([...times]) / times.length);
	const seen = times.length > 1 ? sampleStandardDeviation([...times]) : 0;
	// The difference of two times that are each rounded up to a step has a variance of step²/6 of its own.
	const spread = Math.sqrt(Math.max(0, seen * seen - (stepSeconds * stepSeconds) / 6));
	return spread <= leastSpread * center
		? {distribution: 'constant', value: center}
		: {distribution: 'gamma', mean: center, cv: spread / center};
}
