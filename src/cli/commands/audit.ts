import {join} from 'node:path';
import process from 'node:process';
import type {Argv, InferredOptionTypes} from 'yargs';
import {audit} from '../../library/audit.ts';
import {auditJson, auditReport} from '../../report/audit-report.ts';
import {htmlOption, oneText} from '../terminal/option-forms.ts';
import {print, printError, printReport} from '../terminal/print.ts';
import {showProgress} from '../terminal/show-progress.ts';

const options = {
	json: {type: 'boolean', default: false, describe: 'print one JSON document instead of a table'},
	records: {
		...oneText('records'),
		default: 'reports',
		describe: 'folder that measured records are looked for in',
	},
	html: htmlOption,
	out: {...oneText('out'), default: join('reports', 'audited'), describe: 'folder for the page of --html'},
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

export async function handler({file, json, records, html, out}: AuditArguments): Promise<void> {
	const {onProgress, stop} = showProgress(process.stderr, {interrupted: () => 'Interrupted'});
	const pageFolder = html ? out : undefined;
	const {publication, claims, page} = await audit(file, {records, pageFolder, onProgress}).finally(stop);
	json ? print(auditJson(publication, claims)) : printReport(auditReport(publication, claims));
	if (page !== undefined) {
		printError(`Written to ${page}\n`);
	}
}
