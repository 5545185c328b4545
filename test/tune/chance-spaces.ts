import type {Task} from '../../src/tune/budgeted-runs.ts';
import type {CandidateFigures} from '../../src/tune/figures.ts';
import type {Candidate, Space} from '../../src/tune/space.ts';
import {spaceOf} from './make-space.ts';

/** A number in [0, 1) that a text of numbers determines: much cheaper than a stream for each run. */
function hashed(...parts: readonly number[]): number {
	let state = 0x9e3779b9;
	for (const part of parts) {
		state = Math.imul(state ^ part, 0x85ebca6b);
		state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
		state ^= state >>> 16;
	}

	return (state >>> 0) / 2 ** 32;
}

function normalOf(...parts: readonly number[]): number {
	const radius = Math.sqrt(-2 * Math.log(1 - hashed(...parts, 1)));
	return radius * Math.cos(2 * Math.PI * hashed(...parts, 2));
}

/** A factor with a mean of 1, from a draw that all candidates of a replication share and one of the candidate's own. */
export type Noise = (shared: number, own: number, ownUniform: number) => number;

/** Nearly symmetric noise. */
export const normalNoise =
	(shared: number, own: number): Noise =>
	(common, alone) =>
		1 + shared * common + own * alone;

/** A log-normal factor: its long tail makes the mean of few runs too small more often than too large. */
export const longTailed =
	(shared: number, own: number): Noise =>
	(common, alone) =>
		Math.exp(shared * common + own * alone - (shared ** 2 + own ** 2) / 2);

/** A rare disaster, in one run of `1/rate`, on top of little noise. */
export const disasters =
	(rate: number, size: number): Noise =>
	(common, alone, uniform) =>
		(1 + 0.05 * common + 0.03 * alone + (uniform < rate ? size : 0)) / (1 + rate * size);

export type Truth = {readonly cost: number; readonly p95: number};

/** An enumerable space whose truth is known. */
export type ChanceSpace = {
	readonly name: string;
	readonly space: Space;
	readonly truth: (candidate: Candidate) => Truth;
	readonly costNoise: Noise;
	readonly lateNoise: Noise;
};

/** 48 settings: eight targets by six sizes. */
export const space48 = spaceOf({
	'cpu.averageUtilization': {from: 40, to: 110, step: 10},
	maxReplicas: {from: 3, to: 8},
});

/** Runs of a chance space, by formula. */
export function evaluateBy({truth, costNoise, lateNoise}: ChanceSpace, seed: number) {
	return async (tasks: readonly Task[]): Promise<CandidateFigures[]> =>
		tasks.map(({candidate, replication}) => {
			const place = Number.parseInt(candidate.id.slice(0, 7), 16);
			const common = normalOf(seed, replication);
			const alone = (purpose: number) => normalOf(seed, replication, place, purpose);
			const {cost, p95} = truth(candidate);
			const late = p95 * lateNoise(common, alone(3), hashed(seed, replication, place, 4));
			return {
				costPerHour: cost * costNoise(normalOf(seed, replication, 5), alone(6), hashed(seed, replication, place, 7)),
				energyWattHours: 0,
				p50Seconds: late / 2,
				p95Seconds: late,
				p99Seconds: late * 2,
				ttftSeconds: late / 4,
				availability: 1,
				sloMisses: 0,
				churnPerHour: 0,
				meanReplicas: cost,
			};
		});
}

const targetOf = ({settings}: Candidate) => Number(settings['cpu.averageUtilization']);
const podsOf = ({settings}: Candidate) => Number(settings['maxReplicas']);

/** Cheap with few pods and a high target, which are late. */
export const smooth = (candidate: Candidate): Truth => ({
	cost: (0.05 + 0.012 * podsOf(candidate)) * (1.6 - 0.006 * targetOf(candidate)),
	p95: 2 + 0.045 * targetOf(candidate) + 14 / podsOf(candidate),
});

export const bound = 8;

type Pivot = {
	/** Of the one candidate that decides, as a share of the bound. */
	readonly at: number;
	/** Least of all that are cheaper, which miss the bound, and most of the others, which keep it. */
	readonly cheaper: number;
	readonly dearer: number;
};

/** The smooth truth, but that the 21st by cost lies where one wants it, 5 % cheaper than any that surely keeps the bound. */
export function pivotal(
	everything: readonly Candidate[],
	{at, cheaper, dearer}: Pivot,
): (candidate: Candidate) => Truth {
	const rank = new Map(
		everything.toSorted((a, b) => smooth(a).cost - smooth(b).cost).map(({id}, index) => [id, index]),
	);
	return candidate => {
		const {cost, p95} = smooth(candidate);
		const place = rank.get(candidate.id)! - 20;
		return place === 0
			? {cost, p95: at * bound}
			: place < 0
				? {cost, p95: Math.max(p95, cheaper * bound)}
				: {cost: 1.05 * cost, p95: Math.min(p95, dearer * bound)};
	};
}
