import {quantileSorted} from 'simple-statistics';
import type {Timeline} from '../records/replica-line.ts';
import {pieces, valueAt} from './step-line.ts';

/** The band that holds 90 % of the replications at each time, and the share of the time that a measured line is in it. */
export type Envelope = {
	/** `[seconds, low, median, high]` at each change. */
	readonly band: readonly (readonly [number, number, number, number])[];
	/** One share a repeat; NaN when its replicas were not recorded. */
	readonly coverage: readonly number[];
};

/**
 * Pointwise 5 % and 95 % quantiles of the simulated lines.
 *
 * @param window - [s]
 */
export function envelopeOf(
	simulated: readonly Timeline[],
	measured: readonly Timeline[],
	window: {readonly from: number; readonly to: number},
): Envelope {
	const covered = measured.map(() => 0);
	const band: [number, number, number, number][] = [];
	for (const [begin, end] of pieces([...simulated, ...measured], window)) {
		const values = simulated.map(line => valueAt(line, begin)).sort((a, b) => a - b);
		const [low, middle, high] = [0.05, 0.5, 0.95].map(probability => quantileSorted(values, probability));
		for (const [index, line] of measured.entries()) {
			const value = valueAt(line, begin);
			covered[index]! += Number.isNaN(value) ? value : value >= low! && value <= high! ? end - begin : 0;
		}

		const last = band.at(-1);
		if (last === undefined || last[1] !== low || last[2] !== middle || last[3] !== high) {
			band.push([begin, low!, middle!, high!]);
		}
	}

	return {band, coverage: covered.map(seconds => seconds / (window.to - window.from))};
}
