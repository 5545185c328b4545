import {existsSync} from 'node:fs';
import {join} from 'node:path';
import type {CalibrationRun} from '../calibration/calibration-runs.ts';
import {
	type Calibration,
	type CalibrationRecord,
	calibrationWarnings,
	fitCalibration,
} from '../calibration/fit-calibration.ts';
import {
	type ModelDocument,
	metricsDocument,
	type Provenance,
	serviceDocument,
	startupDocument,
} from '../calibration/model-document.ts';
import {folderOf} from '../cluster/replay/replay.ts';
import {UserError} from '../errors.ts';
import type {Experiment} from '../experiment/experiment.ts';
import {recordHash} from '../records/record-hash.ts';
import {calibrationAnswer} from '../report/answers/calibration-answer.ts';
import {findExperiment} from '../store/experiments/find-experiment.ts';
import {findModel} from '../store/experiments/read-model.ts';
import {refuseHandWritten, writeModel} from '../store/experiments/write-model.ts';
import {otherThanRecordings} from '../store/recordings/find-recordings.ts';
import {readObservedTable, readRecord} from '../store/records/read-record.ts';
import {findRun, plannedRuns} from './calibration-plan.ts';
import {measureOnCluster, type Place, usualPlace} from './replay/replay.ts';
import type {UseCaseOptions} from './use-case.ts';

/** Experiments of a calibration. */
type CalibrationSubject = {
	/** Profile of the calibration's experiments to apply, such as `bench`. */
	readonly profile?: string;
	/** Fewer and shorter runs for trying out, whose models stay uncalibrated. */
	readonly isShort?: boolean;
	/** Numbers of parallel slots, 1 to 16, at which a pod is measured, too. */
	readonly slots?: readonly number[];
};

export type CalibrateOptions = CalibrationSubject &
	UseCaseOptions & {
		/** Folders of measured records to fit to; runs are measured on a cluster when left out. */
		readonly from?: readonly string[];
		/** Place to measure at; a kind cluster called `replicast` when left out. */
		readonly place?: Place;
		/** Leaves a cluster that was made for this where it is. */
		readonly keeps?: boolean;
		/** Folder for the measured records; `reports/calibration` when left out. */
		readonly records?: string;
		/** Folder of the model files; `models` when left out. */
		readonly out?: string;
		/** Replaces model files that a person wrote or changed. */
		readonly force?: boolean;
		/** Called with the runs before the first of them is measured. */
		readonly onPlan?: (runs: readonly CalibrationRun[]) => void;
	};

/** Result of a calibration. */
export type CalibrationResult = {
	/** Answer in sentences: coefficients, how well they fit, gaps of the records, the next command. */
	readonly answer: readonly string[];
	readonly calibration: Calibration;
	/** Paths of the model files that were written. */
	readonly written: readonly string[];
	/** Reasons to trust some of it less, a line each. */
	readonly warnings: readonly string[];
};

/**
 * Runs that a calibration would measure.
 *
 * @throws {UserError} E_CONFIG with the faults of the calibration's experiments
 */
export async function planCalibration({
	profile,
	isShort = false,
	slots,
}: CalibrationSubject = {}): Promise<CalibrationRun[]> {
	return plannedRuns({isShort, ...(slots !== undefined && {slots}), ...(profile !== undefined && {profile})});
}

/**
 * Measures service, start-up and metrics on a cluster, or takes records that are there, fits the models to them and writes
 * the model files. Runs whose records are there and valid are not measured again.
 *
 * @throws {UserError} when records cannot be fitted, a model file was written by hand, or the machine lacks something
 * @throws the signal's reason after an interruption: the runs that are done are kept
 */
export async function calibrate(options: CalibrateOptions = {}): Promise<CalibrationResult> {
	const {from, out = 'models', force = false} = options;
	refuseOthers(from ?? []);
	const folders = from ?? (await measureRuns({...options, out, force}));
	const records = await readCalibrationRecords(folders);
	const calibration = fitted(records);
	const documents = await fittedModels(records, calibration, out);
	if (!force) {
		for (const {path} of documents) {
			refuseHandWritten(path);
		}
	}

	for (const {path, document} of documents) {
		writeModel(path, document, {force});
	}

	const written = documents.map(({path}) => path);
	const result = {calibration, written, warnings: calibrationWarnings(calibration)};
	return {answer: calibrationAnswer(result), ...result};
}

/** @throws {UserError} E_FILE with the first path that leads to nothing that can be fitted */
function refuseOthers(paths: readonly string[]): void {
	const other = paths.find(path => !existsSync(join(path, 'record.json')));
	if (other !== undefined) {
		const rule = `Expected ${other} to be a record (record.json), or recordings of an autoscaler (runs.csv)`;
		throw new UserError('E_FILE', `${rule}, got ${otherThanRecordings(other)}`);
	}
}

/** Measures the runs of a calibration on a cluster, each as a record. @returns the records' folders */
async function measureRuns(options: CalibrateOptions & {readonly out: string}): Promise<string[]> {
	const {place = usualPlace, keeps = false, out, force, profile, isShort = false, onPlan} = options;
	const runs = await planCalibration(options);
	if (force !== true) {
		for (const path of await modelPaths(runs[0]!.experiment, out)) {
			refuseHandWritten(path); // before half an hour of measuring
		}
	}

	onPlan?.(runs);
	const session = [place.kind === 'kind' ? place.name : place.context, profile, ...(isShort ? ['short'] : [])]
		.filter(part => part !== undefined)
		.join('-')
		.replaceAll(/[^\w.-]/g, '_');
	const folders = {
		out: options.records ?? join('reports', 'calibration'),
		folderOf: (experiment: Experiment) => `${session}/${runs.find(run => run.experiment === experiment)!.name}`,
	};
	const replayed = runs.map(({experiment, arm}) => ({experiment, arm, repeat: 0}));
	await measureOnCluster(replayed, {...options, ...folders, place, keeps});
	return replayed.map(run => folderOf(run, folders));
}

