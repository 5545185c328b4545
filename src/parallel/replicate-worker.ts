import {workerData} from 'node:worker_threads';
import type {Experiment} from '../experiment/experiment.ts';
import {type ReplicationResult, replicate} from '../forecast/forecast.ts';

/** One replication of one experiment, by its number in the worker's list. */
export type ReplicationTask = {
	readonly experiment: number;
	readonly replication: number;
	readonly record: boolean;
};

/** What each worker is given once, when it starts: a trace of a million requests is not sent with every task. */
export type WorkerData = {readonly experiments: readonly Experiment[]};

// This file's imports are all that a worker loads: the simulator, and nothing that reads files or arguments.
const {experiments} = workerData as WorkerData;

/** Entry point of a task: the pool calls it by this name. */
export function runTask({experiment, replication, record}: ReplicationTask): ReplicationResult {
	const chosen = experiments[experiment];
	if (chosen === undefined) {
		throw new RangeError(`Expected experiment to be below ${experiments.length}, got ${experiment}`);
	}

	return replicate(chosen, replication, {record});
}
