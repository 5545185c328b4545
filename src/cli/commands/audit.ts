import process from 'node:process';
import type {Argv} from 'yargs';
import {audit} from '../../audit/audit.ts';
import {gatherEvidence} from '../../library/audit.ts';
import {auditTable} from '../../report/audit-report.ts';
import {readClaims} from '../../store/inputs/read-claims.ts';
import {oneText} from '../terminal/option-forms.ts';

export const command = 'audit <file>';
export const describe =
	'Recompute published claims and say which are reproduced, inconsistent, not supported or contradicted';

export const builder = (yargs: Argv) =>
	yargs
		.positional('file', {type: 'string', demandOption: true, describe: 'claims file'})
		.option('json', {type: 'boolean', default: false, describe: 'print one JSON document instead of a table'})
		.option('records', {
			...oneText('records'),
			default: 'reports',
			describe: 'folder that measured records are looked for in',
		})
		.example('$0 audit experiments/claims-poster.yaml', 'What of the poster’s figures follows from what');

type Args = {readonly file: string; readonly json: boolean; readonly records: string};

export async function handler({file, json, records}: Args): Promise<void> {
	const claims = await readClaims(file);
	const audited = audit(claims, await gatherEvidence(claims, {records}));
	process.stdout.write(json ? `${JSON.stringify(audited, null, '\t')}\n` : auditTable(claims, audited));
}
