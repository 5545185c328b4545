import {type Estimate, estimate, studentQuantile} from '../statistics/estimate.ts';
import {firstReplication, type Task} from './budgeted-runs.ts';
import type {CandidateFigures} from './figures.ts';
import type {TuneGoal} from './goal.ts';
import {meetsGoal} from './sensitivity.ts';
import {type Candidate, candidateWith, distinctCandidates, type Setting, type Space} from './space.ts';
import {candidateStandingOf, pairedDifference, sure} from './standing.ts';

/** Paired replications of each candidate. */
const replications = 24;

/** First of them: the search has seen none, so that the best has no more luck in them than others. */
const firstPaired = firstReplication + 500_000;

/** One-sided error of each paired test. */
const error = 0.01;

/** Losses of the objective below these shares are none: one that is certainly below the first, one whose mean is below the second. */
const indifference = {certain: 0.005, likely: 0.01} as const;

/** Rounds in which the settings that are left are tried once more: one may need that another is back. */
const mostRounds = 3;

/** Effect of a setting's present value, all others as recommended. */
export type PresentValue = {
	readonly setting: string;
	/** Change of the objective, pair by pair over the same replications. */
	readonly difference: Estimate;
	readonly meetsGoal: boolean;
};

/** Best candidate with present values wherever another makes no difference. */
export type Kept = {
	readonly candidate: Candidate;
	/** Its runs in replications that the search has not seen. */
	readonly runs: readonly CandidateFigures[];
	/** Settings that were given back their present value. */
	readonly kept: readonly string[];
	/** Effects of the present values of the settings that still differ. */
	readonly changes: readonly PresentValue[];
};

type Keeping = {
	readonly space: Space;
	readonly goal: TuneGoal;
	readonly best: Candidate;
	readonly present: Candidate;
	readonly evaluate: (tasks: readonly Task[]) => Promise<readonly CandidateFigures[]>;
};

/**
 * Gives settings of the best candidate back their present value, alone and together, as long as that makes no
 * significant difference to the objective and the bounds are kept as surely. Everything is compared with the best
 * candidate itself under the same random numbers, so that small losses do not add up.
 *
 * @returns undefined when it was stopped
 */
export async function keepPresent(keeping: Keeping): Promise<Kept | undefined> {
	return new Keeper(keeping).run();
}

class Stopped extends Error {
	override readonly name = 'Stopped';
}

class Keeper {
	readonly #keeping: Keeping;
	readonly #runs = new Map<string, readonly CandidateFigures[]>();

	constructor(keeping: Keeping) {
		this.#keeping = keeping;
	}

	async run(): Promise<Kept | undefined> {
		try {
			return await this.#search();
		} catch (error) {
			if (error instanceof Stopped) {
				return undefined;
			}

			throw error;
		}
	}

	async #search(): Promise<Kept> {
		const {best, present} = this.#keeping;
		await this.#simulate([best, present]);
		let current = await this.#fewestChanges();
		for (let round = 0; round < mostRounds; round++) {
			const before = current;
			for (const setting of (await this.#byLoss(current)).toReversed()) {
				const trial = this.#returned(current, [setting]);
				current = (await this.#isAsGood(trial)) ? trial! : current;
			}

			if (current === before) {
				break;
			}
		}

		const names = this.#differing(best).map(({name}) => name);
		const rest = new Set(this.#differing(current).map(({name}) => name));
		return {
			candidate: current,
			runs: this.#runs.get(current.id)!,
			kept: names.filter(name => !rest.has(name)),
			changes: await this.#changesOf(current),
		};
	}

	/** Settings in which a candidate is not as the present one. */
	#differing(candidate: Candidate): Setting[] {
		const {space, present} = this.#keeping;
		return space.settings.filter(({name}) => candidate.settings[name] !== present.settings[name]);
	}

	/** A candidate with present values of some settings; undefined where a condition or Kubernetes forbids it. */
	#returned({scaling}: Candidate, settings: readonly Setting[]): Candidate | undefined {
		const {space, present} = this.#keeping;
		const candidate = candidateWith(
			space,
			settings.reduce((changed, {name, knob}) => knob.write(changed, present.settings[name]!), scaling),
		);
		const isPresent = candidate !== undefined && this.#differing(candidate).length === 0;
		return isPresent ? present : candidate; // the same settings, in the manifest's own form
	}

