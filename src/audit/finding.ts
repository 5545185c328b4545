import type {Claim, ClaimsFile} from './claims-file.ts';
import type {Measure} from './evaluate.ts';
import type {AuditEvidence} from './evidence.ts';
import type {ClaimUnit} from './unit.ts';

/** Evidence for or against a claim. */
export type Finding = {
	readonly source: 'measured' | 'formula' | 'check' | 'simulated' | 'text';
	/** Undefined where it decides nothing. */
	readonly verdict?: ClaimVerdict;
	/** A sentence. */
	readonly because: string;
	/** In the claim's unit. */
	readonly estimate?: {readonly value: number; readonly low: number; readonly high: number} | undefined;
};

/** Input for the judgement of a claim. */
export type Case = {
	readonly claim: Claim;
	readonly file: ClaimsFile;
	readonly evidence: AuditEvidence;
	readonly lookup: (id: string) => Measure | undefined;
	/** The claim's; 1 for a claim in words. */
	readonly unit: ClaimUnit;
	/** The claim's figure in base units, as far round as it was published. */
	readonly claimed: {readonly value: number; readonly low: number; readonly high: number} | undefined;
};

/** A value in the claim's unit. */
export function inUnit(
	{value, low, high}: Omit<Measure, 'dimension'>,
	{factor}: ClaimUnit,
): NonNullable<Finding['estimate']> {
	return {value: value / factor, low: low / factor, high: high / factor};
}

/** Whether a name stands for what a simulation gives. */
export function isFromSimulation({figures}: ClaimsFile, id: string): boolean {
	return figures.some(figure => figure.id === id && figure.experiment !== undefined);
}

/** `a, b and c`. */
export function listed(words: readonly string[]): string {
	return words.length < 2 ? (words[0] ?? 'itself') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** Ends a text with a full stop. */
export function ended(text: string): string {
	return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** Fault at a path of a claims file. */
export type ClaimFault = {
	readonly path: readonly (string | number)[];
	/** Text that follows "Expected … to be". */
	readonly rule: string;
	readonly got?: string;
};

/**
 * `reproduced`: arithmetic or a simulation agrees. `inconsistent`: other claims of the publication say otherwise.
 * `not-supported`: it rests on what the publication does not show. `contradicted`: a measured record says otherwise.
 */
export type ClaimVerdict = 'reproduced' | 'inconsistent' | 'not-supported' | 'contradicted';
