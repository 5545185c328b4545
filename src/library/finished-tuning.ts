import {join} from 'node:path';
import {controllerConfig} from '../autoscaler/contracts.ts';
import {estimate} from '../statistics/estimate.ts';
import {version} from '../store/disk/package.ts';
import {FinishedRuns} from '../store/results/finished-runs.ts';
import {readTuningDocument} from '../store/results/read-tuning.ts';
import {candidateNamed} from '../tune/given-candidates.ts';
import type {TuneGoal} from '../tune/goal.ts';
import {runKey} from '../tune/scaling.ts';
import type {Space} from '../tune/space.ts';
import {type Tuning, type TuningCandidate, tuningOf} from '../tune/tuning.ts';
import type {TuningQuestion} from './tuning-question.ts';

/** Opens the finished runs of a question, in the folder of its results. */
export function openFinishedRuns({experiment, folder}: TuningQuestion): FinishedRuns {
	const controller = controllerConfig(experiment);
	return FinishedRuns.open(join(folder, 'runs.ndjson'), runKey(experiment, {controller, version: version()}));
}

/** Tuning that an earlier call finished; undefined when it answered another question, or ended early. */
export function findFinishedTuning(question: TuningQuestion): Tuning | undefined {
	const {experiment, space, goal, kubernetes, folder} = question;
	const document = readTuningDocument(join(folder, 'tune.json'));
	const tuning = document && tuningOf(document, space);
	const isOfThis =
		tuning !== undefined &&
		tuning.end !== 'interrupted' &&
		tuning.seed === experiment.seed &&
		document?.experiment.hash === experiment.hash &&
		document.kubernetes === kubernetes &&
		document.replications === experiment.replications &&
		textOf(tuning.goal) === textOf(goal);
	return isOfThis && hasFiguresOfRuns(tuning, question) ? tuning : undefined;
}

function textOf({minimize, constraints}: TuneGoal): string {
	return [minimize, ...constraints.map(({text, share}) => `${text} ${share ?? 'mean'}`)].join(' ');
}

/** Whether its figures are those of the finished runs: models and prices, which no hash covers, are then the same. */
function hasFiguresOfRuns({candidates}: Tuning, question: TuningQuestion): boolean {
	const finished = openFinishedRuns(question);
	try {
		return candidates
			.filter(({recommended, present}) => recommended || present)
			.every(one => one.heldOut && one.costPerHour.mean === costOf(question.space, one, finished));
	} finally {
		finished.close();
	}
}

function costOf(space: Space, one: TuningCandidate, finished: FinishedRuns): number | null {
	const candidate = candidateNamed(space, one);
	const costs = Array.from({length: one.replications}, (_, replication) => {
		return candidate && finished.find(candidate.id, replication)?.costPerHour;
	});
	return estimate(costs.map(cost => cost ?? Number.NaN)).mean;
}
