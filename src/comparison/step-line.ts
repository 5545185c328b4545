import type {PodEvent, PodTable} from '../records/record.ts';
import type {Timeline} from '../records/replica-line.ts';

/** Value of a step function; the first point's value before it. */
export function valueAt(line: Timeline, time: number): number {
	const index = line.findLastIndex(([at]) => at <= time);
	return (line[index] ?? line[0])?.[1] ?? Number.NaN;
}

/**
 * Integral of a function of two step functions over a window.
 *
 * @param of - of the values of both lines
 * @param window - [s]
 */
export function integrate(
	first: Timeline,
	second: Timeline,
	of: (a: number, b: number) => number,
	{from, to}: {readonly from: number; readonly to: number},
): number {
	let area = 0;
	for (const [begin, end] of pieces([first, second], {from, to})) {
		area += of(valueAt(first, begin), valueAt(second, begin)) * (end - begin);
	}

	return area;
}

/** Spans of a window in which no line changes. */
export function pieces(
	lines: readonly Timeline[],
	{from, to}: {readonly from: number; readonly to: number},
): [number, number][] {
	const inside = lines.flatMap(line => line.map(([at]) => at)).filter(at => at > from && at < to);
	const marks = [...new Set([from, ...inside, to])].sort((a, b) => a - b);
	return marks.slice(1).map((end, index) => [marks[index]!, end]);
}

/** The mean of several step functions, one too. */
export function meanLine(lines: readonly Timeline[], window: {readonly from: number; readonly to: number}): Timeline {
	return pieces(lines, window).map(([at]) => [
		at,
		lines.reduce((sum, line) => sum + valueAt(line, at), 0) / lines.length,
	]);
}

/** Line of a count that goes up and down, from 0; equal times make one point. */
function countLine(changes: readonly (readonly [at: number, by: number])[]): Timeline {
	const line: [number, number][] = [[Number.NEGATIVE_INFINITY, 0]];
	for (const [at, by] of changes.toSorted((a, b) => a[0] - b[0])) {
		const [lastAt, last] = line.at(-1)!;
		if (lastAt === at) {
			line[line.length - 1] = [at, last + by];
		} else {
			line.push([at, last + by]);
		}
	}

	return line;
}

/** Pods over time: with their model loaded, and Ready. */
export type PodLines = {readonly loaded: Timeline; readonly ready: Timeline};

const ends: ReadonlySet<PodEvent> = new Set(['terminating', 'gone', 'containerRestarted']);

/** Counts of pods over time, computed from a record's events. */
export function podLines(table: PodTable): PodLines {
	return {
		loaded: stateLine(table, {on: 'modelLoaded', off: ends}),
		ready: stateLine(table, {on: 'ready', off: new Set<PodEvent>(['notReady', 'terminating', 'gone'])}),
	};
}

function stateLine({pod, event, seconds}: PodTable, {on, off}: {on: PodEvent; off: ReadonlySet<PodEvent>}): Timeline {
	const isOn = new Set<string>();
	const changes: [number, number][] = [];
	for (const [row, name] of pod.entries()) {
		if (event[row] === on && !isOn.has(name)) {
			isOn.add(name);
			changes.push([seconds[row]!, 1]);
		} else if (off.has(event[row]!) && isOn.delete(name)) {
			changes.push([seconds[row]!, -1]);
		}
	}

	return countLine(changes);
}
