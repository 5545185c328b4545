import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {isMeasuredOf, type RecordStanding, recordStandingOf} from '../comparison/admit.ts';
import type {ComparisonSides} from '../comparison/compare.ts';
import type {Recorded} from '../comparison/controller-check.ts';
import type {KedaSightings} from '../comparison/keda/check-operator.ts';
import {calibrationProbesOf, machineOf} from '../comparison/machines/speed.ts';
import {MeasuredSchedule} from '../comparison/measured-schedule.ts';
import {UserError} from '../errors.ts';
import type {Experiment} from '../experiment/experiment.ts';
import {shellWord} from '../printable.ts';
import {nodesOfTable} from '../records/read-nodes.ts';
import {findExperiment} from '../store/experiments/find-experiment.ts';
import {type ExperimentSource, readExperimentSource} from '../store/experiments/read-experiment.ts';
import {type FoundRecord, findProbedRecords, findRecords} from '../store/records/find-records.ts';
import {readObservedTable, readRecord, readRecordHead} from '../store/records/read-record.ts';
import {onlyExperiment} from './read-experiments.ts';

/** An experiment whose records are compared, and the origins of its models. */
export type Subject = Pick<ExperimentSource, 'path' | 'experiment' | 'models'>;

/** Measured record, and its standing in its experiment. */
export type AdmittedRecord = {readonly recorded: Recorded; readonly standing: RecordStanding};

/** Reads records, and says which of them may judge the experiment. */
export async function admitRecords(
	folders: readonly string[],
	{experiment, models}: Pick<Subject, 'experiment' | 'models'>,
): Promise<AdmittedRecord[]> {
	const calibration = models.flatMap(({records}) => records);
	const {scheduleHash} = new MeasuredSchedule(experiment);
	const records: AdmittedRecord[] = [];
	for (const folder of folders) {
		const read = await readRecord(folder);
		const nodes = nodesOfTable(await readObservedTable(folder, 'poolNodes'), experiment);
		const recording = nodes === undefined ? read : {...read, nodes};
		const standing = recordStandingOf(recording, {experiment, scheduleHash, calibration});
		const podStates = await readObservedTable(folder, 'podStates');
		const keda = await readKeda(folder);
		records.push({recorded: {name: folder, recording, podStates, keda}, standing});
	}

	return records;
}

/** Sightings of KEDA in a record; undefined where nothing asked KEDA for a metric. */
async function readKeda(folder: string): Promise<KedaSightings | undefined> {
	const external = await readObservedTable(folder, 'external');
	const states = await readObservedTable(folder, 'scaledObject');
	const scale = await readObservedTable(folder, 'scale');
	return external === undefined || states === undefined || scale === undefined || external.seconds.length === 0
		? undefined
		: {external, states, scale};
}

/** Probes of the records that an experiment's models were fitted to, as far as those are below a folder. */
export async function readCalibrationProbes(
	root: string,
): Promise<(models: Subject['models']) => Pick<ComparisonSides, 'calibration'>> {
	const records = (await findProbedRecords(root)).map(({hash, head}) => ({
		hash,
		probes: head.probes ?? [],
		machine: machineOf(head),
	}));
	return models => {
		const services = models.filter(({kind}) => kind === 'ServiceModel');
		const calibration = calibrationProbesOf(
			records,
			services.flatMap(model => model.records),
		);
		return calibration === undefined ? {} : {calibration};
	};
}

/** Records of a standing. */
export function recordsWith(records: readonly AdmittedRecord[], role: RecordStanding['role']): Recorded[] {
	return records.filter(({standing}) => standing.role === role).map(({recorded}) => recorded);
}

/** Records of one arm. */
export function recordsOf(records: readonly Recorded[], arm: 'dynamic' | 'fixed'): Recorded[] {
	return records.filter(({recording}) => recording.head.arm === arm);
}

export type SidesOptions = {
	/** Profile of the experiment to apply. */
	readonly profile?: string | undefined;
	/** Changes of its values, `path=value` each. */
	readonly set?: readonly string[];
	/** File of the experiment that records are of; found by their hash when left out. */
	readonly experiment?: string | undefined;
	/** Folder in which measured records of an experiment are looked for; `reports` when left out. */
	readonly records?: string;
};

/**
 * Reads both sides of a comparison.
 *
 * @param paths - the experiment's file; or the folder of a simulated record and those of measured ones
 * @throws {UserError} when there is no record that may judge the experiment
 */
export async function comparisonSides(paths: readonly string[], options: SidesOptions): Promise<ComparisonSides> {
	const [first] = paths;
	if (first === undefined) {
		throw new UserError('E_USAGE', 'Expected an experiment file or folders of records, got neither');
	}

	return existsSync(join(first, 'record.json')) ? sidesOfRecords(paths, options) : sidesOfExperiment(paths, options);
}

