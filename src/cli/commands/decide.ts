import {once} from 'node:events';
import process from 'node:process';
import type {Argv} from 'yargs';
import {answerCase, caseInput, namedAnswer} from '../../autoscaler/case-input.ts';
import type {LiveAnswer} from '../../cluster/live/live-autoscaler.ts';
import {UserError} from '../../errors.ts';
import {type GivenCase, type ReadCase, readCase, readCaseLines, standardInput} from '../../store/inputs/read-cases.ts';
import {oneText} from '../terminal/option-forms.ts';

export const command = 'decide [files..]';
export const describe = 'Say what the HorizontalPodAutoscaler would do, and why, for given pods and metrics';

export const builder = (yargs: Argv) =>
	yargs
		.positional('files', {
			type: 'string',
			array: true,
			describe:
				'one case as YAML or JSON, or HPA, pods and metrics as kubectl saves them; - or nothing for standard input; with --live the name of an HPA',
		})
		.option('ndjson', {type: 'boolean', default: false, describe: 'one case a line, one answer a line'})
		.option('explain', {type: 'boolean', default: false, describe: 'tell every step, for people'})
		.option('live', {type: 'boolean', default: false, describe: "ask about an HPA of the current kubeconfig's cluster"})
		.option('namespace', {...oneText('namespace'), alias: 'n', describe: 'namespace of --live'});

type Args = {
	readonly files?: readonly string[];
	readonly ndjson: boolean;
	readonly explain: boolean;
	readonly live: boolean;
	readonly namespace?: string;
};

type Teller = (given: GivenCase, index: number) => string;

/** Answers each case on standard output; a malformed one has its line on standard error and the run goes on. */
export async function handler(args: Args): Promise<void> {
	if (args.live) {
		await decideLive(args);
		return;
	}

	const given = args.files?.filter(file => file !== '') ?? []; // yargs makes nothing of -
	const files = given.length === 0 ? [standardInput] : given;
	const tell = args.explain ? await explainer() : answerer(args.ndjson);
	if (!args.ndjson) {
		await answer(await readCase(...files), tell, 0);
		return;
	}

	if (files.length > 1) {
		throw new UserError('E_USAGE', `Expected one file with --ndjson, got ${files.length}`);
	}

	let index = 0;
	for await (const read of readCaseLines(files[0]!)) {
		await answer(read, tell, index++);
	}
}

async function answer(read: ReadCase, tell: Teller, index: number): Promise<void> {
	if ('given' in read) {
		await print(tell(read, index));
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
	return ({given, notes}) => `${JSON.stringify(answerCase(given, notes), undefined, isLine ? undefined : 2)}\n`;
}

async function explainer(): Promise<Teller> {
	const {explain} = await import('../../autoscaler/explain.ts');
	const {explanationText} = await import('../../report/decision-report.ts');
	return ({given, notes}, index) => {
		const {input, state} = caseInput(given);
		const title = `Case ${given.id ?? index + 1}`;
		return `${index > 0 ? '\n' : ''}${explanationText(input, explain(input, state), {title, notes})}`;
	};
}

async function decideLive({files = [], namespace, ndjson}: Args): Promise<void> {
	const [file, ...more] = files;
	if (!file || more.length > 0) {
		throw new UserError(
			'E_USAGE',
			`Expected --live to be followed by the name of one HPA, got ${file ? 'several' : 'nothing'}`,
		);
	}

	const {askLive} = await import('../../cluster/live/live-autoscaler.ts');
	const {liveText} = await import('../../report/decision-report.ts');
	const answer = await askLive(file, namespace);
	await print(ndjson ? liveLine(answer) : liveText(answer));
}

function liveLine({name, namespace, explanation, status, refusals}: LiveAnswer): string {
	return `${JSON.stringify({...namedAnswer(`${namespace}/${name}`, explanation.decision), status, refusals})}\n`;
}
