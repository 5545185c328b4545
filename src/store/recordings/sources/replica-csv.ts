import {parseCsv} from '../../records/import-table.ts';
import type {ReplicaRow, ReplicaSource} from './replica-rows.ts';

const timeNames = ['seconds', 'time', 'timestamp', 'date', 'at'];
const desiredNames = ['desiredreplicas', 'specreplicas', 'replicas', 'desired', 'value'];
const currentNames = ['currentreplicas', 'statusreplicas', 'current'];

/** A number since the epoch is at least this [s]: September 2001. */
const earliestEpoch = 1e9;

/**
 * Rows of a CSV of times and replicas. A time is a number of seconds, seconds or milliseconds since the epoch, or text such as
 * 2026-11-28T10:15:00Z.
 *
 * @throws {RangeError} with the place of a fault
 */
export function readReplicaCsv(text: string): ReplicaSource {
	const [head, ...rest] = parseCsv(text.startsWith('\uFEFF') ? text.slice(1) : text);
	const names = (head?.cells ?? []).map(cell => cell.trim());
	const keys = names.map(name => name.toLowerCase().replaceAll(/[^a-z]/g, ''));
	const columnOf = (known: readonly string[]) =>
		known.map(name => keys.indexOf(name)).find(column => column !== -1) ?? -1;
	const [time, desired, current] = [columnOf(timeNames), columnOf(desiredNames), columnOf(currentNames)];
	if (time === -1 || desired === -1) {
		const rule = 'columns of a time and of replicas, such as seconds,desiredReplicas';
		throw new RangeError(`1:1: Expected ${rule}, got ${names.join(', ').slice(0, 200) || 'an empty file'}`);
	}

	const times = rest.map(({line, cells}) => timeOf(cells[time] ?? '', line));
	const isEpoch = times.length > 0 && times.every(({seconds}) => seconds >= earliestEpoch);
	const rows = rest.map(({line, cells}, row): ReplicaRow => {
		return {
			at: times[row]!.seconds,
			desired: countOf(cells[desired], names[desired]!, line),
			current: current === -1 ? Number.NaN : countOf(cells[current], names[current]!, line),
		};
	});
	return {rows, clock: isEpoch ? 'epoch' : 'own', notes: []};
}

function timeOf(cell: string, line: number): {readonly seconds: number} {
	const text = cell.trim();
	if (/^[+-]?\d+(?:\.\d+)?$/.test(text)) {
		const value = Number(text);
		return {seconds: value >= earliestEpoch * 1000 ? value / 1000 : value};
	}

	const zoned = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?$/.test(text);
	const millis = zoned
		? Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text.replace(' ', 'T')}Z`)
		: Number.NaN;
	if (Number.isNaN(millis)) {
		throw new RangeError(
			`${line}:1: Expected a number of seconds or a time in UTC, got ${JSON.stringify(text.slice(0, 60))}`,
		);
	}

	return {seconds: millis / 1000};
}

function countOf(cell: string | undefined, name: string, line: number): number {
	const text = (cell ?? '').trim();
	if (text === '' || text === 'NaN') {
		return Number.NaN;
	}

	if (!/^\d+(?:\.0+)?$/.test(text)) {
		throw new RangeError(
			`${line}:1: Expected ${name} to be a number of replicas, got ${JSON.stringify(text.slice(0, 60))}`,
		);
	}

	return Number(text);
}
