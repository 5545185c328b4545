import type {Experiment} from '../../experiment/experiment.ts';
import {Schedule} from '../../experiment/schedule.ts';
import {closedScheduleHash, openScheduleHash} from '../../experiment/schedule-hash.ts';
import {provenanceOf} from '../../records/provenance.ts';
import type {Arm, RecordHead} from '../../records/record.ts';
import {headOfRun} from '../../records/record-hash.ts';
import type {Measured} from '../../store/records/write-record.ts';
import {replayedReplication} from '../load/send-requests.ts';
import type {JournalEntry} from '../observe/entry.ts';
import {conditionsOf} from './conditions.ts';
import {decisionTable} from './decision-table.ts';
import {observedTables} from './observed-tables.ts';
import {podTable} from './pod-table.ts';
import {requestTable, sentRequests} from './request-tables.ts';
import {sampleTable} from './sample-table.ts';
import {validityOf} from './validity.ts';

/** Experiment and cluster of a replay. */
export type Replayed = {
	readonly experiment: Experiment;
	readonly arm: Arm;
	/** From 0. */
	readonly repeat: number;
	/** `measured` when left out. */
	readonly engine?: 'measured' | 'emulated';
	readonly versions: Readonly<Record<string, string>>;
	readonly models: Readonly<Record<string, string>>;
	/** Differences between the cluster and the experiment that make a measurement no less valid. */
	readonly notes?: readonly string[];
};

/** Makes the record from a journal. It may break off anywhere: then the record is invalid and says so. */
export function measuredRecord(entries: readonly JournalEntry[], replayed: Replayed): Measured {
	const {experiment, arm, repeat, engine = 'measured', versions, models, notes = []} = replayed;
	const {replicast: version, replicastCommit: commit} = versions;
	const program = {version: version ?? '', ...(commit !== undefined && {commit})};
	const start = entries.find(({type}) => type === 'start')?.at ?? entries.at(-1)?.at ?? 0;
	const isWhole = entries.some(entry => entry.type === 'end' && entry.why === 'done');
	const requests = sentRequests(entries);
	const planned = plannedRequests(experiment);
	const conditions = conditionsOf(entries, requests, {experiment, start, planned: isWhole ? planned.count : null});
	const {notes: found = [], ...validity} = validityOf(conditions, {experiment, isWhole, engine});
	const allNotes = [...notes, ...found];
	return {
		recording: {
			head: headOfRun(experiment, {
				engine,
				arm,
				replication: repeat,
				scheduleHash: planned.hash,
				versions,
				models,
				...(version !== undefined && {provenance: provenanceOf(experiment, program)}),
				...machineOf(entries, start),
				validity: {...validity, ...(allNotes.length > 0 && {notes: allNotes})},
			}),
			tables: {
				requests: requestTable(requests, start),
				pods: podTable(entries, start),
				decisions: decisionTable(entries, start),
				samples: sampleTable(entries, start),
			},
		},
		observed: observedTables(entries, requests, start),
		conditions,
	};
}

/** Machine of a measurement and the probes of its speed, where there are any. */
function machineOf(entries: readonly JournalEntry[], start: number): Pick<RecordHead, 'machine' | 'probes'> {
	const machine = entries.find(entry => entry.type === 'machine')?.machine;
	const probes = entries.flatMap(entry => {
		if (entry.type !== 'probe') {
			return [];
		}

		const {when, ...probe} = entry.probe;
		return [{when, seconds: entry.at - start, ...probe}];
	});
	return {...(machine !== undefined && {machine}), ...(probes.length > 0 && {probes})};
}

function plannedRequests(experiment: Experiment): {count: number | null; hash: string} {
	if (experiment.workload.loop === 'closed') {
		return {count: null, hash: closedScheduleHash(experiment, replayedReplication)};
	}

	const schedule = new Schedule(experiment, replayedReplication);
	let count = 0;
	for (const block of schedule.blocks()) {
		count += block.count;
	}

	return {count, hash: openScheduleHash(schedule)};
}
