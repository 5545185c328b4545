import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {UserError} from '../../errors.ts';
import {recordHash} from '../../records/record-hash.ts';
import type {Timeline} from '../../records/replica-line.ts';
import {findExperiment, type ReadExperiments} from '../../store/experiments/find-experiment.ts';
import {readExperimentSource} from '../../store/experiments/read-experiment.ts';
import {ReferencedFiles} from '../../store/experiments/referenced-files.ts';
import {findRecordings, otherThanRecordings} from '../../store/recordings/find-recordings.ts';
import type {ListedRun} from '../../store/recordings/list-runs.ts';
import {RecordingReader} from '../../store/recordings/read-run.ts';
import {type FoundSettings, findSettings, readSettings} from '../../store/recordings/read-settings.ts';
import {leftOutBecause} from '../../store/recordings/run-experiment.ts';
import {readRecord} from '../../store/records/read-record.ts';
import type {LineTask} from '../pool/line-worker.ts';
import {recordingTask} from './recording-task.ts';

/** Recording that settings are fitted to. */
export type FitSubject = {
	/** `set/run`, or the folder of a record. */
	readonly name: string;
	/** SHA-256 of the file of its replicas; the record's hash of a record. */
	readonly digest: string;
	readonly recorded: Timeline;
	/** Mean CPU of the pods [% of the request]; empty where it was not recorded. */
	readonly cpuPercent: Timeline;
	/** Times of all rows [s], ascending. */
	readonly rowSeconds: readonly number[];
	/** Whether rows are samples at all times, not changes alone. */
	readonly isSampled: boolean;
	readonly untilSeconds: number;
	/** Its forecast under the settings that the fit begins with, one replication. */
	readonly task: LineTask;
};

/** File that a fit begins with. */
export type StartingPoint =
	| {readonly kind: 'settings'; readonly found: FoundSettings}
	| {readonly kind: 'experiment'; readonly path: string; readonly profile?: string};

/** Recordings of a fit and where it begins. */
export type FitSubjects = {
	/** Set of the recordings, or name of the experiment. */
	readonly name: string;
	readonly subjects: readonly FitSubject[];
	readonly start: StartingPoint;
	/** Paths of the files of replicas and workloads that were opened. */
	readonly opened: readonly string[];
};

type Beginning = {
	/** Settings file; that of the set's name when left out. */
	readonly settings?: string;
	/** Experiment of records of replicas; found by the record's hash when left out. */
	readonly experiment?: string;
};

/** Whether a path leads to recordings of an autoscaler, or to a record of replicas alone. */
export async function isRecording(path: string): Promise<boolean> {
	if (existsSync(join(path, 'record.json'))) {
		const {head} = await readRecord(path);
		return head.validity.notes?.includes('replicas alone were recorded') === true;
	}

	return (await findRecordings(path)) !== undefined;
}

/**
 * Reads the recordings that are named, and no file of another one.
 *
 * @throws {UserError} in one line when a path leads to none, they are of several sets, or no settings are known
 */
export async function readFitSubjects(paths: readonly string[], beginning: Beginning): Promise<FitSubjects> {
	return paths.every(path => existsSync(join(path, 'record.json')))
		? readRecords(paths, beginning)
		: readRecordings(paths, beginning);
}

async function readRecordings(paths: readonly string[], {settings, experiment}: Beginning): Promise<FitSubjects> {
	if (experiment !== undefined) {
		throw new UserError('E_USAGE', 'Expected --settings with recordings, got --experiment');
	}

	const runs = await namedRuns(paths);
	const set = runs[0]!.set;
	const path = settings ?? findSettings(set);
	if (path === undefined) {
		throw new UserError('E_USAGE', `Expected --settings to begin with for recordings of ${set}, got none`);
	}

	const found = await readSettings(path);
	const reader = new RecordingReader();
	const files = new ReferencedFiles();
	const subjects: FitSubject[] = [];
	for (const listed of runs.filter(run => leftOutBecause(found.settings, run) === undefined)) {
		const run = await reader.read(listed);
		const recorded = run.lines[found.settings.judged];
		if (recorded === undefined) {
			const rule = `Expected ${set}/${run.run} to have ${found.settings.judged} replicas, got none`;
			throw new UserError('E_CONFIG', `${path}:1:1: ${rule}`);
		}

		subjects.push({
			...{name: `${set}/${run.run}`, digest: run.digest, recorded, cpuPercent: run.cpuPercent},
			...{rowSeconds: run.rowSeconds, isSampled: run.isSampled, untilSeconds: run.untilSeconds},
			task: await recordingTask(found, run, {files, replications: 1}),
		});
	}

	if (subjects.length === 0) {
		throw new UserError('E_USAGE', `Expected recordings that ${path} does not leave out, got none`);
	}

	return {name: set, subjects, start: {kind: 'settings', found}, opened: reader.opened};
}

async function namedRuns(paths: readonly string[]): Promise<ListedRun[]> {
	const runs = new Map<string, ListedRun>();
	for (const path of paths) {
		const found = await findRecordings(path);
		if (found === undefined) {
			const rule = `Expected ${path} to be recordings of an autoscaler (runs.csv), or a record (record.json)`;
			throw new UserError('E_FILE', `${rule}, got ${otherThanRecordings(path)}`);
		}

		for (const run of found) {
			runs.set(`${run.set}/${run.run}`, run);
		}
	}

	const sets = [...new Set([...runs.values()].map(({set}) => set))];
	if (sets.length > 1) {
		const rule = 'Expected recordings of one set, as a fit finds one group of settings';
		const [first] = runs.values();
		throw new UserError(
			'E_USAGE',
			`${rule}; got ${sets.join(', ')}: name one behind the folder, such as ${join(first!.folder, sets[0]!)}`,
		);
	}

	return [...runs.values()];
}

async function readRecords(paths: readonly string[], {settings, experiment}: Beginning): Promise<FitSubjects> {
	if (settings !== undefined) {
		throw new UserError('E_USAGE', 'Expected --experiment with records of replicas, got --settings');
	}

	const subjects: FitSubject[] = [];
	const read: ReadExperiments = new Map();
	let start: StartingPoint | undefined;
	let name = '';
	for (const path of paths) {
		const recording = await readRecord(path);
		const {head, tables} = recording;
		const {profile} = head.experiment;
		const source =
			experiment === undefined
				? await findExperiment(head, read)
				: await readExperimentSource(experiment, profile === undefined ? {} : {profile});
		if (source === undefined) {
			throw new UserError('E_FILE', `Expected --experiment with the load of ${path}, got none under experiments`);
		}

		const {seconds, desiredReplicas} = tables.decisions;
		const rows = Array.from(seconds, (at, row) => [at, desiredReplicas[row]!] as const);
		const recorded = rows.filter(([, replicas], row) => row === 0 || replicas !== rows[row - 1]![1]);
		if (recorded.length === 0) {
			throw new UserError('E_FILE', `${path}:1:1: Expected a record with decisions of the autoscaler, got none`);
		}

		start ??= {kind: 'experiment', path: source.path, ...(profile !== undefined && {profile})};
		name = source.experiment.name;
		const task = {experiment: source.experiment, replications: 1, lead: 0, replicas: recorded[0]![1]};
		const untilSeconds = source.experiment.duration;
		subjects.push({
			...{name: path, digest: recordHash(recording), recorded, cpuPercent: [], task},
			...{rowSeconds: [...seconds], isSampled: false, untilSeconds},
		});
	}

	return {name, subjects, start: start!, opened: []};
}
