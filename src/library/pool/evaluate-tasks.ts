import type {Task} from '../../tune/budgeted-runs.ts';
import type {CandidateFigures} from '../../tune/figures.ts';
import type {EvaluateOptions} from './candidate-pool.ts';

/** Runs that were finished, now or by an earlier command. */
type Finished = {
	readonly find: (candidate: string, replication: number) => CandidateFigures | undefined;
	readonly add: (candidate: string, replication: number, figures: CandidateFigures) => void;
};

type EvaluationOptions = {
	readonly finished: Finished;
	readonly evaluate: (tasks: readonly Task[], options: EvaluateOptions) => Promise<readonly CandidateFigures[]>;
	readonly isStopped: () => boolean;
	/** Called as each task is evaluated. */
	readonly onEvaluated: () => void;
};

/** Function that evaluates the tasks that are not finished yet, and returns all their figures, or the first when stopped. */
export function evaluationOf({finished, evaluate, isStopped, onEvaluated}: EvaluationOptions) {
	return async (tasks: readonly Task[]): Promise<CandidateFigures[]> => {
		const known = tasks.map(({candidate, replication}) => finished.find(candidate.id, replication));
		const missing = tasks.filter((_, index) => known[index] === undefined);
		const evaluated = await evaluate(missing, {
			isStopped,
			onEvaluated(index, figures) {
				const {candidate, replication} = missing[index]!;
				finished.add(candidate.id, replication, figures);
				onEvaluated();
			},
		});
		const results: CandidateFigures[] = [];
		let next = 0;
		for (const figures of known) {
			const own = figures ?? evaluated[next++];
			if (own === undefined) {
				break;
			}

			results.push(own);
		}

		return results;
	};
}
