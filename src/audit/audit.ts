import type {ClaimsFile} from './claims-file.ts';
import type {AuditEvidence} from './evidence.ts';
import type {ClaimVerdict, Finding} from './finding.ts';
import {findingsOf} from './findings.ts';

export type {ClaimVerdict} from './finding.ts';

/** Result of the audit for one claim. */
export type AuditedClaim = {
	readonly id: string;
	readonly text: string;
	/** Null for a claim in words, as its unit. */
	readonly claimed: number | null;
	readonly unit: string | null;
	readonly verdict: ClaimVerdict;
	/** Value that was found instead, in the claim's unit; `low` and `high` where it is an estimate. */
	readonly value: number | null;
	readonly low: number | null;
	readonly high: number | null;
	readonly because: string;
};

/**
 * Judges every claim of a file that was found to be in order.
 *
 * A record that contradicts outweighs everything. A claim with a formula is judged by it and its checks: what may be
 * doubted about the formula's inputs stands with them. Then count assumptions and missing measurements, and last what a
 * simulation gives.
 */
export function auditClaims(file: ClaimsFile, evidence: AuditEvidence): AuditedClaim[] {
	return file.claims.map(claim => {
		const findings = findingsOf(claim, file, evidence);
		const {verdict, reasons} = judgementOf(findings);
		return {
			id: claim.id,
			text: claim.text,
			claimed: claim.claimed ?? null,
			unit: claim.unit ?? null,
			verdict,
			...shown(findings),
			because: reasons.join(' '),
		};
	});
}

function shown(findings: readonly Finding[]): Pick<AuditedClaim, 'value' | 'low' | 'high'> {
	const estimate = estimateOf(findings);
	if (estimate === undefined) {
		return {value: null, low: null, high: null};
	}

	// 0.116 × 24 × 365 in doubles is no round number of cents.
	const [value, low, high] = [estimate.value, estimate.low, estimate.high].map(end => Number(end.toPrecision(12)));
	return {value: value!, low: low === high ? null : low!, high: low === high ? null : high!};
}

function judgementOf(findings: readonly Finding[]): {verdict: ClaimVerdict; reasons: string[]} {
	const verdicts = ['contradicted', 'inconsistent', 'not-supported'] as const;
	const verdict = verdicts.find(wanted => findings.some(finding => finding.verdict === wanted)) ?? 'reproduced';
	const decisive = findings.filter(finding => finding.verdict === verdict);
	const others = findings.filter(finding => finding.verdict !== verdict);
	return {verdict, reasons: [...decisive, ...others].map(({because}) => because)};
}

/** Estimate of the strongest kind: measured, else computed from other claims, else their bound, else simulated. */
function estimateOf(findings: readonly Finding[]): Finding['estimate'] {
	const order = ['measured', 'formula', 'check', 'simulated'] as const;
	const contradicts = findings.some(({verdict}) => verdict === 'contradicted');
	const sources = order.filter(source => source !== 'measured' || contradicts);
	return sources
		.map(source => findings.find(finding => finding.source === source && finding.estimate !== undefined))
		.find(finding => finding !== undefined)?.estimate;
}
