import process from 'node:process';
import type {Argv, InferredOptionTypes} from 'yargs';
import {audit} from '../../library/audit.ts';
import {auditJson, auditReport} from '../../report/audit-report.ts';
import {oneText} from '../terminal/option-forms.ts';
import {print, printReport} from '../terminal/print.ts';
import {showProgress} from '../terminal/show-progress.ts';

const options = {
	json: {type: 'boolean', default: false, describe: 'print one JSON document instead of a table'},
	records: {
		...oneText('records'),
		default: 'reports',
		describe: 'folder that measured records are looked for in',
	},
} as const;

export const command = 'audit <file>';
export const describe =
	'Recompute published claims and say which are reproduced, inconsistent, not supported or contradicted';

export const builder = (yargs: Argv) =>
	yargs
		.positional('file', {type: 'string', demandOption: true, describe: 'claims file'})
		.options(options)
		.example('$0 audit experiments/claims-poster.yaml', 'What of the poster’s figures follows from what');

type AuditArguments = InferredOptionTypes<typeof options> & {readonly file: string};

export async function handler({file, json, records}: AuditArguments): Promise<void> {
	const {onProgress, stop} = showProgress(process.stderr, {interrupted: () => 'Interrupted'});
	const {publication, claims} = await audit(file, {records, onProgress}).finally(stop);
	json ? print(auditJson(publication, claims)) : printReport(auditReport(publication, claims));
}
