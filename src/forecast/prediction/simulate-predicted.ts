import {drawConditions, type RunConditions, uncertaintyOf} from '../../experiment/conditions/draw-conditions.ts';
import {underConditions} from '../../experiment/conditions/under-conditions.ts';
import type {Experiment} from '../../experiment/experiment.ts';
import {Schedule} from '../../experiment/schedule.ts';
import type {RunAccount} from '../../records/pod-usage.ts';
import type {Arm} from '../../records/record.ts';
import type {Timeline} from '../../records/replica-line.ts';
import {simulate} from '../../simulator/simulate.ts';

/** Run of both arms under conditions that were drawn: plain data that crosses threads. */
export type PredictedRun = {
	readonly replication: number;
	readonly conditions: RunConditions;
	readonly dynamic: RunAccount;
	/** Absent without a fixed deployment to compare with. */
	readonly fixed?: RunAccount;
};

/** Simulates one run as a real one may be: the draws of the replication, under conditions that are drawn for it. */
export function simulatePredictedRun(experiment: Experiment, replication: number): PredictedRun {
	const conditions = drawConditions(experiment, replication);
	const changed = underConditions(experiment, conditions);
	const schedule = experiment.workload.loop === 'open' ? new Schedule(changed, replication) : undefined;
	const runOf = (arm: Arm): RunAccount => {
		const {requests, pods, timeline, heldPodSeconds, nodes} = simulate(changed, {
			replication,
			arm,
			schedule,
			isRecorded: false,
		});
		return {requests, pods, timeline, heldPodSeconds, ...(nodes !== undefined && {nodes})};
	};
	return {
		replication,
		conditions,
		dynamic: runOf('dynamic'),
		...(experiment.fixed !== undefined && {fixed: runOf('fixed')}),
	};
}

/** Replicas of the dynamic arm as one real run may have them: of the runs of the prediction, or of the replications. */
export function bandLines(
	results: readonly {readonly dynamic: RunAccount; readonly predicted?: readonly PredictedRun[]}[],
): Timeline[] {
	const predicted = results[0]?.predicted ?? [];
	return (predicted.length > 0 ? predicted : results).map(({dynamic}) => dynamic.timeline);
}

type Counted = {readonly eventCount: number};

/** Events of both arms of a replication. */
export function eventsOf({dynamic, fixed}: {readonly dynamic: Counted; readonly fixed?: Counted}): number {
	return dynamic.eventCount + (fixed?.eventCount ?? 0);
}

/** Most events of the runs for a prediction that are simulated unasked. */
const mostEvents = 5_000_000;

/** Numbers of runs that give an interval of 90 % its ends at whole ranks: the second from either side, or the first. */
const usualRuns = [39, 19] as const;

/**
 * Number of runs that are simulated for the prediction of an experiment.
 *
 * @param wanted - `where short`: as many as are quick; a number of them otherwise
 * @param events - of one replication, both arms together
 * @returns 0 where the replications are such runs themselves, or their number would take long
 */
export function predictionRuns(experiment: Experiment, wanted: number | 'where short', events: number): number {
	if (uncertaintyOf(experiment).length === 0) {
		return 0;
	}

	return wanted === 'where short' ? (usualRuns.find(runs => runs * events <= mostEvents) ?? 0) : wanted;
}
