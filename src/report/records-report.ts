import type {TableName} from '../records/record.ts';

/** Record that was made of tables from another source. */
export type ImportedRecording = {
	/** Folder of the record. */
	readonly folder: string;
	/** Rows of each table. */
	readonly rows: Readonly<Record<TableName, number>>;
	/** Tables that the source does not have; they are empty. */
	readonly absent: readonly TableName[];
	/** Assumptions about the source, and its peculiarities. */
	readonly notes?: readonly string[];
};

const nameOfRows: Readonly<Record<TableName, string>> = {
	requests: 'requests',
	pods: 'pod events',
	decisions: 'decisions',
	samples: 'samples',
};

/** Report of an import for a terminal. */
export function importReport({folder, rows, notes = []}: ImportedRecording): string {
	const counts = Object.entries(nameOfRows).map(([table, name]) => `${rows[table as TableName]} ${name}`);
	return [`${folder}: ${counts.join(', ')}`, ...notes.map(note => `- ${note}`)].join('\n');
}

/** Warning about the tables that a source does not have; empty where it has all. */
export function absentTables(source: string, {absent}: ImportedRecording): string {
	return absent.length === 0 ? '' : `${source} has no ${absent.join(', ')}: what depends on that cannot be compared\n`;
}
