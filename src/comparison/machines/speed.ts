import type {Experiment} from '../../experiment/experiment.ts';
import {fullSpeedOf} from '../../experiment/threads.ts';
import {machineName, type Probe} from '../../records/machine.ts';
import type {RecordHead} from '../../records/record.ts';
import {studentQuantile} from '../../statistics/estimate.ts';

/** Speed of a machine during one run: a factor on all times in service, above 1 slower than the calibrated one. */
export type MeasuredSpeed = {
	/** Factor as the probes have it. */
	readonly factor: number;
	/** 90 % interval, by what probes of one run differ and by how well the calibrated speed is known. */
	readonly low: number;
	readonly high: number;
	/** Part of the logarithm of the factor to believe, 0 to 1: the rest is what probes show by chance. */
	readonly weight: number;
	/** Most likely factor: `factor` to the power of `weight`. */
	readonly expected: number;
	/** Standard deviation of the logarithm of the factor that all runs have in common: that of the reference. */
	readonly commonError: number;
	/** Requests that were probed. */
	readonly requests: number;
	/** Factor after the load over the one before it; null with one probe. */
	readonly drift: number | null;
	/** Whether it is held against the probes of the calibration, or against the times that the model has. */
	readonly against: 'calibration' | 'model';
};

/** Probes of the records that the models were fitted to, and the machines that they were measured on. */
export type CalibrationProbes = {
	/** Probes of each record. */
	readonly runs: readonly (readonly Probe[])[];
	readonly machines: readonly string[];
};

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
				runs: own.map(({probes}) => probes),
				machines: [...new Set(own.flatMap(({machine}) => machine ?? []))],
			};
}

/** Machine of a record, by its name; undefined where the record does not say. */
export function machineOf({machine}: Pick<RecordHead, 'machine'>): string | undefined {
	return machine && machineName(machine);
}

/** Probes of a run and the machine that it was measured on. */
type ProbedRun = {readonly probes?: readonly Probe[] | undefined; readonly machine?: string | undefined};

/**
 * Speed of the machine during a run, by the run's probes: the mean logarithm of their requests' times over the model's,
 * less the same of the calibration's own probes where there are any, since an idle pod is not quite as fast as one under
 * load.
 *
 * A few requests before and after a run tell its speed only roughly. How much of the factor to believe follows from what is
 * known beforehand: how much runs differ by the model, and how much the two probes of a run differ. The expected factor is
 * the best linear predictor from these. All of it counts where it is too far off for a run of the calibrated machine.
 *
 * @returns undefined without probed requests, or without a model of the work of tokens and no calibration's probes
 * @see G. K. Robinson, That BLUP is a good thing, Statistical Science 6, 1991
 */
export function measuredSpeed(
	{probes = [], machine}: ProbedRun,
	experiment: Experiment,
	calibration?: CalibrationProbes,
): MeasuredSpeed | undefined {
	const logs = logRatios(probes, experiment);
	if (logs.length < fewestRequests) {
		return undefined;
	}

	const references = (calibration?.runs ?? [])
		.map(run => logRatios(run, experiment))
		.filter(({length}) => length >= fewestRequests);
	const noise = Math.max(driftNoise([probes, ...(calibration?.runs ?? [])], experiment), varianceOfMean(logs));
	const {betweenRuns, betweenMachines} = speedSpread(experiment);
	const isAgainstProbes = references.length > 0;
	const center = meanOf(logs) - (isAgainstProbes ? meanOf(references.map(meanOf)) : 0);
	const common = isAgainstProbes ? (betweenRuns + noise) / references.length : 0;
	const isCalibrated = machine !== undefined && calibration?.machines.includes(machine) === true;
	const known = isCalibrated ? betweenRuns : betweenRuns + betweenMachines;
	const isLike = center ** 2 <= mostDeviations ** 2 * (known + noise + common);
	const weight = isLike ? weightOf(known, noise + common) : 1;
	const half = studentQuantile(0.95, logs.length - 1) * Math.sqrt(noise + common);
	return {
		factor: Math.exp(center),
		low: Math.exp(center - half),
		high: Math.exp(center + half),
		weight,
		expected: Math.exp(weight * center),
		commonError: Math.sqrt(common),
		requests: logs.length,
		drift: driftOf(probes, experiment),
		against: isAgainstProbes ? 'calibration' : 'model',
	};
}

/** Fewer requests than this tell no speed. */
const fewestRequests = 3;

/**
 * Deviations from which on a machine is not the calibrated one, whatever its name says: machines made from one image have one
 * identity, and hypervisors give processors of several generations one name.
 */
const mostDeviations = 3;

/** Part of a measured deviation to believe; all of it where the model does not say how much there may be. */
function weightOf(prior: number, noise: number): number {
	return prior > 0 ? prior / (prior + noise) : 1;
}

/**
 * Variance with which the two probes of a run tell the logarithm of its speed, before there are any: as in the 16 probed runs
 * of one campaign, on pods of an eighth to half a core.
 */
const usualNoise = 0.05 ** 2;

/**
 * Part of the deviation of a run's speed that probes leave unknown, on average: what a comparison at the measured speed still
 * has from the machine.
 *
 * @returns 0 to 1, a factor on the logarithm of the speed
 */
export function unknownSpeed(experiment: Experiment): number {
	const {betweenRuns, betweenMachines} = speedSpread(experiment);
	const common = betweenRuns + usualNoise; // one run of the calibration has pods of the same cores
	return Math.sqrt(1 - weightOf(betweenRuns + betweenMachines, usualNoise + common));
}

/** Variances of the logarithm of the speed between runs and between machines, as the model has them. */
function speedSpread({deployment: {service}}: Experiment): {betweenRuns: number; betweenMachines: number} {
	const {betweenRuns = 0, betweenMachines = 0} = (service.kind === 'time' ? undefined : service.variation) ?? {};
	return {betweenRuns: betweenRuns ** 2, betweenMachines: betweenMachines ** 2};
}

/**
 * Variance with which two probes of a run tell its mean speed, by how much they differ in all runs that have both: the speed
 * wanders within a run, while the requests of one probe are alike. 0 without such runs.
 */
function driftNoise(runs: readonly (readonly Probe[])[], experiment: Experiment): number {
	const drifts = runs.map(probes => driftOf(probes, experiment)).filter(drift => drift !== null);
	return drifts.length === 0 ? 0 : meanOf(drifts.map(drift => Math.log(drift) ** 2 / 4));
}

/** Factor after the load over the one before it; null with one probe. */
function driftOf(probes: readonly Probe[], experiment: Experiment): number | null {
	const [before, after] = (['before', 'after'] as const).map(when => {
		const logs = logRatios(
			probes.filter(probe => probe.when === when),
			experiment,
			{anyCores: true},
		);
		return logs.length === 0 ? undefined : meanOf(logs);
	});
	return before === undefined || after === undefined ? null : Math.exp(after - before);
}

/** Logarithms of the probed times over the model's times of the same tokens. */
function logRatios(probes: readonly Probe[], {deployment}: Experiment, {anyCores = false} = {}): number[] {
	const {service} = deployment;
	if (service.kind !== 'work') {
		return [];
	}

	// The quota's slices make a pod of other cores differ: it tells a change of the speed, but not the speed.
	const own = anyCores ? probes : probes.filter(({cores}) => cores === fullSpeedOf(deployment));
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
