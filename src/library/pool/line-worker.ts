import type {Experiment} from '../../experiment/experiment.ts';
import {Schedule} from '../../experiment/schedule.ts';
import {requestWork} from '../../experiment/serving/request-work.ts';
import type {Timeline} from '../../records/replica-line.ts';
import {simulate} from '../../simulator/simulate.ts';

/** Task of forecasting the replicas of one recording. */
export type LineTask = {
	readonly experiment: Experiment;
	readonly replications: number;
	/** Time in service of each request [s], by its number; the model's when left out. A server's requests bring it along. */
	readonly serviceSeconds?: Float64Array;
	/** Time that is simulated before time 0 of the lines [s]. */
	readonly lead: number;
	/** Replicas at the beginning; the autoscaler's minimum when left out. */
	readonly replicas?: number;
};

/** Entry point of a task: replicas over time, a line for each replication. */
export function forecastLines({experiment, replications, serviceSeconds, lead, replicas}: LineTask): Timeline[] {
	const isGiven = serviceSeconds === undefined || requestWork(experiment.workload) !== undefined;
	const serviceTimeOf = isGiven ? undefined : (nth: number) => serviceSeconds[nth];
	return Array.from({length: replications}, (_, replication) => {
		const {timeline} = simulate(experiment, {
			replication,
			arm: 'dynamic',
			schedule: experiment.workload.loop === 'open' ? new Schedule(experiment, replication) : undefined,
			isRecorded: false,
			...(serviceTimeOf !== undefined && {serviceTimeOf}),
			...(replicas !== undefined && {replicas}),
		});
		return timeline.map(([at, count]) => [at - lead, count] as const);
	});
}