function fitted(records: readonly CalibrationRecord[]): Calibration {
	try {
		return fitCalibration(records);
	} catch (error) {
		if (error instanceof RangeError) {
			throw new UserError('E_FILE', error.message, {cause: error});
		}

		throw error;
	}
}

type ReadCalibrationRecord = CalibrationRecord & {
	readonly folder: string;
	readonly hash: string;
	/** Whether its run was shortened for trying out. */
	readonly isShort: boolean;
};

/**
 * Reads the records that models are to be fitted to.
 *
 * @throws {UserError} when one is invalid or its experiment is not to be found, or they are of different pods
 */
async function readCalibrationRecords(folders: readonly string[]): Promise<ReadCalibrationRecord[]> {
	const records: ReadCalibrationRecord[] = [];
	for (const folder of folders) {
		records.push(await readOne(folder));
	}

	const [first] = records;
	const other = records.find(({experiment}) => podOf(experiment) !== podOf(first!.experiment));
	if (other !== undefined) {
		throw new UserError('E_FILE', `Expected records of one model and one kind of pod, got another in ${other.folder}`);
	}

	return records;
}

async function readOne(folder: string): Promise<ReadCalibrationRecord> {
	const recording = await readRecord(folder);
	const {head} = recording;
	if (!head.validity.valid) {
		throw new UserError('E_FILE', `Expected ${folder} to be valid, got: ${head.validity.reasons.join('; ')}`);
	}

	const run = await findRun(head);
	const experiment = run?.experiment ?? (await findExperiment(head))?.experiment;
	if (experiment === undefined) {
		const hash = head.experiment.hash.slice(0, 12);
		throw new UserError('E_FILE', `Expected the experiment of ${folder} (hash ${hash}) under experiments, got none`);
	}

	const timings = await readObservedTable(folder, 'timings');
	const counters = await readObservedTable(folder, 'throttling');
	const ofRun = run === undefined ? {isShort: false} : {isShort: run.isShort, tellsService: run.tellsService};
	return {recording, experiment, timings, counters, folder, hash: recordHash(recording), ...ofRun};
}

/** Everything of a pod that the fitted coefficients depend on; they do not depend on a CPU limit, nor on the number of slots. */
function podOf({deployment: {llm, containers}}: CalibrationRecord['experiment']): string {
	const {model, container, threads, contextLength} = llm;
	return JSON.stringify([model, container, threads, contextLength, containers.map(({name}) => name)]);
}

type Model = {readonly kind: 'ServiceModel' | 'StartupModel' | 'MetricsModel'; readonly name: string};
type Written = {readonly path: string; readonly document: ModelDocument};

/** Paths of an experiment's models in a folder. */
async function modelPaths(experiment: Experiment, out: string): Promise<string[]> {
	const found = await Promise.all(modelsOf(experiment).map(async ({kind, name}) => findModel(kind, name, out)));
	return found.map(({file}) => join(out, file));
}

/** Models of the records' experiment with the fitted coefficients in them; those of which nothing was seen are left out. */
async function fittedModels(
	records: readonly ReadCalibrationRecord[],
	calibration: Calibration,
	out: string,
): Promise<Written[]> {
	const {experiment} = records[0]!;
	const {llm} = experiment.deployment;
	const provenance = provenanceOf(records);
	const contextTokens = llm.contextLength * llm.parallel;
	const make = {
		ServiceModel: (base: ModelDocument) => serviceDocument(base, {...calibration, contextTokens}, provenance),
		StartupModel: (base: ModelDocument) => startupDocument(base, calibration, provenance),
		MetricsModel: (base: ModelDocument) => metricsDocument(base, calibration.metrics, provenance),
	};
	const isSeen = {
		ServiceModel: true,
		StartupModel: calibration.startup.pods > 0,
		MetricsModel: calibration.metrics.syncGaps.length > 0,
	};
	const models = modelsOf(experiment).filter(({kind}) => isSeen[kind]);
	return Promise.all(
		models.map(async ({kind, name}) => {
			const {file, document} = await findModel(kind, name, out);
			return {path: join(out, file), document: make[kind](document)};
		}),
	);
}

function modelsOf({deployment: {service, startup}, metrics}: Experiment): Model[] {
	return [
		...(service.kind === 'work' ? [{kind: 'ServiceModel', name: service.name} as const] : []),
		...(startup.kind === 'stages' ? [{kind: 'StartupModel', name: startup.name} as const] : []),
		...(metrics === 'ideal' ? [] : [{kind: 'MetricsModel', name: metrics.name} as const]),
	];
}

function provenanceOf(records: readonly ReadCalibrationRecord[]): Provenance {
	const {head} = records[0]!.recording;
	const named = (of: Readonly<Record<string, string>>) =>
		Object.entries(of)
			.map(([name, value]) => `${name} ${value}`)
			.join(', ');
	const folders = records.map(({folder}) => folder).join(', ');
	const isShort = records.some(({isShort}) => isShort);
	const caution = isShort ? 'Short runs for trying out: not calibrated. ' : '';
	return {
		date: `${new Date().toISOString().slice(0, 16)}Z`,
		records: records.map(({hash}) => hash),
		notes: `${caution}Fitted to ${folders}. Models: ${named(head.models)}. Versions: ${named(head.versions)}.`,
		isShort,
	};
}
