import type {Experiment} from '../../experiment/experiment.ts';
import {wantsBaselines, withBaselines} from '../../forecast/baselines.ts';
import {eventsOf, predictionRuns} from '../../forecast/prediction/simulate-predicted.ts';
import type {ReplicationResult} from '../../forecast/replicate.ts';
import {Simulator} from './simulator.ts';

const mostThreads = 8;

/** The page's threads: one for what moves, the others for what rests. */
export class Simulations {
	readonly #first: Simulator;
	readonly #others: () => readonly Simulator[];

	/** @param script - text of the script that the threads run */
	constructor(script: string) {
		const address = URL.createObjectURL(new Blob([script], {type: 'text/javascript'}));
		this.#first = new Simulator(address);
		let others: Simulator[] | undefined;
		this.#others = () => {
			const threads = Math.min(mostThreads, Math.max(1, navigator.hardwareConcurrency - 1));
			others ??= Array.from({length: threads}, () => new Simulator(address));
			return others;
		};
	}

	/** Replication 0. */
	async first(experiment: Experiment): Promise<ReplicationResult> {
		return this.#first.run(experiment, 0);
	}

	/**
	 * Replications from 1 on.
	 *
	 * @param options - `isWanted`: asked before each; once it says no, those under way are the last
	 * @returns them in their order; nothing when they were not wanted to the end
	 */
	async rest(
		experiment: Experiment,
		{isWanted, onReplication}: {readonly isWanted: () => boolean; readonly onReplication: () => void},
	): Promise<ReplicationResult[] | undefined> {
		const results: ReplicationResult[] = [];
		let next = 1;
		const work = async (simulator: Simulator) => {
			while (next < experiment.replications && isWanted()) {
				const replication = next++;
				results[replication - 1] = await simulator.run(experiment, replication);
				if (isWanted()) {
					onReplication();
				}
			}
		};
		await Promise.all(this.#others().map(work));
		return isWanted() ? results : undefined;
	}

	/**
	 * The results with the baselines of `replicast run`: the fewest fixed pods that keep the objective, no delay, and the
	 * experiment without each likely cause. The results as they are where those would take too long.
	 *
	 * @returns nothing when they were not wanted to the end
	 */
	async withBaselines(
		experiment: Experiment,
		results: readonly ReplicationResult[],
		isWanted: () => boolean,
	): Promise<readonly ReplicationResult[] | undefined> {
		if (!wantsBaselines(experiment, results)) {
			return results;
		}

		const threads = this.#others();
		let next = 0;
		try {
			return await withBaselines(experiment, results, async (replication, baseline) =>
				threads[next++ % threads.length]!.baseline(experiment, {replication, baseline, isWanted}),
			);
		} catch (error) {
			if (isWanted()) {
				throw error;
			}

			return undefined;
		}
	}

	/**
	 * The results with the runs of the prediction of `replicast run`, where those are quick.
	 *
	 * @returns nothing when they were not wanted to the end
	 */
	async withPrediction(
		experiment: Experiment,
		results: readonly ReplicationResult[],
		isWanted: () => boolean,
	): Promise<readonly ReplicationResult[] | undefined> {
		const [first, ...others] = results;
		const count = predictionRuns(experiment, 'where short', eventsOf(first!));
		const threads = this.#others();
		try {
			const predicted = await Promise.all(
				Array.from({length: count}, async (_, replication) =>
					threads[replication % threads.length]!.predicted(experiment, {replication, isWanted}),
				),
			);
			return [{...first!, predicted}, ...others];
		} catch (error) {
			if (isWanted()) {
				throw error;
			}

			return undefined;
		}
	}
}
