import {join} from 'node:path';
import {controllerConfig} from '../autoscaler/controller-config.ts';
import {FinishedRuns} from '../files/finished-runs.ts';
import {readTuningDocument, tuningOf} from '../files/read-tuning.ts';
import {estimate} from '../statistics/estimate.ts';
import type {Goal} from '../tune/goal.ts';
import {candidateNamed} from '../tune/reported-candidate.ts';
import {runKey} from '../tune/run-key.ts';
import type {Space} from '../tune/space.ts';
import type {TunedCandidate, Tuning} from '../tune/tuning.ts';
import {version} from './version.ts';

/** What a tuning is asked with, beside its budget. */
export type Asked = {readonly goal: Goal; readonly folder: string};

/** The runs of a space that are finished, in the folder of its tuning. */
export function openFinishedRuns({experiment}: Space, {folder}: Omit<Asked, 'goal'>): FinishedRuns {
	const controller = controllerConfig(experiment);
	return FinishedRuns.open(join(folder, 'runs.ndjson'), runKey(experiment, {controller, version: version()}));
}

/** The tuning that an earlier command finished; nothing when it was asked something else, or ended early. */
export function finishedTuning(space: Space, asked: Asked): Tuning | undefined {
	const document = readTuningDocument(join(asked.folder, 'tune.json'));
	const tuning = document && tuningOf(document, space);
	const {experiment} = space;
	const isOfThis =
		tuning !== undefined &&
		tuning.end !== 'interrupted' &&
		tuning.seed === experiment.seed &&
		document?.experiment.hash === experiment.hash &&
		document.kubernetes === controllerConfig(experiment).kubernetes &&
		document.replications === experiment.replications &&
		textOf(tuning.goal) === textOf(asked.goal);
	return isOfThis && comesOfRuns(space, tuning, asked) ? tuning : undefined;
}

function textOf({minimize, constraints}: Goal): string {
	return [minimize, ...constraints.map(({text}) => text)].join(' ');
}

/** Whether its figures are those of the finished runs: models and prices, which no hash covers, are then the same. */
function comesOfRuns(space: Space, {candidates}: Tuning, asked: Asked): boolean {
	const finished = openFinishedRuns(space, asked);
	try {
		return candidates
			.filter(({recommended, present}) => recommended || present)
			.every(one => one.heldOut && one.costPerHour.mean === costOf(space, one, finished));
	} finally {
		finished.close();
	}
}

function costOf(space: Space, one: TunedCandidate, finished: FinishedRuns): number | null {
	const candidate = candidateNamed(space, one);
	const costs = Array.from({length: one.replications}, (_, replication) => {
		return candidate && finished.find(candidate.id, replication)?.costPerHour;
	});
	return estimate(costs.map(cost => cost ?? Number.NaN)).mean;
}
