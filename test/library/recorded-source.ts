import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {MeasuredSchedule} from '../../src/comparison/measured-schedule.ts';
import {recordColumns, type TableName} from '../../src/records/record.ts';
import {autoscaler} from '../comparison/stand-ins.ts';
import {makeExperiment} from '../simulator/make-experiment.ts';

const {head, tables} = new MeasuredSchedule(makeExperiment({duration: 120, autoscaler, hash: 'ab'})).simulate(0);

/** Tables of the recording that {@link writeSource} writes; it leaves out the samples. */
export const sourceTables = tables;

function linesOf(name: TableName): string {
	const columns: Record<string, ArrayLike<unknown>> = tables[name];
	const names = Object.keys(recordColumns[name]);
	return Array.from({length: columns[names[0]!]!.length}, (_, row) =>
		JSON.stringify(Object.fromEntries(names.map(column => [column, columns[column]![row]]))),
	).join('\n');
}

/** Writes a folder with a recording from another source, without samples, and returns its path. */
export async function writeSource(folder: string): Promise<string> {
	await mkdir(folder);
	await writeFile(join(folder, 'record.json'), JSON.stringify(head));
	for (const name of ['requests', 'pods', 'decisions'] as const) {
		await writeFile(join(folder, `${name}.ndjson`), linesOf(name));
	}

	return folder;
}
