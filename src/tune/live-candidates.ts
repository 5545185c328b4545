import type {Experiment} from '../experiment/experiment.ts';
import {experimentHash} from '../experiment/experiment-hash.ts';
import type {Estimate} from '../statistics/estimate.ts';
import {scaled} from './evaluate-candidate.ts';
import {candidateNamed} from './given-candidates.ts';
import type {LiveCandidate} from './live-check.ts';
import type {Candidate, Space} from './space.ts';
import {objectiveKey, type Tuning, type TuningCandidate} from './tuning.ts';

/** Losses in the order in which they are taken: those for the objective first. */
const lossOrder: readonly TuningCandidate['loss'][] = ['worse', 'misses', 'cut'];

/**
 * Candidates for a live check of the ranking: the recommended one, the present one where it is another, and one that
 * the search dropped. It is the one whose objective is farthest from both, less the intervals, among candidates dropped
 * as worse if there is one, else among candidates that miss a bound, else among candidates that were cut.
 *
 * @param isReplayable - whether a cluster can replay it
 */
export function liveCandidates(
	space: Space,
	tuning: Tuning,
	isReplayable: (experiment: Experiment) => boolean,
): LiveCandidate[] {
	const recommended = tuning.candidates[0]!;
	const present = tuning.candidates.find(one => one.present)!;
	const named = [...new Set([recommended, present])];
	const liveOf = (one: TuningCandidate, role: LiveCandidate['role']): LiveCandidate | undefined => {
		const candidate = candidateNamed(space, one);
		return candidate && {role, name: one.name, settings: one.settings, experiment: experimentOf(space, one, candidate)};
	};
	const chosen = [liveOf(recommended, 'recommended'), ...(named.length > 1 ? [liveOf(present, 'present')] : [])];
	for (const {loss, one} of clearLosers(tuning, named)) {
		const loser = liveOf(one, 'dropped');
		if (loser !== undefined && isReplayable(loser.experiment)) {
			chosen.push({...loser, dropped: {loss, objective: one[objectiveKey(tuning.goal)]}});
			break;
		}
	}

	return chosen.filter(one => one !== undefined);
}

type Loser = {
	readonly one: TuningCandidate;
	readonly loss: NonNullable<TuningCandidate['loss']>;
	readonly gap: number;
};

/** Candidates with an objective apart from all the others given, in the order in which they are taken. */
function clearLosers({candidates, goal}: Tuning, others: readonly TuningCandidate[]): Loser[] {
	const key = objectiveKey(goal);
	return candidates
		.flatMap((one): Loser[] => {
			const {loss} = one;
			const gap = Math.min(...others.map(other => gapBetween(one[key], other[key])));
			return loss === undefined || one.default || others.includes(one) || !(gap > 0) ? [] : [{one, loss, gap}];
		})
		.sort(
			(a, b) =>
				lossOrder.indexOf(a.loss) - lossOrder.indexOf(b.loss) || b.gap - a.gap || (a.one.name < b.one.name ? -1 : 1),
		);
}

/** From the end of one interval to the beginning of the other; negative where they overlap, NaN without intervals. */
function gapBetween(a: Estimate, b: Estimate): number {
	return a.low === null || a.high === null || b.low === null || b.high === null
		? Number.NaN
		: Math.max(a.low - b.high, b.low - a.high);
}

function experimentOf({experiment}: Space, {present}: TuningCandidate, {scaling}: Candidate): Experiment {
	if (present) {
		return experiment;
	}

	const changed = scaled(experiment, scaling);
	return {...changed, hash: experimentHash(changed)};
}
