import type {AuditedClaim, ClaimVerdict} from '../../audit/audit.ts';
import {formatFigure} from '../../audit/format-figure.ts';
import {counted} from '../text/format.ts';

const mostNamed = 8;

/** Answer of an audit: how many claims stand, which one is the most wrong, and what the others lack. */
export function auditAnswer(claims: readonly AuditedClaim[]): string[] {
	const of = (verdict: ClaimVerdict) => claims.filter(claim => claim.verdict === verdict);
	const [contradicted, inconsistent] = [of('contradicted'), of('inconsistent')];
	const [unsupported, standing] = [of('not-supported'), of('reproduced')];
	const fallen = [...contradicted.toSorted(byError), ...inconsistent.toSorted(byError)];
	const [worst, ...others] = fallen;
	return [
		`Of ${counted(claims.length, 'claim')} ${standing.length} ${standing.length === 1 ? 'stands' : 'stand'}, ${fallen.length} ${fallen.length === 1 ? 'falls' : 'fall'}, and ${unsupported.length} ${unsupported.length === 1 ? 'is' : 'are'} not supported by anything that was given.`,
		...(worst === undefined
			? []
			: [`Worst: ${worst.id} (${claimedText(worst)}) is ${worst.verdict}. ${worst.because}`]),
		...(others.length === 0 ? [] : [`Also wrong: ${named(others)}.`]),
		...(standing.length === 0 ? [] : [`Reproduced: ${named(standing)}.`]),
		...(unsupported.length === 0
			? []
			: [`Not supported: ${named(unsupported)}; the table says what to measure or show.`]),
	];
}

function claimedText({claimed, unit}: AuditedClaim): string {
	return claimed === null || unit === null ? 'in words' : `claimed ${formatFigure(claimed, unit)}`;
}

function named(claims: readonly AuditedClaim[]): string {
	const ids = claims.slice(0, mostNamed).map(({id}) => id);
	return claims.length > mostNamed ? `${ids.join(', ')} and ${claims.length - mostNamed} more` : ids.join(', ');
}

/** The farthest from what was found first; claims without a figure last. */
function byError(a: AuditedClaim, b: AuditedClaim): number {
	return errorOf(b) - errorOf(a);
}

function errorOf({claimed, value}: AuditedClaim): number {
	if (claimed === null || value === null) {
		return -1;
	}

	return claimed === value ? 0 : Math.abs(value - claimed) / Math.max(Math.abs(claimed), Math.abs(value));
}
