/** Counter as it was at a scrape. */
export type CounterSample = {readonly at: number; readonly value: number};

/** Part of the mean gap between samples by which a series may miss an edge of the window and still be taken to reach it. */
const edgeTolerance = 1.1;

/**
 * Increase of a counter for each second of a window, as PromQL's `rate()` finds it: the samples inside the window, carried
 * on to its edges. A series that begins inside the window is divided by the whole window all the same, so the rate of a
 * young container climbs with its age.
 *
 * @param samples - of the window (now − window, now], oldest first
 * @returns undefined with fewer than two samples
 * @see prometheus v2.45 promql/functions.go, extrapolatedRate
 */
export function counterRate(samples: readonly CounterSample[], now: number, window: number): number | undefined {
	const first = samples[0];
	const last = samples.at(-1);
	if (first === undefined || last === undefined || samples.length < 2) {
		return undefined;
	}

	const increase = increaseOf(samples);
	const sampled = last.at - first.at;
	const gap = sampled / (samples.length - 1);
	const reach = (missing: number) => (missing < gap * edgeTolerance ? missing : gap / 2);
	const untilZero = increase > 0 ? sampled * (first.value / increase) : Number.POSITIVE_INFINITY;
	const covered = sampled + reach(Math.min(first.at - (now - window), untilZero)) + reach(now - last.at);
	return (increase * covered) / sampled / window;
}

/** A counter that falls began again at 0. */
function increaseOf(samples: readonly CounterSample[]): number {
	let increase = 0;
	let before = samples[0]!.value;
	for (const {value} of samples) {
		increase += value < before ? value : value - before;
		before = value;
	}

	return increase;
}
