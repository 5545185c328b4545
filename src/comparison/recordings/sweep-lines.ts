import type {Timeline} from '../../records/replica-line.ts';

/** Window of a recording [s]. */
export type Window = {readonly from: number; readonly to: number};

/** Receives the values of all lines while none of them changes; the array is reused. */
type Visit = (values: readonly number[], begin: number, end: number) => void;

/** Visits the spans of a window in which no line changes, in the order of time. A line has its first value before its first point. */
export function sweepLines(lines: readonly Timeline[], {from, to}: Window, visit: Visit): void {
	const next = lines.map(() => 0);
	const values = lines.map(line => line[0]?.[1] ?? Number.NaN);
	let begin = from;
	while (begin < to) {
		let end = to;
		for (const [index, line] of lines.entries()) {
			let point = next[index]!;
			while (point < line.length && line[point]![0] <= begin) {
				values[index] = line[point++]![1];
			}

			next[index] = point;
			end = Math.min(end, line[point]?.[0] ?? to);
		}

		visit(values, begin, end);
		begin = end;
	}
}

/** Mean over the window of the absolute difference of two lines. */
export function meanDifference(first: Timeline, second: Timeline, window: Window): number {
	let area = 0;
	sweepLines([first, second], window, ([a, b], begin, end) => {
		area += Math.abs(a! - b!) * (end - begin);
	});
	return area / (window.to - window.from);
}

/** Mean of a line over the window. */
export function meanValue(line: Timeline, window: Window): number {
	let area = 0;
	sweepLines([line], window, ([value], begin, end) => {
		area += value! * (end - begin);
	});
	return area / (window.to - window.from);
}
