import {join} from 'node:path';
import type {Calibration, CalibrationRecord} from '../calibration/calibrate.ts';
import type {CalibrationRun} from '../calibration/calibration-runs.ts';
import {
	type ModelDocument,
	metricsDocument,
	type Provenance,
	serviceDocument,
	startupDocument,
} from '../calibration/model-document.ts';
import type {CalibrateOptions} from '../cli/commands/calibrate.ts';
import {placeOf} from '../cli/terminal/place.ts';
import {folderOf} from '../cluster/replay/replay.ts';
import {UserError} from '../errors.ts';
import type {Experiment} from '../experiment/experiment.ts';
import {recordHash} from '../records/record-hash.ts';
import {findExperiment} from '../store/experiments/find-experiment.ts';
import {findModel} from '../store/experiments/read-model.ts';
import {readObservedTable, readRecord} from '../store/records/read-record.ts';
import {findRun} from './calibration-plan.ts';
import {measureOnCluster} from './replay.ts';

export type ReadCalibrationRecord = CalibrationRecord & {
	readonly folder: string;
	readonly hash: string;
	/** Of a run that was shortened for trying out. */
	readonly isShort: boolean;
};

/**
 * The records that models are to be fitted to.
 *
 * @throws {UserError} when one is invalid or its experiment is not to be found, or they are of different pods
 */
export async function calibrationRecords(folders: readonly string[]): Promise<ReadCalibrationRecord[]> {
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
	const told = run === undefined ? {isShort: false} : {isShort: run.isShort, tellsService: run.tellsService};
	return {recording, experiment, timings, counters, folder, hash: recordHash(recording), ...told};
}

/** What the fitted coefficients depend on; of a CPU limit they do not. */
function podOf({deployment: {llm, containers}}: CalibrationRecord['experiment']): string {
	const {model, container, threads, parallel, contextLength} = llm;
	return JSON.stringify([model, container, threads, parallel, contextLength, containers.map(({name}) => name)]);
}

type Model = {readonly kind: 'ServiceModel' | 'StartupModel' | 'MetricsModel'; readonly name: string};
type Written = {readonly path: string; readonly document: ModelDocument};

/** Where the models of an experiment are to be written. */
export async function modelPaths(experiment: Experiment, out: string): Promise<string[]> {
	const found = await Promise.all(modelsOf(experiment).map(async ({kind, name}) => findModel(kind, name, out)));
	return found.map(({file}) => join(out, file));
}

/** The models of the records' experiment with what was fitted in them; those of which nothing was seen are left out. */
export async function fittedModels(
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
		StartupModel: (base: ModelDocument) => startupDocument(base, calibration.startup, provenance),
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

/**
 * Measures the runs of a calibration on a cluster, each as a record; those that are there and valid are not measured again.
 *
 * @returns the records' folders; nothing after an interruption
 */
export async function measureRuns(
	runs: readonly CalibrationRun[],
	options: CalibrateOptions,
): Promise<string[] | undefined> {
	const session = [options.context ?? options.cluster, options.profile, ...(options.short ? ['short'] : [])]
		.filter(part => part !== undefined)
		.join('-')
		.replaceAll(/[^\w.-]/g, '_');
	const folders = {
		out: options.records,
		folderOf: (experiment: Experiment) => `${session}/${runs.find(run => run.experiment === experiment)!.name}`,
	};
	const played = runs.map(({experiment, arm}) => ({experiment, arm, repeat: 0}));
	const isDone = await measureOnCluster(played, {
		...folders,
		place: placeOf(options),
		keeps: options.keep,
		farewell: 'Interrupted: the runs that are done are kept, and the same command goes on from there',
	});
	return isDone ? played.map(run => folderOf(run, folders)) : undefined;
}
