import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {isMeasuredOf} from '../comparison/admit.ts';
import type {ComparisonInput} from '../comparison/compare.ts';
import type {Recorded} from '../comparison/controller-check.ts';
import {UserError} from '../errors.ts';
import type {Experiment} from '../experiment/experiment.ts';
import {findExperiment} from '../files/find-experiment.ts';
import {findRecords} from '../files/find-records.ts';
import {type ReadOptions, readExperiment} from '../files/read-experiment.ts';
import {readRecord, readRecordHead} from '../files/read-record.ts';
import {admitRecords, recordsOf, recordsWith, type Subject} from './admit-records.ts';
import type {CompareOptions} from './compare-options.ts';

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
export async function comparisonSides(options: CompareOptions): Promise<ComparisonSides> {
	const [first] = options.path;
	if (first === undefined) {
		throw new UserError('E_USAGE', 'Expected an experiment file or folders of records, got neither');
	}

	return existsSync(join(first, 'record.json')) ? sidesOfRecords(options) : sidesOfExperiment(first, options);
}

async function sidesOfExperiment(path: string, options: CompareOptions): Promise<ComparisonSides> {
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

async function sidesOfRecords(options: CompareOptions): Promise<ComparisonSides> {
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

async function subjectOf(folder: string, options: CompareOptions): Promise<Subject> {
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

async function readSubject(path: string, {profile, set}: CompareOptions): Promise<Subject> {
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
	{options: {reports}, refused}: {options: CompareOptions; refused: ComparisonSides['refused']},
): string {
	const what = `Expected a measured record of ${name} (hash ${hash.slice(0, 12)}) under ${reports}`;
	const told = refused.map(({folder, reason}) => `${folder} ${reason}`).join('; ');
	return refused.length === 0 ? `${what}, got none` : `${what} that can judge it, got ${refused.length}: ${told}`;
}
