import type {RequestTable} from '../records/record.ts';
import type {Occupation} from './busy-pods.ts';

/** Longest time from the end of a request to the work on the next one that waits [s]; more is something else. */
const longestTurnaround = 0.5;

/**
 * Which request occupied which pod when, by row; nothing for one of which that is not known.
 *
 * A pod with one slot is occupied from the end of the request before, or from when the request was sent, as what the
 * server and the backend do in between holds up the next one. With more slots a request's own time in service counts.
 */
export function occupations(
	{sentSeconds, startedSeconds, endedSeconds, pod}: RequestTable,
	parallel: number,
): (Occupation | undefined)[] {
	const rows = [...pod.keys()].filter(row => pod[row] !== '' && endedSeconds[row]! > startedSeconds[row]!);
	const found: (Occupation | undefined)[] = pod.map(() => undefined);
	const lastEnd = new Map<string, number>();
	for (const row of rows.sort((a, b) => endedSeconds[a]! - endedSeconds[b]!)) {
		const [name, to, started] = [pod[row]!, endedSeconds[row]!, startedSeconds[row]!];
		const free = Math.max(lastEnd.get(name) ?? Number.NEGATIVE_INFINITY, sentSeconds[row]!);
		const isTurnaround = parallel === 1 && free <= started && started - free <= longestTurnaround;
		found[row] = {pod: name, from: isTurnaround ? free : started, to};
		lastEnd.set(name, to);
	}

	return found;
}
