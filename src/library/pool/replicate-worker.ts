import {workerData} from 'node:worker_threads';
import type {Experiment} from '../../experiment/experiment.ts';
import type {PredictedRun} from '../../forecast/prediction/simulate-predicted.ts';
import type {ArmReplication, ReplicationResult} from '../../forecast/replicate.ts';
import type {RunAccount} from '../../records/pod-usage.ts';
import {
	type ArmTask,
	type BaselineTask,
	type PredictionTask,
	type ReplicationTask,
	simulateTask,
} from './replicate-task.ts';

/** Data that each worker gets once, when it starts: a trace of a million requests is not sent with every task. */
export type WorkerData = {readonly experiments: readonly Experiment[]};

// This file's imports are all that a worker loads: the simulator, and nothing that reads files or arguments.
const {experiments} = workerData as WorkerData;

/** Entry point of a task: the pool calls it by this name. */
export function replicateTask(
	task: ReplicationTask | ArmTask | BaselineTask | PredictionTask,
): ReplicationResult | ArmReplication | RunAccount | PredictedRun {
	return simulateTask(experiments, task);
}
