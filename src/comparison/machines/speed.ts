import type {Experiment} from '../../experiment/experiment.ts';
import {fullSpeedOf} from '../../experiment/threads.ts';
import {machineName, type Probe} from '../../records/machine.ts';
import type {RecordHead} from '../../records/record.ts';
import {studentQuantile} from '../../statistics/estimate.ts';

/** Speed of a machine during one run: a factor on all times in service, above 1 slower than the calibrated one. */
export type MeasuredSpeed = {
	readonly factor: number;
	/** 90 % interval by the scatter of the probed requests. */
	readonly low: number;
	readonly high: number;
	/** Requests that were probed. */
	readonly requests: number;
	/** Factor after the load over the one before it; null with one probe. */
	readonly drift: number | null;
	/** Whether it is held against the probes of the calibration, or against the times that the model has. */
	readonly against: 'calibration' | 'model';
};

/** Probes of the records that the models were fitted to, and the machines that they were measured on. */
export type CalibrationProbes = {readonly probes: readonly Probe[]; readonly machines: readonly string[]};

/** Record with probes, by its digest. */
export type ProbedRecord = {
	readonly hash: string;
	readonly probes: readonly Probe[];
	readonly machine: string | undefined;
};

/** Probes of those of the records that models were fitted to; undefined where none of them has any. */
export function calibrationProbesOf(
	records: readonly ProbedRecord[],
	fitted: readonly string[],
): CalibrationProbes | undefined {
	const own = records.filter(({hash}) => fitted.includes(hash));
	return own.length === 0
		? undefined
		: {
				probes: own.flatMap(({probes}) => probes),
				machines: [...new Set(own.flatMap(({machine}) => machine ?? []))],
			};
}

/** Machine of a record, by its name; undefined where the record does not say. */
export function machineOf({machine}: Pick<RecordHead, 'machine'>): string | undefined {
	return machine && machineName(machine);
}

/**
 * Speed of the machine during a run, by the run's probes: the mean logarithm of their requests' times over the model's,
 * less the same of the calibration's own probes where there are any, since an idle pod is not quite as fast as one under
 * load.
 *
 * @returns undefined without probed requests, or without a model of the work of tokens and no calibration's probes
 */
export function measuredSpeed(
	probes: readonly Probe[] | undefined,
	experiment: Experiment,
	calibration?: CalibrationProbes,
): MeasuredSpeed | undefined {
	const logs = logRatios(probes ?? [], experiment);
	const reference = logRatios(calibration?.probes ?? [], experiment);
	if (logs.length < fewestRequests) {
		return undefined;
	}

	const isAgainstProbes = reference.length >= fewestRequests;
	const center = meanOf(logs) - (isAgainstProbes ? meanOf(reference) : 0);
	const error = Math.sqrt(varianceOfMean(logs) + (isAgainstProbes ? varianceOfMean(reference) : 0));
	const half = studentQuantile(0.95, logs.length - 1) * error;
	const [before, after] = (['before', 'after'] as const).map(when =>
		logRatios(
			(probes ?? []).filter(probe => probe.when === when),
			experiment,
		),
	);
	const isTwice = before!.length > 0 && after!.length > 0;
	return {
		factor: Math.exp(center),
		low: Math.exp(center - half),
		high: Math.exp(center + half),
		requests: logs.length,
		drift: isTwice ? Math.exp(meanOf(after!) - meanOf(before!)) : null,
		against: isAgainstProbes ? 'calibration' : 'model',
	};
}

/** Fewer requests than this tell no speed. */
const fewestRequests = 3;

/** Logarithms of the probed times over the model's times of the same tokens. */
function logRatios(probes: readonly Probe[], {deployment}: Experiment): number[] {
	const {service} = deployment;
	if (service.kind !== 'work') {
		return [];
	}

	const own = probes.filter(({cores}) => cores === fullSpeedOf(deployment)); // the quota's slices make others differ
	return own.flatMap(({requests, cores}) =>
		requests.flatMap(({promptTokens, outputTokens, serviceSeconds}) => {
			const {perRequest, perPromptToken, perOutputToken} = service;
			const expected = (perRequest + perPromptToken * promptTokens + perOutputToken * outputTokens) / cores;
			const ratio = serviceSeconds / expected;
			return ratio > 0 && Number.isFinite(ratio) ? [Math.log(ratio)] : [];
		}),
	);
}

function meanOf(values: readonly number[]): number {
	return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function varianceOfMean(values: readonly number[]): number {
	const center = meanOf(values);
	return values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1) / values.length;
}
