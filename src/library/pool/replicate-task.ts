import {createHash} from 'node:crypto';
import type {Experiment} from '../../experiment/experiment.ts';
import {type Baseline, simulateBaseline} from '../../forecast/baselines.ts';
import {type PredictedRun, simulatePredictedRun} from '../../forecast/prediction/simulate-predicted.ts';
import {type ArmReplication, type ReplicationResult, replicate, replicateArm} from '../../forecast/replicate.ts';
import type {RunAccount} from '../../records/pod-usage.ts';
import type {Arm} from '../../records/record.ts';

/** Task of one replication of one experiment, by its number in the worker's list. */
export type ReplicationTask = {
	readonly experiment: number;
	readonly replication: number;
	readonly record: boolean;
};

/** Task of one arm of a replication, where there are fewer replications than threads. */
export type ArmTask = ReplicationTask & {readonly arm: Arm};

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
	task: ReplicationTask | ArmTask | BaselineTask | PredictionTask,
): ReplicationResult | ArmReplication | RunAccount | PredictedRun {
	const {experiment, replication} = task;
	const chosen = experiments[experiment];
	if (chosen === undefined) {
		throw new RangeError(`Expected experiment to be below ${experiments.length}, got ${experiment}`);
	}

	if ('isPredicted' in task) {
		return simulatePredictedRun(chosen, replication);
	}

	if ('baseline' in task) {
		return simulateBaseline(chosen, replication, task.baseline);
	}

	const options = {record: task.record, createHash: () => createHash('sha256')};
	return 'arm' in task
		? replicateArm(chosen, replication, {...options, arm: task.arm})
		: replicate(chosen, replication, options);
}
