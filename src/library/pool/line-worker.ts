import {drawConditions, uncertaintyOf} from '../../experiment/conditions/draw-conditions.ts';
import {underConditions} from '../../experiment/conditions/under-conditions.ts';
import type {Experiment} from '../../experiment/experiment.ts';
import {Schedule} from '../../experiment/schedule.ts';
import {requestWork} from '../../experiment/serving/request-work.ts';
import type {ResponseTimes} from '../../records/recorded-run.ts';
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
	/** Number of the first replication; 0 when left out. */
	readonly first?: number;
	/** First look of the autoscaler from time 0 of the simulation on [s]; drawn when left out. */
	readonly firstSync?: number;
	/** Time between two readings of the pods' CPU [s]; it is not read when left out. */
	readonly cpuEvery?: number;
};

/** Lines of a recording's forecast, one for each replication. */
export type ForecastLines = {
	/** Replicas over time. */
	readonly replicas: readonly Timeline[];
	/** Mean CPU of the pods [% of the request]; empty where it was not asked for. */
	readonly cpuPercent: readonly Timeline[];
	/** Times until the clients had their answers, after the time before 0. */
	readonly responses: readonly ResponseTimes[];
};

/**
 * Entry point of a task: replicas over time, a line for each replication. Each replication has a speed and a load of its own, as
 * far as the model and the workload say how they vary between runs.
 */
export function forecastLines(task: LineTask): ForecastLines {
	const {experiment, replications, serviceSeconds, lead, replicas, first = 0, firstSync, cpuEvery} = task;
	const isGiven = serviceSeconds === undefined || requestWork(experiment.workload) !== undefined;
	const serviceTimeOf = isGiven ? undefined : (nth: number) => serviceSeconds[nth];
	const isUncertain = uncertaintyOf(experiment).length > 0;
	const shifted = (line: Timeline) => line.map(([at, value]) => [at - lead, value] as const);
	const runs = Array.from({length: replications}, (_, index) => {
		const replication = first + index;
		const own = isUncertain ? underConditions(experiment, drawConditions(experiment, replication)) : experiment;
		const {
			timeline,
			cpuPercent = [],
			requests,
		} = simulate(own, {
			replication,
			arm: 'dynamic',
			schedule: own.workload.loop === 'open' ? new Schedule(own, replication) : undefined,
			isRecorded: false,
			...(serviceTimeOf !== undefined && {serviceTimeOf}),
			...(replicas !== undefined && {replicas}),
			...(firstSync !== undefined && {clocks: {sync: firstSync}}),
			...(cpuEvery !== undefined && {cpuEvery}),
		});
		const {mean, p95} = requests.latencySeconds;
		return {replicas: shifted(timeline), cpuPercent: shifted(cpuPercent), responses: {mean, p95}};
	});
	return {
		replicas: runs.map(run => run.replicas),
		cpuPercent: cpuEvery === undefined ? [] : runs.map(run => run.cpuPercent),
		responses: runs.map(run => run.responses),
	};
}
