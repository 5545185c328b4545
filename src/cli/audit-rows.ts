import type {AuditedClaim} from '../audit/audit.ts';
import {formatFigure, formatInterval} from '../audit/format-figure.ts';

/** The audit as rows of a short table: the claim, what was claimed, what was found, the verdict. */
export function auditRows(audited: readonly AuditedClaim[]): string[][] {
	return audited.map(({id, claimed, unit, value, low, high, verdict}) => [
		id.replaceAll('-', ' '),
		claimed === null || unit === null ? 'in words' : formatFigure(claimed, unit),
		value === null || unit === null ? '–' : formatInterval({value, low: low ?? value, high: high ?? value}, unit),
		verdict.replace('-', ' '),
	]);
}
