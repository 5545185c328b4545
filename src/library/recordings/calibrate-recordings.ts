import {availableParallelism} from 'node:os';
import {quantile} from 'simple-statistics';
import type {SettingsPoint} from '../../calibration/recordings/evaluations.ts';
import {fitSettings} from '../../calibration/recordings/fit-settings.ts';
import {type MetricAge, metricAgeOf} from '../../calibration/recordings/metric-age.ts';
import type {GivenSetting, Parameter} from '../../calibration/recordings/parameter.ts';
import {parametersOf} from '../../calibration/recordings/parameters.ts';
import type {SettingEstimate} from '../../calibration/recordings/setting-estimate.ts';
import {periodEstimate, type SyncPeriod, syncPeriodOf} from '../../calibration/recordings/sync-period.ts';
import {type SyncPhase, syncPhaseOf} from '../../calibration/recordings/sync-phase.ts';
import {meanOf} from '../../experiment/draw-distribution.ts';
import type {Experiment} from '../../experiment/experiment.ts';
import {fittedFacts} from '../../report/recordings/fitted-facts.ts';
import {counted} from '../../statistics/format-number.ts';
import {refuseHandWritten} from '../../store/experiments/write-model.ts';
import {writeFittedSettings} from '../../store/recordings/write-settings.ts';
import {ForecastPool} from '../pool/forecast-recordings.ts';
import type {UseCaseOptions} from '../use-case.ts';
import {FitEvaluator, withPoint} from './fit-evaluator.ts';
import {type FitSubject, readFitSubjects} from './fit-subjects.ts';

export type CalibrateRecordingsOptions = UseCaseOptions & {
	/** Settings file that the fit begins with; the shipped ones of the set's name when left out. */
	readonly settings?: string;
	/** Experiment of records of replicas, with which the fit begins; found by the record's hash when left out. */
	readonly experiment?: string;
	/** Replications of a point in the search, at least 2; three times as many in the profiles; 6 when left out. */
	readonly replications?: number;
	/** Threads, at least 1; one a core when left out. The result does not depend on it. */
	readonly workers?: number;
	/** Settings file that is written; `SET-fitted.yaml` when left out. */
	readonly out?: string;
	/** Replaces a file that a person wrote or changed. */
	readonly force?: boolean;
};

/** Result of a fit of settings to recordings. */
export type RecordingsCalibration = {
	/** Set of the recordings, or name of the experiment. */
	readonly name: string;
	/** Recordings that were read: names with digests of their replicas. */
	readonly recordings: readonly {readonly name: string; readonly digest: string; readonly phase?: SyncPhase}[];
	/** Paths of the files of replicas and workloads that were opened. */
	readonly opened: readonly string[];
	readonly estimates: readonly SettingEstimate[];
	/** Age of the CPU that the autoscaler sees; left out where what it follows from was not searched. */
	readonly metricAge?: MetricAge;
	/** Settings that were not searched. */
	readonly given: readonly GivenSetting[];
	/** Mean absolute error on the recordings of the fit [replicas]: with the settings that it began with, and with the fitted ones. */
	readonly replicaError: {readonly start: number; readonly fitted: number};
	readonly hasCpu: boolean;
	/** Settings file that was written, and the file that the fit began with. */
	readonly written: string;
	readonly startFile: string;
};

/** Replications of a point in the search. */
const usualReplications = 6;

/**
 * Finds the hidden settings of a recorded autoscaler: fits replica lines, and CPU where it was recorded, to the recordings
 * that are named, and writes a settings file for `validate --recordings`.
 *
 * @param paths - folders of recordings, or sets or runs behind them, or records of replicas
 * @throws {UserError} in one line when a path leads to none of them, or the settings have faults
 */
