import type {LintedObject, LintSubject, TextPlace} from './subject.ts';
import type {Witness, WitnessPlan} from './witness/witness.ts';

export const severities = ['error', 'warning', 'info'] as const;
export type Severity = (typeof severities)[number];

/** LintFinding of a rule before its witness is simulated. */
export type Suspicion = {
	readonly severity: Severity;
	/** Object that the finding is of, and whose annotation may turn it off. */
	readonly object: LintedObject;
	readonly place: TextPlace;
	/** Message in a sentence or two: the thing that can never happen, or always does, and why. */
	readonly message: string;
	/** Change that mends it, a sentence. */
	readonly fix: string;
	readonly witness: Witness | WitnessPlan;
};

/** Fault that is looked for in manifests. */
export type Rule = {
	readonly id: string;
	/** Severity that its findings have at most. */
	readonly severity: Severity;
	/** Name of the fault, as a phrase. */
	readonly title: string;
	/** Reason why that is a fault, in a sentence or two. */
	readonly reason: string;
	readonly check: (subject: LintSubject) => Iterable<Suspicion>;
};

export type LintFinding = Omit<Suspicion, 'witness'> & {
	readonly rule: string;
	readonly witness: Witness;
};
