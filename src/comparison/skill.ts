import type {Interval} from '../statistics/bootstrap.ts';
import type {Errors} from './error-estimate.ts';

/** How far each two repeats are apart, by their numbers; NaN where a repeat has no such figure. */
export type Distances = readonly {readonly repeats: readonly [number, number]; readonly distance: number}[];

export function distancesOf<T>(repeats: readonly T[], between: (a: T, b: T) => number): Distances {
	return pairsOf([...repeats.keys()]).map(([a, b]) => ({
		repeats: [a, b],
		distance: between(repeats[a]!, repeats[b]!),
	}));
}

/** Mean absolute distance of two repeats; NaN when there is none. */
export function meanDistance(distances: Distances): number {
	return meanAbsolute(distances.map(({distance}) => distance));
}

/**
 * How much the skill hangs on single repeats: the smallest and the largest when one of them is left out.
 *
 * @param errors - by replication and, within it, by repeat
 * @returns null with fewer than three repeats, or where some two of them do not differ at all
 */
export function skillRange(errors: Errors, distances: Distances): Interval | null {
	const repeats = [...(errors[0] ?? []).keys()];
	if (repeats.length < 3) {
		return null;
	}

	const skills = repeats.map(left => {
		const kept = distances.filter(({repeats: pair}) => !pair.includes(left));
		return meanAbsolute(errors.flatMap(row => row.filter((_, repeat) => repeat !== left))) / meanDistance(kept);
	});
	return skills.every(Number.isFinite) ? {low: Math.min(...skills), high: Math.max(...skills)} : null;
}

/** Each two different runs once. */
export function pairsOf<T>(runs: readonly T[]): [T, T][] {
	return runs.flatMap((a, index) => runs.slice(index + 1).map((b): [T, T] => [a, b]));
}

/** NaN when there is none. */
export function meanAbsolute(errors: readonly number[]): number {
	const present = errors.filter(error => !Number.isNaN(error));
	return present.length === 0 ? Number.NaN : present.reduce((sum, error) => sum + Math.abs(error), 0) / present.length;
}
