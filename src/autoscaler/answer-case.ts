import type {DecideCase} from '../kubernetes/decide-case.ts';
import {caseInput} from './case-input.ts';
import {type Decision, reconcile} from './reconcile.ts';

/** A decision as it is told, under the name of its case. */
export type CaseAnswer = Omit<Decision, 'recommendation'> & {
	readonly id?: string | number;
	/** What was taken for granted where a case says less than it could. */
	readonly notes?: readonly string[];
};

/** What the autoscaler decides on a case that was read, with what was noted on the way. */
export function answerCase(given: DecideCase, notes: readonly string[] = []): CaseAnswer {
	const {input, state} = caseInput(given);
	const answer = namedAnswer(given.id ?? undefined, reconcile(input, state));
	return notes.length === 0 ? answer : {...answer, notes};
}

export function namedAnswer(id: string | number | undefined, {recommendation: _, ...decision}: Decision): CaseAnswer {
	return id === undefined ? decision : {id, ...decision};
}
