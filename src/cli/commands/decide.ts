import {once} from 'node:events';
import process from 'node:process';
import type {Argv, InferredOptionTypes} from 'yargs';
import {UserError} from '../../errors.ts';
import {decideFiles, decideLive, explainFiles, type FaultyCase} from '../../library/decide.ts';
import {wrapLines} from '../../report/text/report.ts';
import {examplesOf, oneText, refuseStray} from '../terminal/option-forms.ts';
import {print, printError, terminalWidth} from '../terminal/print.ts';
import {type WatchArguments, watchLive, watchOptions} from './decide-watch.ts';

const options = {
	ndjson: {type: 'boolean', default: false, describe: 'One case a line, one answer a line'},
	explain: {type: 'boolean', default: false, describe: 'Explain every step, for people'},
	live: {type: 'boolean', default: false, describe: "Ask about an HPA of the current kubeconfig's cluster"},
	namespace: {...oneText('namespace'), alias: 'n', describe: 'Namespace of --live'},
	watch: {
		type: 'boolean',
		default: false,
		describe: 'With --live: go on beside the HPA or ScaledObject, and compare every decision',
	},
	...watchOptions,
} as const;

export const command = 'decide [files..]';
export const describe = 'Compute what the HorizontalPodAutoscaler or KEDA would do for given pods and metrics, and why';

export const builder = (yargs: Argv) =>
	yargs
		.positional('files', {
			type: 'string',
			array: true,
			describe:
				'One case as YAML or JSON, or HPA or ScaledObject, pods and metrics as kubectl saves them; - or nothing for standard input; with --live the name of an HPA',
		})
		.options(options)
		.example(
			examplesOf({
				'$0 decide hpa.yaml pods.yaml metrics.yaml --explain': 'From what kubectl get -o yaml saved, step by step',
				'$0 decide --live chat -n llm': 'What the HPA of a cluster would decide now',
				'$0 decide --live --watch chat --for 1h --out watched': 'Every decision of an hour, beside the HPA’s own',
			}),
		);

type Arguments = InferredOptionTypes<typeof options> & WatchArguments & {readonly files?: readonly string[]};

/** Prints the answer to each case; a malformed one has its line on standard error and the run goes on. */
export async function handler({
	files = [],
	ndjson: isNdjson,
	explain,
	live,
	namespace,
	...more
}: Arguments): Promise<void> {
	const asked = {isNdjson, ...(namespace !== undefined && {namespace})};
	if (more.watch) {
		refuseStray(more, 'live', live ? [] : ['watch']);
		await watchLive(nameIn(files), {...more, ...asked});
		return;
	}

	refuseStray(more, 'watch', Object.keys(watchOptions));
	if (live) {
		await printLive(nameIn(files), asked);
		return;
	}

	const given = files.filter(file => file !== ''); // yargs makes nothing of -
	if (explain) {
		await printExplanations(given, isNdjson);
		return;
	}

	for await (const decided of decideFiles(given, {isNdjson})) {
		if ('faults' in decided) {
			refuse(decided);
		} else {
			await printAll(`${JSON.stringify(decided.answer, undefined, isNdjson ? undefined : 2)}\n`);
		}
	}
}

async function printExplanations(files: readonly string[], isNdjson: boolean): Promise<void> {
	const {explanationText} = await import('../../report/decision-report.ts');
	const {scaledObjectText} = await import('../../report/scaled-object-report.ts');
	let separator = '';
	for await (const explained of explainFiles(files, {isNdjson})) {
		if ('faults' in explained) {
			refuse(explained);
		} else if ('keda' in explained) {
			await printAll(`${separator}${wrapped(scaledObjectText(explained))}`);
		} else {
			await printAll(`${separator}${wrapped(explanationText(explained.input, explained.explanation, explained))}`);
		}

		separator = '\n';
	}
}

function refuse({faults}: FaultyCase): void {
	process.exitCode = 2;
	printError(`${faults}\n`);
}

/** A text for people, as wide as the terminal. */
function wrapped(text: string): string {
	return wrapLines(text, terminalWidth());
}

async function printAll(text: string): Promise<void> {
	if (!print(text)) {
		await once(process.stdout, 'drain');
	}
}

/** @throws {UserError} E_USAGE unless there is one name */
function nameIn([name, ...more]: readonly string[]): string {
	if (!name || more.length > 0) {
		throw new UserError(
			'E_USAGE',
			`Expected --live to be followed by the name of one HPA, got ${name ? 'several' : 'nothing'}`,
		);
	}

	return name;
}

async function printLive(
	name: string,
	{isNdjson, ...options}: {readonly isNdjson: boolean; readonly namespace?: string},
): Promise<void> {
	const {liveLine, liveText} = await import('../../report/decision-report.ts');
	const answer = await decideLive(name, options);
	await printAll(isNdjson ? liveLine(answer) : wrapped(liveText(answer)));
}
