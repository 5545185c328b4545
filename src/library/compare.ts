import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {setImmediate as breathe} from 'node:timers/promises';
import type {CompareArguments} from '../cli/commands/compare.ts';
import {isMeasuredOf, type RecordStanding, recordStandingOf} from '../comparison/admit.ts';
import {type Comparison, type ComparisonInput, compareRuns} from '../comparison/compare.ts';
import type {Recorded} from '../comparison/controller-check.ts';
import {MeasuredSchedule} from '../comparison/measured-schedule.ts';
import {UserError} from '../errors.ts';
import type {ModelProvenance} from '../experiment/coefficient.ts';
import type {Experiment} from '../experiment/experiment.ts';
import {findExperiment} from '../store/experiments/find-experiment.ts';
import {type ReadOptions, readExperiment} from '../store/experiments/read-experiment.ts';
import {readModelProvenance} from '../store/experiments/read-model.ts';
import {findRecords} from '../store/records/find-records.ts';
import {readObservedTable, readRecord, readRecordHead} from '../store/records/read-record.ts';

export type CompareOptions = Omit<ReadOptions, 'replications'> & {
	/** Runs of the simulator, at least 2; 100 when left out, for fewer hardly tell how much runs vary. */
	readonly replications?: number;
};

/**
 * Holds the simulator against measured records of an experiment.
 *
 * @param path - the experiment's file
 * @param folders - of its measured records: of the dynamic arm at least one, of the fixed arm any number
 * @returns figures with intervals, where errors come from, and the verdict by the experiment's tolerances
 * @throws {UserError} for the faults of the experiment, and E_FILE for a record that cannot judge it, with the reason
 * @throws {RangeError} when `replications` is no integer of at least 2
 */
export async function compare(
	path: string,
	folders: readonly string[],
	{replications = 100, ...options}: CompareOptions = {},
): Promise<Comparison> {
	if (!Number.isInteger(replications) || replications < 2) {
		throw new RangeError(`Expected replications to be an integer of at least 2, got ${replications}`);
	}

	const experiment = await readExperiment(path, options);
	const {records} = await admitRecords(folders, {experiment, path, options});
	for (const {recorded, standing} of records) {
		if (standing.role !== 'judge') {
			const message = `Expected ${recorded.name} to be a record that can judge, but it ${standing.reason}`;
			throw new UserError('E_FILE', message);
		}
	}

	const admitted = recordsWith(records, 'judge');
	const measured = recordsOf(admitted, 'dynamic');
	if (measured.length === 0) {
		throw new UserError('E_FILE', `Expected a measured record of the dynamic arm of ${path}, got none`);
	}

	const measuredFixed = recordsOf(admitted, 'fixed');
	return runComparison({experiment, replications, measured, measuredFixed});
}

/** An experiment, and how it was read. */
export type Subject = {readonly experiment: Experiment; readonly path: string; readonly options: ReadOptions};

/** A measured record, and what it is to its experiment. */
export type AdmittedRecord = {readonly recorded: Recorded; readonly standing: RecordStanding};

/** Reads records, and says which of them may judge the experiment. */
export async function admitRecords(
	folders: readonly string[],
	{experiment, path, options}: Subject,
): Promise<{readonly models: readonly ModelProvenance[]; readonly records: readonly AdmittedRecord[]}> {
	const models = await readModelProvenance(path, options);
	const calibration = models.flatMap(({records}) => records);
	const {scheduleHash} = new MeasuredSchedule(experiment);
	const records: AdmittedRecord[] = [];
	for (const folder of folders) {
		const recording = await readRecord(folder);
		const standing = recordStandingOf(recording, {experiment, scheduleHash, calibration});
		const podStates = await readObservedTable(folder, 'podStates');
		records.push({recorded: {name: folder, recording, podStates}, standing});
	}

	return {models, records};
}

/** Those that have this standing. */
export function recordsWith(records: readonly AdmittedRecord[], role: RecordStanding['role']): Recorded[] {
	return records.filter(({standing}) => standing.role === role).map(({recorded}) => recorded);
}

