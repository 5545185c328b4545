import type {Experiment} from '../experiment/experiment.ts';
import type {Recording} from '../records/record.ts';
import type {CounterTable} from './cpu-counters.ts';
import {fewest} from './fewest.ts';
import {fitService, type ServiceFit} from './fit-service.ts';
import {fitUse, type UseFit} from './fit-use.ts';
import {joined} from './joined.ts';
import {type MetricDelays, metricDelays} from './metric-delays.ts';
import {joinedOverheads, type OverheadTimings, type RequestOverheads, requestOverheads} from './request-overheads.ts';
import {sampleObservations} from './sample-observations.ts';
import {type ServiceChecks, serviceChecks} from './service-checks.ts';
import {serviceObservations} from './service-observations.ts';
import {type StartupTimes, startupTimes} from './startup-times.ts';

/** A record to fit models to, with its experiment. */
export type CalibrationRecord = {
	readonly recording: Recording;
	readonly experiment: Experiment;
	/** The server's own times, one row for each row of `requests`. */
	readonly timings?: OverheadTimings | undefined;
	/** What the containers' cgroups counted. */
	readonly counters?: CounterTable | undefined;
	/** Whether its requests tell what a request takes; they do when left out. */
	readonly tellsService?: boolean;
};

export type Calibration = {
	readonly service: ServiceFit;
	readonly checks: ServiceChecks;
	readonly overheads: RequestOverheads;
	readonly use: UseFit;
	readonly startup: StartupTimes;
	readonly metrics: MetricDelays;
};

/**
 * Fits every model to records of one cluster, one model and one kind of pod.
 *
 * @param records - at least one
 * @throws {RangeError} when the requests do not tell what a token costs
 */
export function calibrate(records: readonly CalibrationRecord[]): Calibration {
	const telling = records.filter(({tellsService = true}) => tellsService);
	const observations = telling.flatMap(({recording, experiment, timings, counters}) =>
		serviceObservations(recording, experiment, {timings, counters}),
	);
	const service = fitService(observations);
	return {
		service,
		checks: serviceChecks(observations, service),
		overheads: joinedOverheads(
			telling.flatMap(({recording, timings}) => (timings === undefined ? [] : [requestOverheads(recording, timings)])),
		),
		use: fitUse(records.flatMap(({recording, experiment}) => sampleObservations(recording, experiment))),
		startup: startsOf(records),
		metrics: joined(records.map(({recording}) => metricDelays(recording))),
	};
}

/** Starts under load are those that an autoscaler makes; where there are enough of them, the others do not count. */
function startsOf(records: readonly CalibrationRecord[]): StartupTimes {
	const underLoad = joined(records.map(({recording}) => startupTimes(recording, 'under load')));
	return underLoad.pods >= fewest.pods ? underLoad : joined(records.map(({recording}) => startupTimes(recording)));
}
