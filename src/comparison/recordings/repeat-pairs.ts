import type {RecordedCounts, RecordedRun} from '../../records/recorded-run.ts';
import type {RepeatPair} from './set-scores.ts';
import {meanDifference, meanValue} from './sweep-lines.ts';

/** Columns of `runs.csv` that say under which settings a run was made. */
const settingColumns = ['hpa', 'cluster'];

/**
 * Pairs of recordings of the same workload under the same settings that began with as many replicas, compared while
 * requests were sent: how far a cluster is from itself.
 *
 * @param judged - line that is compared
 */
export function repeatPairs(runs: readonly RecordedRun[], judged: RecordedCounts): RepeatPair[] {
	return runs.flatMap((first, index) =>
		runs.slice(index + 1).flatMap(second => {
			const [a, b] = [first.lines[judged], second.lines[judged]];
			if (a === undefined || b === undefined || !areRepeats(first, second) || a[0]![1] !== b[0]![1]) {
				return [];
			}

			const window = {from: 0, to: Math.min(sentUntil(first), sentUntil(second))};
			return [
				{
					runs: [`${first.set}/${first.run}`, `${second.set}/${second.run}`] as const,
					replicaError: meanDifference(a, b, window),
					podHoursError: meanValue(b, window) / meanValue(a, window) - 1,
				},
			];
		}),
	);
}

function areRepeats(first: RecordedRun, second: RecordedRun): boolean {
	return (
		first.workloadName === second.workloadName &&
		settingColumns.every(column => first.cells[column] === second.cells[column])
	);
}

/** End of the sending, where it was recorded; of the recording otherwise [s]. */
function sentUntil({cells, untilSeconds}: RecordedRun): number {
	const sending = Number(cells['sendingSeconds'] || Number.NaN);
	return sending > 0 ? Math.min(sending, untilSeconds) : untilSeconds;
}
