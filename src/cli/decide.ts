import {once} from 'node:events';
import process from 'node:process';
import type {Argv} from 'yargs';
import {answerCase, namedAnswer} from '../autoscaler/answer-case.ts';
import {caseInput} from '../autoscaler/case-input.ts';
import type {LiveAnswer} from '../cluster/live-autoscaler.ts';
import {UserError} from '../errors.ts';
import {type ReadCase, readCase, readCaseLines, standardInput} from '../files/read-cases.ts';
import type {DecideCase} from '../kubernetes/decide-case.ts';
import {oneText} from './option-forms.ts';

export const command = 'decide [file]';
export const describe = 'Say what the HorizontalPodAutoscaler would do, and why, for given pods and metrics';

export const builder = (yargs: Argv) =>
	yargs
		.positional('file', {
			type: 'string',
			describe: 'one case as YAML or JSON, - or nothing for standard input; with --live the name of an HPA',
		})
		.option('ndjson', {type: 'boolean', default: false, describe: 'one case a line, one answer a line'})
		.option('explain', {type: 'boolean', default: false, describe: 'tell every step, for people'})
		.option('live', {type: 'boolean', default: false, describe: "ask about an HPA of the current kubeconfig's cluster"})
		.option('namespace', {...oneText('namespace'), alias: 'n', describe: 'namespace of --live'});

type Args = {
	readonly file?: string;
	readonly ndjson: boolean;
	readonly explain: boolean;
	readonly live: boolean;
	readonly namespace?: string;
};

type Teller = (given: DecideCase, index: number) => string;

/** Answers each case on standard output; a malformed one has its line on standard error and the run goes on. */
export async function handler(args: Args): Promise<void> {
	if (args.live) {
		await decideLive(args);
		return;
	}

	const file = args.file || standardInput; // yargs makes nothing of -
	const tell = args.explain ? await explainer() : answerer(args.ndjson);
	if (!args.ndjson) {
		await answer(await readCase(file), tell, 0);
		return;
	}

	let index = 0;
	for await (const read of readCaseLines(file)) {
		await answer(read, tell, index++);
	}
}

async function answer(read: ReadCase, tell: Teller, index: number): Promise<void> {
	if ('given' in read) {
		await print(tell(read.given, index));
		return;
	}

	process.exitCode = 2;
	process.stderr.write(`${read.faults}\n`);
}

async function print(text: string): Promise<void> {
	if (!process.stdout.write(text)) {
		await once(process.stdout, 'drain');
	}
}

function answerer(isLine: boolean): Teller {
	return given => `${JSON.stringify(answerCase(given), undefined, isLine ? undefined : 2)}\n`;
}

async function explainer(): Promise<Teller> {
	const {explain} = await import('../autoscaler/explain.ts');
	const {explanationText} = await import('./explanation-text.ts');
	return (given, index) => {
		const {input, state} = caseInput(given);
		const title = `Case ${given.id ?? index + 1}`;
		return `${index > 0 ? '\n' : ''}${explanationText(input, explain(input, state), title)}`;
	};
}

async function decideLive({file, namespace, ndjson}: Args): Promise<void> {
	if (!file) {
		throw new UserError('E_USAGE', 'Expected --live to be followed by the name of an HPA, got nothing');
	}

	const {askLive} = await import('../cluster/live-autoscaler.ts');
	const {liveText} = await import('./live-text.ts');
	const answer = await askLive(file, namespace);
	await print(ndjson ? liveLine(answer) : liveText(answer));
}

function liveLine({name, namespace, explanation, status, refusals}: LiveAnswer): string {
	return `${JSON.stringify({...namedAnswer(`${namespace}/${name}`, explanation.decision), status, refusals})}\n`;
}
