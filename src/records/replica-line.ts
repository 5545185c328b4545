/**
 * Replicas over time as a step function: `[seconds, replicas]` at each change, the first at the start of the run; empty where
 * nobody recorded them.
 */
export type Timeline = readonly (readonly [number, number])[];

/**
 * Time-weighted mean and largest value of a replica timeline within a window.
 *
 * @param from - start of the window [s]
 * @param to - its end [s], above `from`
 * @returns both NaN where the timeline is empty: nobody recorded the replicas
 * @throws {RangeError} when the timeline begins after `from`
 */
export function replicaFigures(timeline: Timeline, from: number, to: number): {mean: number; max: number} {
	const [first] = timeline;
	if (first === undefined) {
		return {mean: Number.NaN, max: Number.NaN};
	}

	if (first[0] > from) {
		throw new RangeError(`Expected the timeline to begin by ${from} s, got ${first[0]}`);
	}

	let area = 0;
	let max = 0;
	for (const [index, [at, replicas]] of timeline.entries()) {
		const begin = Math.max(at, from);
		const end = Math.min(timeline[index + 1]?.[0] ?? to, to);
		if (end > begin) {
			area += replicas * (end - begin);
			max = Math.max(max, replicas);
		}
	}

	return {mean: area / (to - from), max};
}

/** Line of a count that begins with 0 and changes by a number at each time, in whatever order they are given. */
export function lineOfChanges(changes: readonly (readonly [at: number, by: number])[], from: number): Timeline {
	const line: [number, number][] = [[from, 0]];
	for (const [at, by] of changes.toSorted((a, b) => a[0] - b[0])) {
		const last = line.at(-1)!;
		if (last[0] === at) {
			last[1] += by;
		} else {
			line.push([at, last[1] + by]);
		}
	}

	return line;
}
