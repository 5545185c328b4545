import type {Timeline} from './replica-line.ts';

/** Time at zero replicas, and how often the first ones came. */
export type ZeroFigures = {
	/** Share of the window. */
	readonly share: number;
	/** Changes from none to some. */
	readonly starts: number;
};

/**
 * Zero replicas within a window of a timeline.
 *
 * @param from - start of the window [s]
 * @param to - its end [s], above `from`
 * @returns NaN where nobody recorded the replicas
 */
export function zeroFigures(timeline: Timeline, from: number, to: number): ZeroFigures {
	if (timeline.length === 0) {
		return {share: Number.NaN, starts: Number.NaN};
	}

	let seconds = 0;
	let starts = 0;
	for (const [index, [at, replicas]] of timeline.entries()) {
		const begin = Math.max(at, from);
		const end = Math.min(timeline[index + 1]?.[0] ?? to, to);
		seconds += replicas === 0 && end > begin ? end - begin : 0;
		const before = timeline[index - 1]?.[1];
		starts += before === 0 && replicas > 0 && at >= from && at < to ? 1 : 0;
	}

	return {share: seconds / (to - from), starts};
}
