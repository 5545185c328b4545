import {answerCase, type CaseAnswer} from '../autoscaler/case-input.ts';
import {checkCase} from '../store/inputs/read-cases.ts';

/**
 * What the HorizontalPodAutoscaler would do, and why, for given pods and metrics.
 *
 * @param given - a case in the form that `replicast decide` reads from a file (docs/decide.md): seconds on the case's own
 *   clock, quantities as Kubernetes writes them
 * @returns what `replicast decide` prints
 * @throws {UserError} E_CONFIG with one line for each fault of the case
 */
export function decide(given: unknown): CaseAnswer {
	const {given: read, notes} = checkCase(given);
	return answerCase(read, notes);
}
