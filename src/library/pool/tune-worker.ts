import {workerData} from 'node:worker_threads';
import type {ControllerConfig} from '../../autoscaler/reconcile.ts';
import type {Experiment} from '../../experiment/experiment.ts';
import {requestsIn, type SharedSchedule} from '../../experiment/schedule-hash.ts';
import {evaluateCandidate} from '../../tune/evaluate-candidate.ts';
import type {CandidateFigures} from '../../tune/figures.ts';
import type {Scaling} from '../../tune/scaling.ts';

/** Task of one replication of one candidate. */
export type TuneTask = {
	readonly scaling: Scaling;
	readonly replication: number;
	/** Its requests, in shared memory; drawn by the worker when left out. */
	readonly schedule?: SharedSchedule | undefined;
};

/** Data that each worker gets once, when it starts. */
export type TuneWorkerData = {readonly experiment: Experiment; readonly controller: ControllerConfig};

// This file's imports are all that a worker loads: the simulator, and nothing that reads files or arguments.
const {experiment, controller} = workerData as TuneWorkerData;

/** Entry point of a task: the pool calls it by this name. */
export function evaluateTask({scaling, replication, schedule}: TuneTask): CandidateFigures {
	return evaluateCandidate(experiment, scaling, {
		replication,
		schedule: schedule && requestsIn(schedule),
		controller,
	});
}
