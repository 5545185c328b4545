import {median} from 'simple-statistics';
import type {Experiment} from '../experiment/experiment.ts';
import type {Recording} from '../records/record.ts';
import type {Clocks} from '../simulator/clocks.ts';

/**
 * Where the clocks of a run stood, as its record shows: a state that it began with, like its pods, not a thing to forecast.
 *
 * The metrics' scrapes are when the API had new points, in most of them within 0.1 s; the reconciles are in the record.
 */
export function clocksOf({tables: {samples, decisions}}: Recording, {metrics}: Experiment): Clocks {
	if (metrics === 'ideal') {
		return {};
	}

	const first = decisions.seconds.find(seconds => seconds >= 0);
	return {
		scrape: phaseOf(
			samples.seconds.filter(seconds => seconds >= 0),
			metrics.scrape.period,
		),
		sync: first !== undefined && first < metrics.sync.period + longestDelay ? first : undefined,
	};
}

/** A first reconcile that comes later than this after its period is not the first [s]. */
const longestDelay = 1;

/** The phase in [0, period) that the times have but for delays of a few: their median around the circle. */
function phaseOf(times: Float64Array, period: number): number | undefined {
	if (times.length === 0) {
		return undefined;
	}

	const turns = [...times].map(time => (2 * Math.PI * time) / period);
	const middle = Math.atan2(sum(turns.map(Math.sin)), sum(turns.map(Math.cos)));
	const offsets = [...times].map(time => offset(time - (middle / (2 * Math.PI)) * period, period));
	return modulo((middle / (2 * Math.PI)) * period + median(offsets), period);
}

/** In [−period / 2, period / 2). */
function offset(time: number, period: number): number {
	return modulo(time + period / 2, period) - period / 2;
}

function modulo(time: number, period: number): number {
	return time - Math.floor(time / period) * period;
}

function sum(values: readonly number[]): number {
	return values.reduce((total, value) => total + value, 0);
}
