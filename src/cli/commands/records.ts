import type {Argv} from 'yargs';
import {importRecord} from '../../store/records/import-record.ts';
import {writeRecord} from '../../store/records/write-record.ts';
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

type Args = {readonly action: 'import'; readonly folder: string; readonly out: string};

export async function handler({folder, out}: Args): Promise<void> {
	const {recording, absent} = await importRecord(folder);
	writeRecord(out, recording);
	if (absent.length > 0) {
		printError(`${folder} has no ${absent.join(', ')}: what depends on that cannot be compared\n`);
	}

	const {requests, pods, decisions, samples} = recording.tables;
	const rows = Object.entries({
		requests: requests.outcome,
		'pod events': pods.event,
		decisions: decisions.proposals,
		samples: samples.pod,
	});
	const counts = rows.map(([name, column]) => `${column.length} ${name}`).join(', ');
	print(`${out}: ${counts}\n`);
}
