import type {Timeline} from '../../records/replica-line.ts';

/** The line as a recorder sees it that looks at some times alone: each value is that of its last look. */
export function asSampled(line: Timeline, seconds: readonly number[]): Timeline {
	const seen: [number, number][] = [];
	let next = 0;
	let value = line[0]?.[1] ?? Number.NaN;
	for (const at of seconds) {
		while (next < line.length && line[next]![0] <= at) {
			value = line[next++]![1];
		}

		if (seen.at(-1)?.[1] !== value) {
			seen.push([at, value]);
		}
	}

	return seen;
}