/** Those of one arm. */
export function recordsOf(records: readonly Recorded[], arm: 'dynamic' | 'fixed'): Recorded[] {
	return records.filter(({recording}) => recording.head.arm === arm);
}

export type ComparisonSides = Omit<ComparisonInput, 'replications'> & {
	/** Folder of the record that stands for the simulated side. */
	readonly givenFolder: string | undefined;
	/** Records that may not judge the experiment, and why. */
	readonly refused: readonly {readonly folder: string; readonly reason: string}[];
};

/**
 * What the command line asks to be compared.
 *
 * @throws {UserError} when there is no record that may judge the experiment
 */
export async function comparisonSides(options: CompareArguments): Promise<ComparisonSides> {
	const [first] = options.path;
	if (first === undefined) {
		throw new UserError('E_USAGE', 'Expected an experiment file or folders of records, got neither');
	}

	return existsSync(join(first, 'record.json')) ? sidesOfRecords(options) : sidesOfExperiment(first, options);
}

async function sidesOfExperiment(path: string, options: CompareArguments): Promise<ComparisonSides> {
	if (options.path.length > 1) {
		throw new UserError('E_USAGE', `Expected one experiment, got ${options.path.join(' and ')}`);
	}

	const subject = await readSubject(path, options);
	const found = await findRecords(options.reports);
	const folders = found.filter(({head}) => isMeasuredOf(head, subject.experiment)).map(({folder}) => folder);
	const {admitted, refused} = await admit(folders, subject);
	if (!admitted.some(({recording}) => recording.head.arm === 'dynamic')) {
		throw new UserError('E_FILE', nothingFound(subject.experiment, {options, refused}));
	}

	return {...sidesFrom(subject.experiment, admitted), givenFolder: undefined, refused};
}

async function sidesOfRecords(options: CompareArguments): Promise<ComparisonSides> {
	const [givenFolder = '', ...folders] = options.path;
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

	const isFixed = given.head.arm === 'fixed';
	if (isFixed || admitted.some(({recording}) => recording.head.arm === 'fixed')) {
		throw new UserError('E_FILE', 'Expected records of the dynamic arm, got one of the fixed arm');
	}

	return {...sidesFrom(subject.experiment, admitted), given, givenFolder, refused};
}

async function subjectOf(folder: string, options: CompareArguments): Promise<Subject> {
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

async function readSubject(path: string, {profile, set}: CompareArguments): Promise<Subject> {
	const options: ReadOptions = {set, ...(profile !== undefined && {profile})};
	return {experiment: await readExperiment(path, options), path, options};
}

async function admit(folders: readonly string[], subject: Subject) {
	const {records} = await admitRecords(folders, subject);
	const refused = records.flatMap(({recorded: {name: folder}, standing}) =>
		standing.role === 'judge' ? [] : [{folder, reason: standing.reason}],
	);
	return {admitted: recordsWith(records, 'judge'), refused};
}

function sidesFrom(experiment: Experiment, admitted: readonly Recorded[]) {
	return {experiment, measured: recordsOf(admitted, 'dynamic'), measuredFixed: recordsOf(admitted, 'fixed')};
}

function nothingFound(
	{name, hash}: Experiment,
	{options: {reports}, refused}: {options: CompareArguments; refused: ComparisonSides['refused']},
): string {
	const what = `Expected a measured record of ${name} (hash ${hash.slice(0, 12)}) under ${reports}`;
	const told = refused.map(({folder, reason}) => `${folder} ${reason}`).join('; ');
	return refused.length === 0 ? `${what}, got none` : `${what} that can judge it, got ${refused.length}: ${told}`;
}

/** Compares on this thread, and lets signals and other work in between two runs. */
export async function runComparison(input: ComparisonInput): Promise<Comparison> {
	const running = compareRuns(input);
	for (;;) {
		const step = running.next();
		if (step.done === true) {
			return step.value;
		}

		await breathe();
	}
}
