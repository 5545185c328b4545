import type {ScaleEvent} from './scale-events.ts';

/** Scale events of two runs that are the same in both. */
export type EventMatch = {
	/** Share of the first run's events that the second has. */
	readonly precision: number;
	/** Share of the second run's events that the first has. */
	readonly recall: number;
	/** Harmonic mean of both; 1 when neither run has an event. */
	readonly f1: number;
	readonly pairs: readonly {readonly first: ScaleEvent; readonly second: ScaleEvent}[];
};

/** Events further apart than this are not the same [s]: four rounds of the autoscaler. */
const matchWindow = 60;

/**
 * Pairs the events of two runs: one with one, in the same direction and at most a window apart, the nearest first.
 *
 * @param first - the simulated run's
 * @param second - the measured run's
 */
export function matchEvents(
	first: readonly ScaleEvent[],
	second: readonly ScaleEvent[],
	window: number = matchWindow,
): EventMatch {
	const candidates = first.flatMap((a, i) =>
		second.flatMap((b, j) => {
			const lag = Math.abs(a.decision - b.decision);
			return lag <= window && Math.sign(a.to - a.from) === Math.sign(b.to - b.from) ? [{i, j, lag}] : [];
		}),
	);
	const [takenFirst, takenSecond] = [new Set<number>(), new Set<number>()];
	const pairs: {first: ScaleEvent; second: ScaleEvent}[] = [];
	for (const {i, j} of candidates.sort((a, b) => a.lag - b.lag)) {
		if (!takenFirst.has(i) && !takenSecond.has(j)) {
			takenFirst.add(i);
			takenSecond.add(j);
			pairs.push({first: first[i]!, second: second[j]!});
		}
	}

	const precision = share(pairs.length, first.length);
	const recall = share(pairs.length, second.length);
	const both = first.length + second.length;
	return {
		precision,
		recall,
		f1: both === 0 ? 1 : (2 * pairs.length) / both,
		pairs: pairs.sort((a, b) => a.second.decision - b.second.decision),
	};
}

/** 1 of nothing: no event was missed. */
function share(part: number, whole: number): number {
	return whole === 0 ? 1 : part / whole;
}
