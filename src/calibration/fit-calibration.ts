import type {Experiment} from '../experiment/experiment.ts';
import {fullSpeedOf} from '../experiment/threads.ts';
import type {Recording} from '../records/record.ts';
import type {CounterTable} from './cpu-counters.ts';
import {fitService, fittedTo, type ServiceFit} from './fit-service.ts';
import {fitUse, type UseFit} from './fit-use.ts';
import {fitVariation, type VariationFit} from './fit-variation.ts';
import {type MetricDelays, metricDelays} from './metric-delays.ts';
import {joinedOverheads, type OverheadTimings, type RequestOverheads, requestOverheads} from './request-overheads.ts';
import {sampleObservations} from './sample-observations.ts';
import {type ServiceChecks, serviceChecks} from './service-checks.ts';
import {serviceObservations} from './service-observations.ts';
import {type StartupTimes, startupTimes} from './startup-times.ts';

/** Smallest numbers of starts and length of observation for fitting the start-up and the metric delays [pods], [s]. */
export const fewest = {pods: 20, metricsSeconds: 1800} as const;

/** A record to fit models to, with its experiment. */
export type CalibrationRecord = {
	readonly recording: Recording;
	readonly experiment: Experiment;
	/** The server's own times, one row for each row of `requests`. */
	readonly timings?: OverheadTimings | undefined;
	/** Readings of the containers' cgroup counters. */
	readonly counters?: CounterTable | undefined;
	/** Whether its requests show the work of a request; true when left out. */
	readonly tellsService?: boolean;
};

export type Calibration = {
	readonly service: ServiceFit;
	readonly variation: VariationFit;
	readonly checks: ServiceChecks;
	readonly overheads: RequestOverheads;
	readonly use: UseFit;
	readonly startup: StartupTimes;
	/** Cores that the model of the pods whose starts were seen could use; absent where pods differ in it. */
	readonly startupCores?: number;
	readonly metrics: MetricDelays;
};

/**
 * Fits every model to records of one cluster, one model and one kind of pod.
 *
 * @param records - at least one
 * @throws {RangeError} when the work of a token cannot be fitted to the requests
 */
export function fitCalibration(records: readonly CalibrationRecord[]): Calibration {
	const telling = records.filter(({tellsService = true}) => tellsService);
	const perRun = telling.map(({recording, experiment, timings, counters}) =>
		serviceObservations(recording, experiment, {timings, counters}),
	);
	const all = perRun.flat();
	const service = fitService(all);
	const observations = fittedTo(all, service.method);
	const own = new Set(observations);
	const ownRuns = perRun.map(run => run.filter(one => own.has(one)));
	return {
		service,
		variation: fitVariation(ownRuns, service),
		checks: serviceChecks(observations, service),
		overheads: joinedOverheads(
			telling.flatMap(({recording, timings}) => (timings === undefined ? [] : [requestOverheads(recording, timings)])),
		),
		use: fitUse(
			records
				.filter(hasSlotsOf(records[0]!))
				.flatMap(({recording, experiment}) => sampleObservations(recording, experiment)),
		),
		...startsOf(records),
		metrics: joined(records.map(({recording}) => metricDelays(recording))),
	};
}

/** Memory goes with the slots, so that it is fitted to pods of one number of them. */
function hasSlotsOf({experiment: {deployment: first}}: CalibrationRecord) {
	return ({experiment: {deployment}}: CalibrationRecord) => deployment.llm.parallel === first.llm.parallel;
}

/** Starts under load are the ones that an autoscaler makes; where there are enough of them, the others do not count. */
function startsOf(records: readonly CalibrationRecord[]): Pick<Calibration, 'startup' | 'startupCores'> {
	const underLoad = records.map(({recording}) => startupTimes(recording, 'under load'));
	const isEnough = joined(underLoad).pods >= fewest.pods;
	const perRecord = isEnough ? underLoad : records.map(({recording}) => startupTimes(recording));
	const cores = records.flatMap(({experiment}, row) =>
		perRecord[row]!.modelLoad.length === 0 ? [] : [fullSpeedOf(experiment.deployment)],
	);
	const isOne = new Set(cores).size === 1;
	return {startup: joined(perRecord), ...(isOne && {startupCores: cores[0]!})};
}

/**
 * The observations of several records together: lists one after the other, numbers added up.
 *
 * @param all - at least one, all of the same parts
 * @throws {RangeError} when there is none
 */
export function joined<Parts extends {readonly [Part in keyof Parts]: readonly number[] | number}>(
	all: readonly Parts[],
): Parts {
	const [first] = all;
	if (first === undefined) {
		throw new RangeError('Expected observations of at least one record, got none');
	}

	const partOf = (name: keyof Parts) => {
		const parts = all.map(one => one[name] as readonly number[] | number);
		return typeof first[name] === 'number'
			? parts.reduce<number>((sum, part) => sum + (part as number), 0)
			: parts.flatMap(part => part as readonly number[]);
	};
	return Object.fromEntries(Object.keys(first).map(name => [name, partOf(name as keyof Parts)])) as Parts;
}

/** Reasons to trust some of a calibration less, a line each. */
export function calibrationWarnings({checks, startup, metrics}: Calibration): string[] {
	const minutes = fewest.metricsSeconds / 60;
	return [
		...limitWarnings(checks.bySpeed),
		...(startup.pods < fewest.pods
			? [`Start-up was seen of ${startup.pods} pods only; at least ${fewest.pods} show how it is distributed`]
			: []),
		...(metrics.duration < fewest.metricsSeconds
			? [
					`Metrics were watched for ${Math.round(metrics.duration / 60)} min only; at least ${minutes} show their delays`,
				]
			: []),
	];
}

/** Ratio of CPU-seconds at two CPU limits above which a model with one number for all limits is not to be trusted at others. */
const sameWork = 1.25;

/** A CPU-second may do less at one limit than at another, or the machine was another one from run to run. */
function limitWarnings(bySpeed: ServiceChecks['bySpeed']): string[] {
	const limits = bySpeed.flatMap(({of, factor: {mean, low, high}}) =>
		mean === null || low === null || high === null ? [] : [{of, mean, low, high}],
	);
	const [least, ...rest] = limits.sort((a, b) => a.mean - b.mean);
	const most = rest.at(-1);
	if (least === undefined || most === undefined || most.mean < sameWork * least.mean || most.low < least.high) {
		return [];
	}

	const ratio = Number((most.mean / least.mean).toPrecision(2));
	return [
		`The same request takes ${ratio} times as many CPU-seconds at ${Number(most.of.toFixed(3))} cores as at ${Number(least.of.toFixed(3))}, and the model has one number for all limits: the machine changed between the runs, or it is slower under one of them; simulate no limit but one that was calibrated alone`,
	];
}
