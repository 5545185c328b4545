import {MeasuredSchedule} from '../../comparison/measured-schedule.ts';
import {UserError} from '../../errors.ts';
import {parseDuration} from '../../experiment/duration.ts';
import {replicaRecording} from '../../records/replica-recording.ts';
import type {ImportedRecording} from '../../report/records-report.ts';
import {readExperiment} from '../../store/experiments/read-experiment.ts';
import {readReplicas} from '../../store/recordings/read-replicas.ts';
import type {ReplicaSource} from '../../store/recordings/sources/replica-rows.ts';
import {writeRecord} from '../../store/records/write-record.ts';

type ReplicaImport = {
	readonly out: string;
	readonly experiment?: string;
	readonly profile?: string;
	readonly set?: readonly string[];
	readonly start?: string;
};

/**
 * Makes a record of the replicas of an autoscaler over time.
 *
 * @throws {UserError} in one line for a file that is none, or when no experiment is named
 */
export async function importReplicas(
	path: string,
	{out, experiment: file, profile, set = [], start}: ReplicaImport,
): Promise<ImportedRecording> {
	if (file === undefined) {
		throw new UserError('E_USAGE', `Expected --experiment with a file of replicas such as ${path}, got none`);
	}

	const source = await readReplicas(path);
	const experiment = await readExperiment(file, {set, ...(profile !== undefined && {profile})});
	const zero = start === undefined ? source.rows[0]!.at : startOf(start, source);
	const rows = source.rows
		.map(({at, ...row}) => ({...row, seconds: at - zero}))
		.filter(({seconds, desired}) => !Number.isNaN(seconds + desired))
		.sort((a, b) => a.seconds - b.seconds);
	const last = rows.at(-1)!.seconds;
	if (last < 0 || rows[0]!.seconds > experiment.duration) {
		throw new UserError('E_USAGE', `Expected --start within the times of ${path}, got ${start}`);
	}

	const notes = [
		...source.notes,
		...(start === undefined ? ['the load is taken to begin at the first row: no --start was given'] : []),
		...(last < experiment.duration
			? [`rows end at ${Math.round(last)} s of ${experiment.duration} s: the last replicas are taken to stay`]
			: []),
		'the load is taken to be that of the experiment',
	];
	const recording = replicaRecording(experiment, new MeasuredSchedule(experiment).scheduleHash, {rows, notes});
	writeRecord(out, recording);
	const decisions = recording.tables.decisions.seconds.length;
	return {
		folder: out,
		rows: {requests: 0, pods: 0, decisions, samples: 0},
		absent: ['requests', 'pods', 'samples'],
		notes,
	};
}

/** A time in UTC, a number of seconds or a duration such as 2m on the clock of the file [s]. */
function startOf(text: string, {clock}: ReplicaSource): number {
	const date = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) / 1000 : Number.NaN;
	const number = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
	const known = [date, number, clock === 'own' ? durationOf(text) : Number.NaN].find(value => !Number.isNaN(value));
	if (known === undefined) {
		const rule =
			clock === 'own' ? 'a number of seconds or a duration such as 2m' : 'a time such as 2026-11-28T10:15:00Z';
		throw new UserError('E_USAGE', `Expected --start to be ${rule}, got ${JSON.stringify(text)}`);
	}

	return known;
}

function durationOf(text: string): number {
	try {
		return parseDuration(text);
	} catch {
		return Number.NaN;
	}
}
