/** Replicas over time as a step function: `[seconds, replicas]` at each change, the first at the start of the run. */
export type Timeline = readonly (readonly [number, number])[];

/**
 * Time-weighted mean and largest value of a replica timeline within a window.
 *
 * @param from - start of the window [s]
 * @param to - its end [s], above `from`
 * @throws {RangeError} when the timeline is empty or begins after `from`
 */
export function replicaFigures(timeline: Timeline, from: number, to: number): {mean: number; max: number} {
	if (timeline.length === 0 || timeline[0]![0] > from) {
		throw new RangeError(`Expected the timeline to begin by ${from} s, got ${timeline[0]?.[0] ?? 'no point'}`);
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
