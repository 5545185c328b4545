import type {AuditedClaim, ClaimVerdict} from '../audit/audit.ts';
import {formatFigure, formatInterval} from '../audit/format-figure.ts';
import {auditAnswer, worstFirst} from './answers/audit-answer.ts';
import type {Report} from './text/report.ts';

const words: Readonly<Record<ClaimVerdict, string>> = {
	reproduced: 'reproduced',
	inconsistent: 'INCONSISTENT',
	'not-supported': 'not supported',
	contradicted: 'CONTRADICTED',
};

/** Rows of the short table: the worst claims. */
const mostRows = 10;

/** Audit as a report: the answer, then a row for each claim; for the ten worst ones where not all is asked for. */
export function auditReport(publication: string, audited: readonly AuditedClaim[]): Report {
	const left = audited.length - mostRows;
	const counts = Object.entries(words)
		.map(([verdict, word]) => [audited.filter(claim => claim.verdict === verdict).length, word] as const)
		.map(([count, word]) => `${count} ${word.toLowerCase()}`);
	return {
		title: `Audit of ${publication}`,
		answer: auditAnswer(audited),
		sections: [
			{
				heading: 'Claims',
				lead: `${audited.length} claims: ${counts.join(', ')}`,
				rows: [claimHead, ...audited.map(claimRow)],
				untitledIn: ['terminal'],
				hasText: true,
				detail: 'full',
			},
			{
				heading: 'Claims',
				rows: [claimHead, ...worstFirst(audited).slice(0, mostRows).map(shortRow)],
				notes: left > 0 ? [`${left} more: --full`] : [],
				forms: ['terminal'],
				untitledIn: ['terminal'],
				detail: 'short',
			},
		],
	};
}

const claimHead = ['claim', 'claimed', 'verdict', 'because'];

function claimRow({id, claimed, unit, verdict, because}: AuditedClaim): string[] {
	return [id, claimed === null || unit === null ? 'in words' : formatFigure(claimed, unit), words[verdict], because];
}

/** Row with the first sentence of the reason. */
function shortRow({because, ...claim}: AuditedClaim): string[] {
	return claimRow({...claim, because: /^.*?\.(?=\s\p{Lu}|$)/su.exec(because)?.[0] ?? because});
}

/** Document of an audit, as JSON. */
export function auditJson(publication: string, claims: readonly AuditedClaim[]): string {
	return `${JSON.stringify({publication, answer: auditAnswer(claims), claims}, null, '\t')}\n`;
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
