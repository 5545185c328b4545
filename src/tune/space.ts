import type {Experiment} from '../experiment/experiment.ts';
import {smallest} from '../statistics/extremes.ts';
import type {Condition} from './condition.ts';
import {flawOf} from './condition.ts';
import type {Knob, Value} from './knob.ts';
import {plainScaling, type Scaling, scalingId} from './scaling.ts';

/** A knob and the values that are tried, numbers ascending. */
export type Setting = {readonly name: string; readonly knob: Knob; readonly values: readonly Value[]};

/** Space of candidates. A setting that is not in it stays as the experiment has it. */
export type Space = {
	readonly name: string;
	readonly experiment: Experiment;
	readonly present: Scaling;
	readonly settings: readonly Setting[];
	readonly conditions: readonly Condition[];
};

/** Index of each setting's value. */
export type Point = readonly number[];

export type Candidate = {
	readonly id: string;
	readonly scaling: Scaling;
	/** By name of the setting. */
	readonly settings: Readonly<Record<string, Value>>;
};

/** Number of points, including the ones that break a condition. */
export function pointCount({settings}: Space): number {
	return settings.reduce((product, {values}) => product * values.length, 1);
}

/** The point of a number from 0 to below {@link pointCount}. */
export function pointOfNumber({settings}: Space, number: number): Point {
	let rest = number;
	return settings.map(({values}) => {
		const index = rest % values.length;
		rest = Math.floor(rest / values.length);
		return index;
	});
}

/** Points of a space that are kept with their candidates: a search comes by the same ones again and again. */
const mostKept = 20_000;
const keptCandidates = new WeakMap<Space, Map<string, Candidate | undefined>>();

/**
 * The candidate at a point.
 *
 * @returns undefined when a condition does not hold or Kubernetes would refuse it
 */
export function candidateAt(space: Space, point: Point): Candidate | undefined {
	let kept = keptCandidates.get(space);
	if (kept === undefined) {
		kept = new Map();
		keptCandidates.set(space, kept);
	}

	const key = point.join();
	const known = kept.get(key);
	if (known !== undefined || kept.has(key)) {
		return known;
	}

	const candidate = newCandidateAt(space, point);
	if (kept.size < mostKept) {
		kept.set(key, candidate);
	}

	return candidate;
}

function newCandidateAt(space: Space, point: Point): Candidate | undefined {
	const scaling = space.settings.reduce(
		(changed, {knob, values}, index) => knob.write(changed, values[point[index]!]!),
		space.present,
	);
	return candidateWith(space, scaling);
}

/** A scaling as a candidate; undefined when a condition does not hold or Kubernetes would refuse it. */
export function candidateWith(space: Space, scaling: Scaling): Candidate | undefined {
	return space.conditions.every(({holds}) => holds(scaling)) && flawOf(scaling, space.experiment) === undefined
		? candidateOf(space, scaling)
		: undefined;
}

/** The conditions that a scaling breaks. */
export function brokenConditions({conditions}: Pick<Space, 'conditions'>, scaling: Scaling): string[] {
	return conditions.filter(({holds}) => !holds(scaling)).map(({text}) => text);
}

/** Points that are looked at for one that keeps the conditions. */
const mostLooks = 1_000_000;

/** A candidate of the space; undefined where none is found among all points, or a million of them spread over it. */
export function anyCandidate(space: Space): Candidate | undefined {
	const points = pointCount(space);
	const looks = Math.min(points, mostLooks);
	for (let look = 0; look < looks; look++) {
		const candidate = candidateAt(space, pointOfNumber(space, Math.floor((look * points) / looks)));
		if (candidate !== undefined) {
			return candidate;
		}
	}

	return undefined;
}

/** A scaling as a candidate, whether its settings are values of the space or not. */
export function candidateOf({settings}: Space, given: Scaling): Candidate {
	const scaling = plainScaling(given);
	return {
		id: scalingId(scaling),
		scaling,
		settings: Object.fromEntries(settings.map(({name, knob}) => [name, knob.read(scaling)])),
	};
}

/** The point nearest to a candidate, setting by setting. */
export function nearestPoint({settings}: Space, candidate: Candidate): Point {
	return settings.map(({name, values}) => {
		const own = candidate.settings[name]!;
		const exact = values.indexOf(own);
		return exact === -1 ? nearestIndex(values, own) : exact;
	});
}

function nearestIndex(values: readonly Value[], own: Value): number {
	const distance = (value: Value) =>
		typeof value === 'number' && typeof own === 'number' ? Math.abs(value - own) : Number.POSITIVE_INFINITY;
	const distances = values.map(distance);
	return distances.indexOf(smallest(distances));
}

/** Candidates without duplicates. */
export function distinctCandidates(candidates: readonly Candidate[]): Candidate[] {
	return [...new Map(candidates.map(candidate => [candidate.id, candidate])).values()];
}
