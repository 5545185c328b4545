import type {Experiment} from '../experiment/experiment.ts';
import type {Recording} from '../records/record.ts';
import {fitService, type ServiceFit} from './fit-service.ts';
import {fitUse, type UseFit} from './fit-use.ts';
import {joinedDelays, type MetricDelays, metricDelays} from './metric-delays.ts';
import {sampleObservations} from './sample-observations.ts';
import {type ServerTimings, serviceObservations} from './service-observations.ts';
import {joinedTimes, type StartupTimes, startupTimes} from './startup-times.ts';

/** A record to fit models to, with its experiment. */
export type CalibrationRecord = {
	readonly recording: Recording;
	readonly experiment: Experiment;
	/** The server's own times, one row for each row of `requests`. */
	readonly timings?: ServerTimings | undefined;
};

export type Calibration = {
	readonly service: ServiceFit;
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
	return {
		service: fitService(
			records.flatMap(({recording, experiment, timings}) => serviceObservations(recording, experiment, timings)),
		),
		use: fitUse(records.flatMap(({recording, experiment}) => sampleObservations(recording, experiment))),
		startup: joinedTimes(records.map(({recording}) => startupTimes(recording))),
		metrics: joinedDelays(records.map(({recording}) => metricDelays(recording))),
	};
}
