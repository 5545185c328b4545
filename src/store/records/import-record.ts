import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {UserError} from '../../errors.ts';
import type {Recording, RecordTables} from '../../records/record.ts';
import {recordColumns, requestTimes, type TableName, tableNames} from '../../records/record.ts';
import {readText, UnreadableError} from '../disk/read-text.ts';
import {importTable} from './import-table.ts';
import {readRecordHead} from './read-record.ts';
import {tableFault} from './table-fault.ts';

/** Value in a row of decisions without metrics or reasons. */
const noList = '[]';

/** Largest table that is read [bytes]. */
const largestTable = 1 << 28;

const formats = ['csv', 'ndjson'] as const;

type ImportRecordOptions = {
	/** Called as each table has been read; an error that it throws ends the import. */
	readonly onTable?: () => void;
};

/**
 * A recording made by other means: `record.json`, and beside it the tables as CSV or NDJSON.
 *
 * @param folder - holds `record.json` and at least `requests.csv` or `requests.ndjson`
 * @returns the recording, and the tables that were not there: they are empty
 * @throws {UserError} with a line for each fault: E_FILE for a file that cannot be read, E_CONFIG for what stands in one
 */
export async function importRecord(
	folder: string,
	{onTable}: ImportRecordOptions = {},
): Promise<{recording: Recording; absent: readonly TableName[]}> {
	const head = await readRecordHead(folder);
	const tables: Partial<Record<TableName, unknown>> = {};
	const absent: TableName[] = [];
	for (const name of tableNames) {
		const found = formats.find(format => existsSync(join(folder, `${name}.${format}`)));
		if (found === undefined) {
			absent.push(name);
		}

		tables[name] = await tableOf(folder, name, found);
		onTable?.();
	}

	if (absent.includes('requests')) {
		throw new UserError('E_FILE', `Expected ${folder} to hold requests.csv or requests.ndjson, got neither`);
	}

	const ordered = inOrder(tables as RecordTables);
	refuseTables(folder, ordered);
	return {recording: {head, tables: ordered}, absent};
}

/** Refuses tables that could not be read again. */
function refuseTables(folder: string, tables: RecordTables): void {
	const faults = tableNames.flatMap(name => {
		const fault = tableFault(name, tables[name]);
		return fault === undefined ? [] : [`Expected the ${name} of ${folder} to be those of a record, got ${fault}`];
	});
	if (faults.length > 0) {
		throw new UserError('E_CONFIG', faults);
	}
}

async function tableOf(folder: string, name: TableName, format: (typeof formats)[number] | undefined) {
	const form = {columns: recordColumns[name], ...(name === 'requests' && {order: requestTimes})};
	if (format === undefined) {
		return importTable('', 'ndjson', form);
	}

	const path = join(folder, `${name}.${format}`);
	try {
		return importTable(await readText(path, largestTable), format, form);
	} catch (error) {
		if (error instanceof UnreadableError) {
			throw error.asFault(path, 'a table');
		}

		if (error instanceof RangeError) {
			const lines = error.message.split('\n').map(line => `${path}:${/^\d/.test(line) ? '' : ' '}${line}`);
			throw new UserError('E_CONFIG', lines, {cause: error});
		}

		throw error;
	}
}

/** Rows in the order that a record has them, and texts that can be read back. */
function inOrder({requests, pods, decisions, samples}: RecordTables): RecordTables {
	const list = (text: string) => (text === '' ? noList : text);
	return {
		requests: sortedBy(requests, requests.scheduledSeconds),
		pods: sortedBy(pods, pods.seconds),
		decisions: sortedBy(
			{...decisions, proposals: decisions.proposals.map(list), reasons: decisions.reasons.map(list)},
			decisions.seconds,
		),
		samples: sortedBy(samples, samples.seconds),
	};
}

function sortedBy<Table extends Record<string, Float64Array | Int32Array | string[]>>(
	table: Table,
	seconds: Float64Array,
): Table {
	const order = [...seconds.keys()].sort((a, b) => seconds[a]! - seconds[b]!);
	const columns = Object.entries(table).map(([name, values]) => {
		if (Array.isArray(values)) {
			return [name, order.map(row => values[row]!)];
		}

		const sorted = values instanceof Int32Array ? new Int32Array(order.length) : new Float64Array(order.length);
		sorted.set(order.map(row => values[row]!));
		return [name, sorted];
	});
	return Object.fromEntries(columns) as Table;
}
