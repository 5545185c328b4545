import type {Experiment} from '../experiment/experiment.ts';
import {Schedule} from '../experiment/schedule.ts';
import {closedScheduleHash, createSha256, HashedRequests, type Sha256} from '../experiment/schedule-hash.ts';
import type {RunAccount} from '../records/pod-usage.ts';
import type {Arm, Recording} from '../records/record.ts';
import {headOfRun} from '../records/record-hash.ts';
import {type SimulatedRun, simulate} from '../simulator/simulate.ts';
import type {Suspect} from './causes.ts';
import type {NodeEffectRun} from './nodes/node-effects.ts';
import type {PredictedRun} from './prediction/simulate-predicted.ts';

/** Result of one arm of one replication: plain data that crosses threads. */
type ArmResult = Omit<SimulatedRun, 'tables' | 'omitted'>;

/** Simulates both arms of one replication with exactly the same requests. */
export type ReplicationResult = {
	readonly replication: number;
	/** Digest of the replication's arrivals and token draws. */
	readonly scheduleHash: string;
	readonly dynamic: ArmResult;
	/** Absent when the experiment has no fixed deployment to compare with. */
	readonly fixed?: ArmResult;
	/** Further arms under the same requests, where they were simulated. */
	readonly baselines?: {
		/** The largest fixed number that was tried for the smallest. */
		readonly searchedUpTo: number;
		readonly ideal?: RunAccount;
		/** The experiment without each part of its node autoscaling. */
		readonly nodes?: readonly NodeEffectRun[];
		/** The smallest fixed number of pods that keeps the objective over the replications that have it. */
		readonly smallest?: {readonly replicas: number; readonly run: RunAccount};
		/** The experiment without each suspected cause of its shortfall. */
		readonly suspects?: readonly {readonly suspect: Suspect; readonly run: RunAccount}[];
	};
	/** Runs for the prediction, of the first replication alone; empty where the replications are such runs themselves. */
	readonly predicted?: readonly PredictedRun[];
	/** Present when asked for. */
	readonly recordings?: {readonly dynamic: Recording; readonly fixed?: Recording};
};

/**
 * Simulates both arms of one replication.
 *
 * @param replication - its number, from 0; with the seed it selects every random draw
 * @param options - `record`: whether to keep the tables of records; `createHash`: what the requests are hashed with
 */
export function replicate(
	experiment: Experiment,
	replication: number,
	options: {readonly record: boolean; readonly createHash?: () => Sha256},
): ReplicationResult {
	const isOpen = experiment.workload.loop === 'open';
	const schedule = isOpen
		? new HashedRequests(new Schedule(experiment, replication), options.createHash ?? createSha256)
		: undefined;
	const runOf = (arm: Arm) => simulate(experiment, {replication, arm, schedule, isRecorded: options.record});
	const dynamic = runOf('dynamic');
	const fixed = experiment.fixed === undefined ? undefined : runOf('fixed');
	const scheduleHash = schedule?.digest() ?? closedScheduleHash(experiment, replication);
	const recordingOf = (arm: Arm, run: SimulatedRun): Recording => ({
		head: headOfRun(experiment, {engine: 'simulated', arm, replication, scheduleHash}),
		tables: run.tables!,
		...(run.omitted.length > 0 && {omitted: run.omitted}),
	});
	return {
		replication,
		scheduleHash,
		dynamic: withoutTables(dynamic),
		...(fixed !== undefined && {fixed: withoutTables(fixed)}),
		...(options.record && {
			recordings: {
				dynamic: recordingOf('dynamic', dynamic),
				...(fixed !== undefined && {fixed: recordingOf('fixed', fixed)}),
			},
		}),
	};
}

function withoutTables({tables: _, omitted: __, ...result}: SimulatedRun): ArmResult {
	return result;
}