export async function calibrateRecordings(
	paths: readonly string[],
	options: CalibrateRecordingsOptions = {},
): Promise<RecordingsCalibration> {
	const {workers = availableParallelism(), replications = usualReplications, force = false, onProgress} = options;
	const {name, subjects, start, opened} = await readFitSubjects(paths, options);
	const {out = `${name}-fitted.yaml`} = options;
	if (!force) {
		refuseHandWritten(out); // before minutes of simulating
	}

	const {searched, given} = parametersOf(subjects.map(({task}) => task.experiment));
	const observed = observedPeriod(subjects, searched);
	const parameters = searched.filter(parameter => parameter !== observed?.estimate.parameter);
	const pool = new ForecastPool({workers, signal: options.signal});
	const evaluator = new FitEvaluator(pool, {
		parameters,
		replications,
		subjects: observed === undefined ? subjects : subjects.map(subject => atItsPhase(subject, observed)),
	});
	const progress = {doing: `Fitting to ${counted(subjects.length, 'recording')}`, total: 100, unit: '%'};
	onProgress?.({...progress, done: 0});
	try {
		const found = await fitSettings(
			parameters,
			async (points, stage) => evaluator.losses(points, stage),
			share => onProgress?.({...progress, done: Math.floor(100 * share)}),
		);
		const estimates = [...(observed === undefined ? [] : [observed.estimate]), ...found.estimates];
		const whole = pointOf(estimates, ({value}) => value);
		const errorAt = async (point: SettingsPoint) =>
			new FitEvaluator(pool, {parameters: searched, replications, subjects}).replicaError(point);
		const replicaError = {
			start: await errorAt(pointOf(estimates, ({parameter}) => parameter.start)),
			fitted: await errorAt(whole),
		};
		onProgress?.({...progress, done: 100, isOver: true});
		const period = observed?.period.seconds ?? whole['syncPeriod']!;
		const recordings = subjects.map(subject => ({
			...{name: subject.name, digest: subject.digest},
			...phaseOf(subject, period),
		}));
		const date = `${new Date().toISOString().slice(0, 16)}Z`;
		const best = withPoint(subjects[0]!.task.experiment, searched, whole)!;
		const facts = fittedFacts({estimates}, {best, date});
		const metricAge = metricAgeOf(estimates, subjects[0]!.task.experiment);
		await writeFittedSettings(out, {...{name, start, date, force, recordings}, ...facts});
		return {
			...{name, recordings, opened, estimates, given, replicaError, written: out},
			...(metricAge !== undefined && {metricAge}),
			hasCpu: subjects.some(({cpuPercent}) => cpuPercent.length > 0),
			startFile: start.kind === 'settings' ? start.found.path : start.path,
		};
	} finally {
		await pool.close();
	}
}

function pointOf(estimates: readonly SettingEstimate[], of: (estimate: SettingEstimate) => number): SettingsPoint {
	return Object.fromEntries(estimates.map(estimate => [estimate.parameter.key, of(estimate)]));
}

/** Sync period that the times of the changes show by themselves. */
type ObservedPeriod = {readonly estimate: SettingEstimate; readonly period: SyncPeriod};

function observedPeriod(subjects: readonly FitSubject[], parameters: readonly Parameter[]): ObservedPeriod | undefined {
	const parameter = parameters.find(({key}) => key === 'syncPeriod');
	const period = syncPeriodOf(subjects.map(timesOf));
	return parameter === undefined || period === undefined
		? undefined
		: {period, estimate: periodEstimate(parameter, period)};
}

function timesOf({recorded, rowSeconds}: FitSubject) {
	const changes = recorded.slice(1).flatMap(([at]) => (at > 0 ? [at] : []));
	const others = rowSeconds.filter(at => at > 0 && !changes.includes(at));
	return {changes, others};
}

/** The recording with the looks of its forecast at the times at which they were, as far as its recorder shows them. */
function atItsPhase(subject: FitSubject, {period, estimate}: ObservedPeriod): FitSubject {
	const {task, rowSeconds} = subject;
	const {latency} = latencyOf(task.experiment);
	const experiment = estimate.parameter.apply(task.experiment, period.seconds - latency)!;
	const phase = syncPhaseOf(timesOf(subject).changes, period.seconds);
	if (phase === undefined) {
		return {...subject, task: {...task, experiment}};
	}

	const gaps = rowSeconds.slice(1).map((at, index) => at - rowSeconds[index]!);
	const late = gaps.length === 0 ? 0 : quantile(gaps, 0.05) / 2; // the recorder sees a change at its next look
	const at = (phase.seconds - late + task.lead) % period.seconds;
	return {...subject, task: {...task, experiment, firstSync: at < 0 ? at + period.seconds : at}};
}

/** Mean duration of a look, which adds to the wait for the next one [s]. */
function latencyOf({metrics}: Experiment): {readonly latency: number} {
	return {latency: metrics === 'ideal' ? 0 : meanOf(metrics.sync.latency)};
}

/** Phase of the looks in a recording, where it shows one. */
function phaseOf(subject: FitSubject, period: number): {readonly phase?: SyncPhase} {
	const phase = syncPhaseOf(timesOf(subject).changes, period);
	return phase === undefined ? {} : {phase};
}
