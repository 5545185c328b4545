import type {Timeline} from '../../records/replica-line.ts';
import {fairCrps} from '../../statistics/prediction.ts';
import {sweepLines, type Window} from './sweep-lines.ts';

/** Length of a piece of a recording [s]: long against the time for which a line remembers a decision. */
const pieceSeconds = 600;

/**
 * Distance of a forecast from a recorded line in each piece of its time: the mean of the fair CRPS. Times at which the
 * recording or all of the forecast has no value are left out; a piece without any has NaN.
 *
 * @param forecast - a line for each replication
 */
export function pieceLosses(forecast: readonly Timeline[], recorded: Timeline, {from, to}: Window): number[] {
	const pieces = Math.max(1, Math.round((to - from) / pieceSeconds));
	const length = (to - from) / pieces;
	const sums = new Float64Array(pieces);
	const seconds = new Float64Array(pieces);
	const beat = Array.from({length: pieces}, (_, piece) => [from + piece * length, piece] as const);
	sweepLines([beat, recorded, ...forecast], {from, to}, ([piece, actual, ...members], begin, end) => {
		const sorted = members.filter(value => !Number.isNaN(value)).sort((a, b) => a - b);
		if (sorted.length > 0 && !Number.isNaN(actual!)) {
			sums[piece!]! += fairCrps(sorted, actual!) * (end - begin);
			seconds[piece!]! += end - begin;
		}
	});
	return Array.from(sums, (sum, piece) => (seconds[piece]! > 0 ? sum / seconds[piece]! : Number.NaN));
}
