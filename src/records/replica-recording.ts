import type {Experiment} from '../experiment/experiment.ts';
import type {ColumnForm} from './column.ts';
import {type Recording, type RecordTables, recordColumns} from './record.ts';
import {headOfRun} from './record-hash.ts';

/** Replicas over time from time 0 of an experiment on. */
type ReplicaLine = {
	/** In the order of time; the first is not after 0 where the replicas at time 0 are known. */
	readonly rows: readonly {readonly seconds: number; readonly desired: number; readonly current: number}[];
	/** Peculiarities in words. */
	readonly notes: readonly string[];
};

/**
 * Measured record of replicas alone: each change is a decision, and all else is missing.
 *
 * @param scheduleHash - of the experiment's requests, which the recorded load is taken to be
 */
export function replicaRecording(experiment: Experiment, scheduleHash: string, {rows, notes}: ReplicaLine): Recording {
	const before = rows.findLastIndex(({seconds}) => seconds <= 0);
	const first = rows[Math.max(0, before)]!;
	const later = rows.slice(Math.max(0, before) + 1).filter(({seconds}) => seconds <= experiment.duration);
	const decisions = [{...first, seconds: Math.max(0, first.seconds)}, ...later].map((row, index, all) => {
		const current = index === 0 ? row.desired : all[index - 1]!.desired;
		return {seconds: row.seconds, current: Number.isNaN(row.current) ? current : row.current, desired: row.desired};
	});
	return {
		head: headOfRun(experiment, {
			...{engine: 'measured', arm: 'dynamic', replication: 0, scheduleHash},
			validity: {valid: true, reasons: [], notes: ['replicas alone were recorded', ...notes]},
		}),
		tables: {
			...emptyTables(),
			decisions: {
				seconds: Float64Array.from(decisions, ({seconds}) => seconds),
				currentReplicas: Int32Array.from(decisions, ({current}) => current),
				desiredReplicas: Int32Array.from(decisions, ({desired}) => desired),
				proposals: decisions.map(() => '[]'),
				reasons: decisions.map(() => '[]'),
			},
		},
	};
}

function emptyTables(): RecordTables {
	const empty = {DOUBLE: () => new Float64Array(0), INT32: () => new Int32Array(0), STRING: () => []};
	const tables = Object.entries(recordColumns).map(([table, columns]) => [
		table,
		Object.fromEntries(Object.entries<ColumnForm>(columns).map(([name, {type}]) => [name, empty[type]()])),
	]);
	return Object.fromEntries(tables) as RecordTables;
}
