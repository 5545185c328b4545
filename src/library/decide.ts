import {type CaseAnswer, caseInput} from '../autoscaler/case-input.ts';
import type {Explanation} from '../autoscaler/explain.ts';
import {answerGiven, answerKedaCase, type ExplainedKedaCase, type KedaAnswer} from '../autoscaler/keda/answer-case.ts';
import type {LiveAnswer} from '../autoscaler/live-answer.ts';
import type {ReconcileInput} from '../autoscaler/reconcile.ts';
import {UserError} from '../errors.ts';
import {checkCase, type ReadCase, readCase, readCaseLines, standardInput} from '../store/inputs/read-cases.ts';

export type {CaseAnswer} from '../autoscaler/case-input.ts';
export type {KedaAnswer} from '../autoscaler/keda/answer-case.ts';
export type {LiveAnswer} from '../autoscaler/live-answer.ts';

/** Answer to a case, by what its type says that it is of. */
export type AnswerOf<Given> = Given extends {readonly hpa: unknown; readonly scaledObject?: undefined}
	? CaseAnswer
	: Given extends {readonly scaledObject: unknown}
		? KedaAnswer
		: CaseAnswer | KedaAnswer;

/**
 * Decision of the HorizontalPodAutoscaler, with its reasons, for given pods and metrics; of a ScaledObject KEDA's, too.
 *
 * @param given - a case in the form that `replicast decide` reads from a file (docs/decide.md): seconds on the case's own
 *   clock, quantities as Kubernetes writes them
 * @returns the answer that `replicast decide` prints
 * @throws {UserError} E_CONFIG with one line for each fault of the case
 */
export function decide<Given>(given: Given): AnswerOf<Given> {
	const {given: read, notes} = checkCase(given);
	return answerGiven(read, notes) as AnswerOf<Given>;
}

type DecideFilesOptions = {
	/** Whether the file has a case a line, instead of one. */
	readonly isNdjson?: boolean;
};

/** Faults of a case that cannot be read, a line each. */
export type FaultyCase = {readonly faults: string};

/**
 * Decides the case of some files, or each line of one.
 *
 * @param files - one case as YAML or JSON, or HPA, pods and metrics as kubectl saves them; `-` or none for standard input
 * @throws {UserError} when a file cannot be read
 */
export async function* decideFiles(
	files: readonly string[],
	options: DecideFilesOptions = {},
): AsyncGenerator<{readonly answer: CaseAnswer | KedaAnswer} | FaultyCase, void, void> {
	for await (const read of readCases(files, options)) {
		yield 'given' in read ? {answer: answerGiven(read.given, read.notes)} : read;
	}
}

/** Decision on a case with every step to it. */
type ExplainedCase = {
	readonly title: string;
	readonly input: ReconcileInput;
	readonly explanation: Explanation;
	/** Assumptions where the case says less than it could. */
	readonly notes: readonly string[];
};

/** Decision on a case of a ScaledObject with every step to it. */
type ExplainedScaledObject = {
	readonly title: string;
	readonly keda: ExplainedKedaCase;
	/** Left out where KEDA is paused. */
	readonly explanation?: Explanation;
	readonly notes: readonly string[];
};

/**
 * Explains the case of some files, or each line of one.
 *
 * @param files - one case as YAML or JSON, or HPA, pods and metrics as kubectl saves them; `-` or none for standard input
 * @throws {UserError} when a file cannot be read
 */
export async function* explainFiles(
	files: readonly string[],
	options: DecideFilesOptions = {},
): AsyncGenerator<ExplainedCase | ExplainedScaledObject | FaultyCase, void, void> {
	const {explain} = await import('../autoscaler/explain.ts');
	let number = 0;
	for await (const read of readCases(files, options)) {
		number++;
		if ('given' in read) {
			const {given, notes} = read;
			const title = `Case ${given.id ?? number}`;
			if ('scaledObject' in given) {
				const keda = answerKedaCase(given, notes);
				const {question} = keda;
				yield {title, keda, notes, ...(question && {explanation: explain(question.input, question.state)})};
			} else {
				const {input, state} = caseInput(given);
				yield {title, input, explanation: explain(input, state), notes};
			}
		} else {
			yield read;
		}
	}
}

async function* readCases(
	given: readonly string[],
	{isNdjson = false}: DecideFilesOptions,
): AsyncGenerator<ReadCase, void, void> {
	const files = given.length === 0 ? [standardInput] : given;
	if (!isNdjson) {
		yield await readCase(...files);
		return;
	}

	if (files.length > 1) {
		throw new UserError('E_USAGE', `Expected one file with --ndjson, got ${files.length}`);
	}

	yield* readCaseLines(files[0]!);
}

/**
 * Decision about an HPA of the current kubeconfig's cluster, beside the status that Kubernetes reports of it. The cluster
 * is only read.
 *
 * @param namespace - the one of the kubeconfig's context when left out
 * @throws {UserError} E_CLUSTER when the cluster does not answer or has no such HPA
 */
export async function decideLive(name: string, {namespace}: {readonly namespace?: string} = {}): Promise<LiveAnswer> {
	const {askHpa} = await import('../cluster/live/ask-hpa.ts');
	return askHpa(name, namespace);
}