	/** The present candidate with as few settings of the best as make it as good, the ones that matter most by themselves first. */
	async #fewestChanges(): Promise<Candidate> {
		const {best} = this.#keeping;
		const settings = await this.#byLoss(best);
		for (const index of settings.keys()) {
			const trial = this.#returned(best, settings.slice(index));
			if (await this.#isAsGood(trial)) {
				return trial!;
			}
		}

		return best;
	}

	/** Settings that differ from the present ones, by the loss that the present value alone makes, the largest first. */
	async #byLoss(candidate: Candidate): Promise<Setting[]> {
		const trials = this.#differing(candidate).map(setting => ({setting, trial: this.#returned(candidate, [setting])}));
		await this.#simulate(trials.flatMap(({trial}) => trial ?? []));
		return trials
			.map(({setting, trial}) => ({
				setting,
				loss: trial === undefined ? Number.POSITIVE_INFINITY : this.#lossOf(trial),
			}))
			.toSorted((a, b) => b.loss - a.loss)
			.map(({setting}) => setting);
	}

	/** Loss of a candidate against the best: of the objective, and infinite where it may miss a bound. */
	#lossOf(candidate: Candidate): number {
		const {best, goal} = this.#keeping;
		const [feasibility, least] = [candidate, best].map(
			({id}) => candidateStandingOf(this.#runs.get(id)!, goal).feasibility,
		);
		return feasibility! >= Math.min(sure, least!) ? this.#differenceOf(candidate).mean : Number.POSITIVE_INFINITY;
	}

	async #isAsGood(candidate: Candidate | undefined): Promise<boolean> {
		if (candidate === undefined) {
			return false;
		}

		const {best, goal} = this.#keeping;
		await this.#simulate([candidate]);
		const {count, mean, deviation} = this.#differenceOf(candidate);
		const half = (studentQuantile(1 - error, count - 1) * deviation) / Math.sqrt(count);
		const scale = Math.abs(candidateStandingOf(this.#runs.get(best.id)!, goal).objective.mean);
		const isNoise = mean - half <= 0 && mean <= indifference.likely * scale;
		const isTiny = mean + half <= indifference.certain * scale;
		return (isNoise || isTiny) && Number.isFinite(this.#lossOf(candidate));
	}

	#differenceOf(candidate: Candidate) {
		const {best, goal} = this.#keeping;
		return pairedDifference(this.#runs.get(candidate.id)!, this.#runs.get(best.id)!, goal);
	}

	async #changesOf(candidate: Candidate): Promise<PresentValue[]> {
		const {goal} = this.#keeping;
		const trials = this.#differing(candidate).flatMap(setting => {
			const trial = this.#returned(candidate, [setting]);
			return trial === undefined ? [] : [{setting: setting.name, trial}];
		});
		await this.#simulate(trials.map(({trial}) => trial));
		const own = this.#runs.get(candidate.id)!;
		return trials.map(({setting, trial}) => {
			const runs = this.#runs.get(trial.id)!;
			return {
				setting,
				difference: estimate(runs.map((run, index) => run[goal.minimize] - own[index]![goal.minimize])),
				meetsGoal: meetsGoal(runs, goal),
			};
		});
	}

	/** Simulates candidates that were not simulated yet. */
	async #simulate(candidates: readonly Candidate[]): Promise<void> {
		const fresh = distinctCandidates(candidates).filter(({id}) => !this.#runs.has(id));
		const tasks = fresh.flatMap(candidate =>
			Array.from({length: replications}, (_, index): Task => ({candidate, replication: firstPaired + index})),
		);
		const simulated = tasks.length === 0 ? [] : await this.#keeping.evaluate(tasks);
		if (simulated.length < tasks.length) {
			throw new Stopped();
		}

		for (const [index, {id}] of fresh.entries()) {
			this.#runs.set(id, simulated.slice(index * replications, (index + 1) * replications));
		}
	}
}
