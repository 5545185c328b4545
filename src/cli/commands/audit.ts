import {join} from 'node:path';
import process from 'node:process';
import type {Argv, InferredOptionTypes} from 'yargs';
import {UserError} from '../../errors.ts';
import {audit} from '../../library/audit.ts';
import {briefAudit} from '../../report/answers/audit-answer.ts';
import {auditJson, auditReport} from '../../report/audit-report.ts';
import {examplesOf, htmlOption, oneText} from '../terminal/option-forms.ts';
import {print, printError, printReport, terminalWidth} from '../terminal/print.ts';
import {showProgress} from '../terminal/show-progress.ts';

const options = {
	json: {type: 'boolean', default: false, describe: 'Print one JSON document instead of a table'},
	full: {type: 'boolean', default: false, describe: 'Print all claims, not only the ten worst'},
	brief: {type: 'boolean', default: false, describe: 'Print only the answer, in six lines'},
	records: {
		...oneText('records'),
		default: 'reports',
		describe: 'Folder in which measured records are looked for',
	},
	html: htmlOption,
	out: {...oneText('out'), default: join('reports', 'audited'), describe: 'Folder for the page of --html'},
} as const;

export const command = 'audit <file>';
export const describe = 'Recompute published claims: which are reproduced, inconsistent, unsupported or contradicted';

export const builder = (yargs: Argv) =>
	yargs
		.positional('file', {type: 'string', demandOption: true, describe: 'Claims file'})
		.options(options)
		.example(examplesOf({'$0 audit experiments/claims-poster.yaml': 'The figures of the poster, each recomputed'}));

type AuditArguments = InferredOptionTypes<typeof options> & {readonly file: string};

export async function handler({file, json, full, brief, records, html, out}: AuditArguments): Promise<void> {
	const given = Object.entries({json, full, brief}).filter(([, isGiven]) => isGiven);
	if (given.length > 1) {
		const names = given.map(([name]) => `--${name}`);
		throw new UserError('E_USAGE', `Expected one of --json, --full and --brief, got ${names.join(' and ')}`);
	}

	const {onProgress, stop} = showProgress(process.stderr, {interrupted: () => 'Interrupted'});
	const pageFolder = html ? out : undefined;
	const {publication, claims, page} = await audit(file, {records, pageFolder, onProgress}).finally(stop);
	if (json) {
		print(auditJson(publication, claims));
	} else if (brief) {
		print(`${briefAudit(publication, claims, {path: file, width: terminalWidth()}).join('\n')}\n`);
	} else {
		printReport(auditReport(publication, claims), '', {isFull: full});
	}

	if (page !== undefined) {
		printError(`Written to ${page}\n`);
	}
}
