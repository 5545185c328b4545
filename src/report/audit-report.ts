import type {AuditedClaim, ClaimVerdict} from '../audit/audit.ts';
import {formatFigure, formatInterval} from '../audit/format-figure.ts';
import {auditAnswer} from './answers/audit-answer.ts';
import type {Report} from './text/report.ts';

const words: Readonly<Record<ClaimVerdict, string>> = {
	reproduced: 'reproduced',
	inconsistent: 'INCONSISTENT',
	'not-supported': 'not supported',
	contradicted: 'CONTRADICTED',
};

/** Audit as a report: the answer, then a row for each claim. */
export function auditReport(publication: string, audited: readonly AuditedClaim[]): Report {
	const rows = audited.map(({id, claimed, unit, verdict, because}) => [
		id,
		claimed === null || unit === null ? 'in words' : formatFigure(claimed, unit),
		words[verdict],
		because,
	]);
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
				rows: [['claim', 'claimed', 'verdict', 'because'], ...rows],
				untitledIn: ['terminal'],
			},
		],
	};
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
