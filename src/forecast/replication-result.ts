import type {RunAccount} from '../records/pod-usage.ts';
import type {Recording} from '../records/record.ts';
import type {SimulatedRun} from '../simulator/simulate.ts';
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

/** Arm of a replication that was simulated by itself: plain data that crosses threads. */
export type ArmReplication = {
	readonly scheduleHash: string;
	readonly result: ArmResult;
	/** Present when asked for. */
	readonly recording?: Recording;
};

/** Result of a replication whose arms were simulated apart. */
export function joinArms(
	replication: number,
	dynamic: ArmReplication,
	fixed: ArmReplication | undefined,
): ReplicationResult {
	const {scheduleHash, recording} = dynamic;
	return {
		replication,
		scheduleHash,
		dynamic: dynamic.result,
		...(fixed !== undefined && {fixed: fixed.result}),
		...(recording !== undefined && {
			recordings: {dynamic: recording, ...(fixed?.recording !== undefined && {fixed: fixed.recording})},
		}),
	};
}
