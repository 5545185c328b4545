import {mean, sampleStandardDeviation} from 'simple-statistics';
import {studentQuantile} from '../../statistics/estimate.ts';
import type {Parameter} from './parameter.ts';

/** A value for each parameter, by its key. */
export type SettingsPoint = Readonly<Record<string, number>>;

/** Loss of a point in each piece of each recording; undefined where an experiment cannot have its values. */
export type Losses = readonly (readonly number[])[] | undefined;

/** Simulates points. A later stage draws other replications, and more of them. */
export type EvaluateSettings = (points: readonly SettingsPoint[], stage: FitStage) => Promise<readonly Losses[]>;

/** The search, and the profiles around what it found. */
export type FitStage = 'search' | 'profile';

/** Points of one stage that were evaluated, each once. */
export class Evaluations {
	readonly #evaluate: EvaluateSettings;
	readonly #stage: FitStage;
	readonly #known = new Map<string, {readonly point: SettingsPoint; readonly losses: NonNullable<Losses>}>();
	readonly #impossible = new Set<string>();

	constructor(evaluate: EvaluateSettings, stage: FitStage) {
		this.#evaluate = evaluate;
		this.#stage = stage;
	}

	/** Evaluates the points that are new. */
	async add(points: readonly SettingsPoint[]): Promise<void> {
		const fresh = new Map(points.map(point => [keyOf(point), point]));
		for (const key of [...fresh.keys()].filter(known => this.#known.has(known) || this.#impossible.has(known))) {
			fresh.delete(key);
		}

		const losses = fresh.size === 0 ? [] : await this.#evaluate([...fresh.values()], this.#stage);
		for (const [index, [key, point]] of [...fresh].entries()) {
			const own = losses[index];
			if (own === undefined) {
				this.#impossible.add(key);
			} else {
				this.#known.set(key, {point, losses: own});
			}
		}
	}

	/** Mean loss of a point over its recordings; Infinity where it is impossible. */
	lossOf(point: SettingsPoint): number {
		return meanOf(this.#known.get(keyOf(point))?.losses);
	}

	/** SettingsPoint with the smallest loss. */
	get best(): SettingsPoint {
		return [...this.#known.values()].reduce((best, other) =>
			meanOf(other.losses) < meanOf(best.losses) ? other : best,
		).point;
	}

	/** Values of a parameter that were tried, ascending. */
	valuesOf({key}: Parameter): number[] {
		return [...new Set([...this.#known.values()].map(({point}) => point[key]!))].sort((a, b) => a - b);
	}

	/** Whether a point is worse than the best one beyond what chance explains, or impossible. */
	isWorseThanBest(point: SettingsPoint): boolean {
		const own = this.#known.get(keyOf(point));
		return own === undefined || isWorse(own.losses, this.#known.get(keyOf(this.best))!.losses);
	}

	/** Whether all points with the value are worse than the best one. */
	isExcluded({key}: Parameter, value: number): boolean {
		return [...this.#known.values()]
			.filter(({point}) => point[key] === value)
			.every(({point}) => this.isWorseThanBest(point));
	}
}

/** One-sided level of the comparison of two points: below that of an interval's end, as the best one was chosen among many. */
const level = 0.005;

/**
 * Whether a point is worse than another beyond chance. Its standard error is that of the mean over all pieces, or of the mean
 * over the recordings where that is larger: what a recording draws once, such as the phase of a clock, acts on all of its pieces.
 */
function isWorse(losses: NonNullable<Losses>, best: NonNullable<Losses>): boolean {
	const differences = losses.map((pieces, recording) => pieces.map((loss, piece) => loss - best[recording]![piece]!));
	const pieces = differences.flat();
	const means = differences.map(own => mean(own));
	const error = Math.max(standardError(pieces), standardError(means));
	return pieces.length > 1 && mean(means) > studentQuantile(1 - level, pieces.length - 1) * error;
}

/** Standard error of the mean; 0 of a single value, of whose spread nothing is known. */
function standardError(values: readonly number[]): number {
	return values.length < 2 ? 0 : sampleStandardDeviation([...values]) / Math.sqrt(values.length);
}

function meanOf(losses: Losses): number {
	return losses === undefined ? Number.POSITIVE_INFINITY : mean(losses.map(pieces => mean([...pieces])));
}

function keyOf(point: SettingsPoint): string {
	return JSON.stringify(Object.entries(point).sort(([a], [b]) => (a < b ? -1 : 1)));
}
