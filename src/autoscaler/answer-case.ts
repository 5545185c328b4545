import type {DecideCase} from '../kubernetes/decide-case.ts';
import {caseInput} from './case-input.ts';
import {type Decision, reconcile} from './reconcile.ts';

/** A decision as it is told, under the name of its case. */
export type CaseAnswer = Omit<Decision, 'recommendation'> & {readonly id?: string | number};

/** What the autoscaler decides on a case that was read. */
export function answerCase(given: DecideCase): CaseAnswer {
	const {input, state} = caseInput(given);
	return namedAnswer(given.id ?? undefined, reconcile(input, state));
}

export function namedAnswer(id: string | number | undefined, {recommendation: _, ...decision}: Decision): CaseAnswer {
	return id === undefined ? decision : {id, ...decision};
}
