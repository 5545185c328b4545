import type {Argv} from 'yargs';
import {importRecording} from '../../library/records.ts';
import {absentTables, importReport} from '../../report/records-report.ts';
import {oneText} from '../terminal/option-forms.ts';
import {print, printError} from '../terminal/print.ts';

export const command = 'records <action> <folder>';
export const describe = 'Make a record of tables in CSV or NDJSON that were recorded by other means';

export const builder = (yargs: Argv) =>
	yargs
		.positional('action', {type: 'string', choices: ['import'] as const, describe: 'What to do'})
		.positional('folder', {type: 'string', describe: 'Folder with record.json and the tables'})
		.option('out', {...oneText('out'), demandOption: true, describe: 'Folder of the record'})
		.example('$0 records import my-recording --out reports/measured/mine/dynamic-0', '');

type RecordsArguments = {readonly action: 'import'; readonly folder: string; readonly out: string};

export async function handler({folder, out}: RecordsArguments): Promise<void> {
	const imported = await importRecording(folder, {out});
	printError(absentTables(folder, imported));
	print(importReport(imported));
}
