import type {AuditedClaim, ClaimVerdict} from '../../audit/audit.ts';
import {formatFigure} from '../../audit/format-figure.ts';
import {shellWord} from '../../printable.ts';
import {counted} from '../text/format.ts';
import {cutTo} from '../text/report.ts';

const mostNamed = 8;

/** Verdicts of an audit, the claims of each: the fallen ones begin with the most wrong one. */
function byVerdict(claims: readonly AuditedClaim[]) {
	const of = (verdict: ClaimVerdict) => claims.filter(claim => claim.verdict === verdict);
	return {
		fallen: [...of('contradicted').toSorted(byError), ...of('inconsistent').toSorted(byError)],
		unsupported: of('not-supported'),
		standing: of('reproduced'),
	};
}

/** Claims in the order of what a reader has to know: the ones that fall, the unsupported ones, the ones that stand. */
export function worstFirst(claims: readonly AuditedClaim[]): AuditedClaim[] {
	const {fallen, unsupported, standing} = byVerdict(claims);
	return [...fallen, ...unsupported, ...standing];
}

/**
 * Answer of an audit in at most six lines, none longer than `width`.
 *
 * @param path - of the claims file
 */
export function briefAudit(
	publication: string,
	claims: readonly AuditedClaim[],
	{path, width}: {readonly path: string; readonly width: number},
): string[] {
	const {fallen, unsupported, standing} = byVerdict(claims);
	const [worst, ...others] = fallen;
	const line = (head: string, of: readonly AuditedClaim[]) =>
		of.length === 0 ? [] : [`${head}${namesWithin(of, width - head.length)}`];
	const counts = `: of ${counted(claims.length, 'claim')} ${standing.length} stand, ${fallen.length} fall, ${unsupported.length} unsupported`;
	return [
		`${cutTo(`Audit of ${publication}`, width - counts.length)}${counts}`,
		...(worst === undefined ? [] : [cutTo(`  Worst: ${worst.id}: ${claimedText(worst)}, ${foundText(worst)}`, width)]),
		...line('  Also wrong: ', others),
		...line('  Reproduced: ', standing),
		...line('  Unsupported: ', unsupported),
		cutTo(`  All claims: replicast audit ${shellWord(path)} --full`, width),
	];
}

function foundText({value, unit, because}: AuditedClaim): string {
	return value === null || unit === null ? because : `${formatFigure(value, unit)} found`;
}

/** As many names as a width has room for, at least one, and the number of the others. */
function namesWithin(claims: readonly AuditedClaim[], width: number): string {
	const ids = claims.map(({id}) => id);
	const texts = ids.map((_, left) =>
		left === 0 ? ids.join(', ') : `${ids.slice(0, -left).join(', ')} and ${left} more`,
	);
	return texts.find(text => text.length <= width) ?? cutTo(texts.at(-1)!, width);
}

/** Answer of an audit: how many claims stand, which one is the most wrong, and what the others lack. */
export function auditAnswer(claims: readonly AuditedClaim[]): string[] {
	const {fallen, unsupported, standing} = byVerdict(claims);
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
