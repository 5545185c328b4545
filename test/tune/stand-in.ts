import {RandomStream} from '../../src/engine/random-stream.ts';
import type {Task} from '../../src/tune/budgeted-runs.ts';
import type {CandidateFigures} from '../../src/tune/figures.ts';
import type {Candidate} from '../../src/tune/space.ts';

/** What a candidate costs and how late it is, without noise. */
export type Truth = (candidate: Candidate) => {readonly cost: number; readonly p95: number};

/**
 * Plays tasks by formula: the truth, a shock that all candidates of a replication share, and noise of each run's own.
 *
 * @param noise - standard deviations, as shares of the value
 */
export function standIn(truth: Truth, {seed, shared, own}: {seed: number; shared: number; own: number}) {
	let runs = 0;
	const evaluate = async (tasks: readonly Task[]): Promise<CandidateFigures[]> => {
		runs += tasks.length;
		return tasks.map(({candidate, replication}) => {
			const {cost, p95} = truth(candidate);
			const shock = new RandomStream({seed, replication, purpose: 'shock'});
			const noise = new RandomStream({seed, replication, purpose: candidate.id});
			const factor = () => 1 + shared * shock.normal() + own * noise.normal();
			const costPerHour = cost * factor();
			return {
				costPerHour,
				energyWattHours: 10 * costPerHour,
				p50Seconds: p95 / 2,
				p95Seconds: p95 * factor(),
				p99Seconds: 2 * p95,
				ttftSeconds: p95 / 4,
				availability: 1,
				sloMisses: 0.01 * p95,
				churnPerHour: 0,
				meanReplicas: cost,
			};
		});
	};
	return {evaluate, runCount: () => runs};
}
