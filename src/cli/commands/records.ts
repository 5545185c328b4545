import type {Argv} from 'yargs';
import {importRecording} from '../../library/records.ts';
import {absentTables, importReport} from '../../report/records-report.ts';
import {changesOf, examplesOf, oneText} from '../terminal/option-forms.ts';
import {printError, printLines} from '../terminal/print.ts';

export const command = 'records <action> <folder>';
export const describe = 'Import what another tool measured, tables or replicas over time, as a measured record';

export const builder = (yargs: Argv) =>
	yargs
		.positional('action', {type: 'string', choices: ['import'] as const, describe: 'What to do'})
		.positional('folder', {
			type: 'string',
			describe: 'Folder with record.json and the tables; or a file of replicas over time',
		})
		.option('experiment', {
			...oneText('experiment'),
			describe: 'With a file of replicas: the experiment that they are of',
		})
		.option('profile', {...oneText('profile'), describe: 'Profile of the experiment to apply'})
		.option('set', changesOf('experiment', 'duration=20m'))
		.option('start', {
			...oneText('start'),
			describe: 'Time in the file at which the load began; its first row by default',
		})
		.option('out', {...oneText('out'), demandOption: true, describe: 'Folder of the record'})
		.example(
			examplesOf({
				'$0 records import my-recording --out reports/measured/mine/dynamic-0':
					'Tables of requests, pods, decisions and samples',
				'$0 records import hpa.txt --experiment mine.yaml --out measured/mine': 'The output of kubectl get hpa -w',
			}),
		);

type RecordsArguments = {
	readonly action: 'import';
	readonly folder: string;
	readonly out: string;
	readonly experiment?: string;
	readonly profile?: string;
	readonly set: readonly string[];
	readonly start?: string;
};

export async function handler({folder, out, experiment, profile, set, start}: RecordsArguments): Promise<void> {
	const imported = await importRecording(folder, {
		...{out, set},
		...(experiment !== undefined && {experiment}),
		...(profile !== undefined && {profile}),
		...(start !== undefined && {start}),
	});
	printError(absentTables(folder, imported));
	printLines(importReport(imported));
}