async function sidesOfExperiment(paths: readonly string[], options: SidesOptions): Promise<ComparisonSides> {
	await onlyExperiment(paths);

	const {records = 'reports'} = options;
	const subject = await readSubject(paths[0]!, options);
	const found = await findRecords(records);
	const of = (engine: 'measured' | 'emulated') =>
		found.filter(({head}) => isMeasuredOf(head, subject.experiment, engine)).map(({folder}) => folder);
	const measured = of('measured');
	const folders = measured.length > 0 ? measured : of('emulated');
	const {admitted, refused} = await admit(folders, subject);
	if (!admitted.some(({recording}) => recording.head.arm === 'dynamic')) {
		throw new UserError('E_FILE', nothingFound(subject.experiment, {records, found, refused}));
	}

	const {calibration} = (await readCalibrationProbes(records))(subject.models);
	return {
		...sidesFrom(subject.experiment, admitted),
		...(calibration !== undefined && {calibration}),
		file: subject.path,
		givenFolder: undefined,
		refused,
	};
}

async function sidesOfRecords(paths: readonly string[], options: SidesOptions): Promise<ComparisonSides> {
	const [givenFolder = '', ...folders] = paths;
	if (folders.length === 0) {
		throw new UserError('E_USAGE', `Expected a measured record after ${givenFolder}, got none`);
	}

	const given = await readRecord(givenFolder);
	const subject = await subjectOf(folders[0]!, options);
	const {admitted, refused} = await admit(folders, subject);
	if (given.head.experiment.hash !== subject.experiment.hash) {
		throw new UserError('E_FILE', `Expected ${givenFolder} to be of the same experiment, got one of another hash`);
	}

	const [bad] = refused;
	if (bad !== undefined) {
		throw new UserError('E_FILE', `Expected ${bad.folder} to be a record that can judge, but it ${bad.reason}`);
	}

	refuseMixed(admitted);
	const isFixed = given.head.arm === 'fixed';
	if (isFixed || admitted.some(({recording}) => recording.head.arm === 'fixed')) {
		throw new UserError('E_FILE', 'Expected records of the dynamic arm, got one of the fixed arm');
	}

	return {...sidesFrom(subject.experiment, admitted), file: subject.path, given, givenFolder, refused};
}

/** @throws {UserError} E_FILE when some records are measured and others emulated: they do not judge the same */
export function refuseMixed(records: readonly Recorded[]): void {
	const other = records.find(({recording}) => recording.head.engine !== records[0]!.recording.head.engine);
	if (other !== undefined) {
		throw new UserError(
			'E_FILE',
			`Expected ${other.name} to be ${records[0]!.recording.head.engine} as the others, got an ${other.recording.head.engine} record`,
		);
	}
}

async function subjectOf(folder: string, options: SidesOptions): Promise<Subject> {
	if (options.experiment !== undefined) {
		return readSubject(options.experiment, options);
	}

	const head = await readRecordHead(folder);
	const found = await findExperiment(head);
	if (found === undefined) {
		const {name, hash} = head.experiment;
		throw new UserError(
			'E_FILE',
			`Expected an experiment of the hash ${hash.slice(0, 12)} (${name}) under experiments, got none: name it with --experiment`,
		);
	}

	return found;
}

async function readSubject(path: string, {profile, set = []}: SidesOptions): Promise<Subject> {
	return readExperimentSource(path, {set, ...(profile !== undefined && {profile})});
}

async function admit(folders: readonly string[], subject: Subject) {
	const records = await admitRecords(folders, subject);
	const refused = records.flatMap(({recorded: {name: folder}, standing}) =>
		standing.role === 'judge' ? [] : [{folder, reason: standing.reason}],
	);
	return {admitted: recordsWith(records, 'judge'), refused};
}

function sidesFrom(experiment: Experiment, admitted: readonly Recorded[]) {
	return {experiment, measured: recordsOf(admitted, 'dynamic'), measuredFixed: recordsOf(admitted, 'fixed')};
}

type NothingFound = {
	readonly records: string;
	/** All records below it. */
	readonly found: readonly FoundRecord[];
	readonly refused: ComparisonSides['refused'];
};

function nothingFound({name, hash, profile: wanted}: Experiment, {records, found, refused}: NothingFound): string {
	const profiles = new Set(
		found.flatMap(({head: {engine, experiment}}) =>
			engine === 'measured' && experiment.name === name && experiment.profile !== wanted
				? (experiment.profile ?? [])
				: [],
		),
	);
	const expected = `Expected a measured record of ${name} (hash ${hash.slice(0, 12)}) under ${records}`;
	const reasons = refused.map(({folder, reason}) => `${folder} ${reason}`).join('; ');
	const others = [...profiles].map(profile => `--profile ${shellWord(profile)}`).join(' or ');
	return refused.length === 0
		? `${expected}, got none: ${others === '' ? 'measure one with replicast replay' : `there are records of ${others}`}`
		: `${expected} that can judge it, got ${refused.length}: ${reasons}`;
}
