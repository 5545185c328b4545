import {createHash} from 'node:crypto';
import {workerData} from 'node:worker_threads';
import type {Experiment} from '../../experiment/experiment.ts';
import {type Baseline, simulateBaseline} from '../../forecast/baselines.ts';
import {type PredictedRun, simulatePredictedRun} from '../../forecast/prediction/simulate-predicted.ts';
import {type ReplicationResult, replicate} from '../../forecast/replicate.ts';
import type {RunAccount} from '../../records/pod-usage.ts';

/** Task of one replication of one experiment, by its number in the worker's list. */
export type ReplicationTask = {
	readonly experiment: number;
	readonly replication: number;
	readonly record: boolean;
};

/** Task of one replication of a baseline of an experiment. */
export type BaselineTask = {
	readonly experiment: number;
	readonly replication: number;
	readonly baseline: Baseline;
};

/** Task of one run for the prediction of an experiment. */
export type PredictionTask = {readonly experiment: number; readonly replication: number; readonly isPredicted: true};

/** Data that each worker gets once, when it starts: a trace of a million requests is not sent with every task. */
export type WorkerData = {readonly experiments: readonly Experiment[]};

// This file's imports are all that a worker loads: the simulator, and nothing that reads files or arguments.
const {experiments} = workerData as WorkerData;

/** Entry point of a task: the pool calls it by this name. */
export function replicateTask(
	task: ReplicationTask | BaselineTask | PredictionTask,
): ReplicationResult | RunAccount | PredictedRun {
	const {experiment, replication} = task;
	const chosen = experiments[experiment];
	if (chosen === undefined) {
		throw new RangeError(`Expected experiment to be below ${experiments.length}, got ${experiment}`);
	}

	if ('isPredicted' in task) {
		return simulatePredictedRun(chosen, replication);
	}

	return 'baseline' in task
		? simulateBaseline(chosen, replication, task.baseline)
		: replicate(chosen, replication, {record: task.record, createHash: () => createHash('sha256')});
}
