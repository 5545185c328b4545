import Table from 'cli-table3';
import type {AuditedClaim, ClaimVerdict} from '../audit/audit.ts';
import {formatFigure, formatInterval} from '../audit/format-figure.ts';
import {wrapWords} from './text/report.ts';

const width = 100;
/** Columns of the borders and the spaces beside them. */
const edges = 13;

const words: Readonly<Record<ClaimVerdict, string>> = {
	reproduced: 'reproduced',
	inconsistent: 'INCONSISTENT',
	'not-supported': 'not supported',
	contradicted: 'CONTRADICTED',
};

/** Table of an audit for a terminal of 100 columns: a line for each claim, and the number of each verdict. */
export function auditTable(publication: string, audited: readonly AuditedClaim[]): string {
	const rows = audited.map(claim => [
		wrapWords('', claim.id.replaceAll('-', '- '), 18).map(line => line.replaceAll('- ', '-')),
		claim.claimed === null ? ['in words'] : wrapWords('', formatFigure(claim.claimed, claim.unit!), 10),
		[words[claim.verdict]],
	]);
	const widths = [0, 1, 2].map(column => Math.max(7, ...rows.flatMap(row => row[column]!.map(line => line.length))));
	const left = width - edges - widths.reduce((sum, columns) => sum + columns, 0);
	const table = new Table({
		head: ['claim', 'claimed', 'verdict', 'because'],
		style: {head: [], border: [], 'padding-left': 1, 'padding-right': 1, compact: true},
	});
	for (const [index, {because}] of audited.entries()) {
		table.push([...rows[index]!, wrapWords('', because, left)].map(lines => lines.join('\n')));
	}

	const counts = Object.entries(words)
		.map(([verdict, word]) => [audited.filter(claim => claim.verdict === verdict).length, word] as const)
		.map(([count, word]) => `${count} ${word.toLowerCase()}`);
	return [
		...wrapWords('', `Audit of ${publication}`, width),
		table.toString(),
		`${audited.length} claims: ${counts.join(', ')}`,
		'',
	].join('\n');
}

/** Rows of a short table: the claim, its figure, the figure that was found, the verdict. */
export function auditRows(audited: readonly AuditedClaim[]): string[][] {
	return audited.map(({id, claimed, unit, value, low, high, verdict}) => [
		id.replaceAll('-', ' '),
		claimed === null || unit === null ? 'in words' : formatFigure(claimed, unit),
		value === null || unit === null ? '–' : formatInterval({value, low: low ?? value, high: high ?? value}, unit),
		verdict.replace('-', ' '),
	]);
}
