import type {Experiment} from '../experiment/experiment.ts';
import {Schedule} from '../experiment/schedule.ts';
import {closedScheduleHash, createSha256, HashedRequests, type Sha256} from '../experiment/schedule-hash.ts';
import type {Arm} from '../records/record.ts';
import {headOfRun} from '../records/record-hash.ts';
import {simulate} from '../simulator/simulate.ts';
import {type ArmReplication, joinArms, type ReplicationResult} from './replication-result.ts';

export type {ArmReplication, ReplicationResult} from './replication-result.ts';

type ReplicateOptions = {
	/** Whether to keep the tables of records. */
	readonly record: boolean;
	/** Hash of the requests; the one that runs everywhere when left out. */
	readonly createHash?: () => Sha256;
};

/**
 * Simulates both arms of one replication.
 *
 * @param replication - its number, from 0; with the seed it selects every random draw
 */
export function replicate(experiment: Experiment, replication: number, options: ReplicateOptions): ReplicationResult {
	const schedule = scheduleOf(experiment, replication, options);
	const runOf = (arm: Arm) => simulateArm(experiment, replication, {...options, arm, schedule});
	const dynamic = runOf('dynamic');
	return joinArms(replication, dynamic, experiment.fixed === undefined ? undefined : runOf('fixed'));
}

/** Simulates one arm of one replication, with the requests that the other has. */
export function replicateArm(
	experiment: Experiment,
	replication: number,
	options: ReplicateOptions & {readonly arm: Arm},
): ArmReplication {
	return simulateArm(experiment, replication, {...options, schedule: scheduleOf(experiment, replication, options)});
}

function scheduleOf(
	experiment: Experiment,
	replication: number,
	{createHash = createSha256}: ReplicateOptions,
): HashedRequests | undefined {
	return experiment.workload.loop === 'open'
		? new HashedRequests(new Schedule(experiment, replication), createHash)
		: undefined;
}

type SimulateArmOptions = ReplicateOptions & {readonly arm: Arm; readonly schedule: HashedRequests | undefined};

function simulateArm(
	experiment: Experiment,
	replication: number,
	{arm, schedule, record}: SimulateArmOptions,
): ArmReplication {
	const {tables, omitted, ...result} = simulate(experiment, {replication, arm, schedule, isRecorded: record});
	const scheduleHash = schedule?.digest() ?? closedScheduleHash(experiment, replication);
	return {
		scheduleHash,
		result,
		...(record && {
			recording: {
				head: headOfRun(experiment, {engine: 'simulated', arm, replication, scheduleHash}),
				tables: tables!,
				...(omitted.length > 0 && {omitted}),
			},
		}),
	};
}
