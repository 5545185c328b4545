import type {RandomStream} from '../engine/random-stream.ts';
import {SobolSequence} from './sobol.ts';
import {type Candidate, candidateAt, nearestPoint, type Point, pointCount, pointOfNumber, type Space} from './space.ts';

/** Points of the sequence that are looked at for each candidate that is wanted: conditions may rule most of them out. */
const mostTries = 64;

type SpreadOptions = {
	readonly count: number;
	/** Seed of the scrambling. */
	readonly seed: number;
	/** Leaves out what is known already. */
	readonly isKnown?: (candidate: Candidate) => boolean;
};

/** Candidates all over a space: every one of a space that has no more points than wanted, else by a scrambled Sobol sequence. */
export function spreadCandidates(space: Space, {count, seed, isKnown = () => false}: SpreadOptions): Candidate[] {
	const found = new Map<string, Candidate>();
	const keep = (point: Point) => {
		const candidate = candidateAt(space, point);
		if (candidate !== undefined && !found.has(candidate.id) && !isKnown(candidate)) {
			found.set(candidate.id, candidate);
		}
	};
	const points = pointCount(space);
	if (points <= count) {
		for (let number = 0; number < points; number++) {
			keep(pointOfNumber(space, number));
		}

		return [...found.values()];
	}

	const sequence = new SobolSequence({dimensions: space.settings.length, seed});
	for (let index = 0; index < Math.min(points, count) * mostTries && found.size < count; index++) {
		const place = sequence.point(index);
		keep(space.settings.map(({values}, dimension) => Math.floor(place[dimension]! * values.length)));
	}

	return [...found.values()];
}

/** Candidates that differ from the given one in a single setting, setting by setting. */
export function singleChanges(space: Space, candidate: Candidate): {setting: string; candidate: Candidate}[] {
	const origin = nearestPoint(space, candidate);
	return space.settings.flatMap(({name, values}, dimension) =>
		values.flatMap((value, index) => {
			const changed = candidateAt(space, origin.with(dimension, index));
			return changed === undefined || value === candidate.settings[name] || changed.id === candidate.id
				? []
				: [{setting: name, candidate: changed}];
		}),
	);
}

/** Share of the proposals that mix two of the best. */
const mixed = 0.25;
/** Chance that one more setting of a proposal is changed. */
const another = 0.35;

type ProposalOptions = {
	readonly stream: RandomStream;
	readonly count: number;
	readonly isKnown: (candidate: Candidate) => boolean;
};

/**
 * New candidates near the best: one of them with a few settings changed, by a step or two where they are numbers, or
 * two of them mixed.
 *
 * @param elites - the best first; better ones are taken more often
 */
export function proposalsNear(
	space: Space,
	elites: readonly Candidate[],
	{stream, count, isKnown}: ProposalOptions,
): Candidate[] {
	const points = elites.map(elite => nearestPoint(space, elite));
	const found = new Map<string, Candidate>();
	for (let tries = 0; tries < count * mostTries && found.size < count; tries++) {
		const origin = picked(points, stream);
		const partner = picked(points, stream);
		const point =
			points.length > 1 && stream.uniform() < mixed
				? origin.map((index, dimension) => (stream.uniform() < 0.5 ? index : partner[dimension]!))
				: changed(space, origin, stream);
		const candidate = candidateAt(space, point);
		if (candidate !== undefined && !found.has(candidate.id) && !isKnown(candidate)) {
			found.set(candidate.id, candidate);
		}
	}

	return [...found.values()];
}

/** The first of two draws: rank 0 of n is taken with probability (2n − 1)/n². */
function picked<T>(ranked: readonly T[], stream: RandomStream): T {
	const draw = () => Math.floor(stream.uniform() * ranked.length);
	return ranked[Math.min(draw(), draw())]!;
}

function changed({settings}: Space, origin: Point, stream: RandomStream): Point {
	let point = origin;
	do {
		const dimension = Math.floor(stream.uniform() * settings.length);
		const {values} = settings[dimension]!;
		const isNumber = typeof values[point[dimension]!] === 'number' && stream.uniform() < 0.8;
		const index = isNumber
			? point[dimension]! + (stream.uniform() < 0.5 ? -1 : 1) * (stream.uniform() < 0.6 ? 1 : 2)
			: Math.floor(stream.uniform() * values.length);
		point = point.with(dimension, Math.min(values.length - 1, Math.max(0, index)));
	} while (stream.uniform() < another);

	return point;
}
