import {createHash} from 'node:crypto';
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

/** Simulates one run of the experiment that a task names by its number. */
export function simulateTask(
	experiments: readonly Experiment[],
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
