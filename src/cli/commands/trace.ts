import {once} from 'node:events';
import process from 'node:process';
import type {Argv} from 'yargs';
import {UserError} from '../../errors.ts';
import {
	type GenerateTraceOptions,
	generateTrace,
	generateTraceText,
	inspectTrace,
	mostTraceRate,
	timeUnits,
	traceFormats,
	traceModelNames,
} from '../../library/trace.ts';
import {malformedWarning, traceJson, traceReport} from '../../report/trace-report.ts';
import {sayWhenInterrupted} from '../terminal/interruption.ts';
import {type ArgumentsOf, examplesOf, oneOf, oneText, wholeNumber} from '../terminal/option-forms.ts';
import {print, printError, printReport} from '../terminal/print.ts';

export const command = 'trace <action> [file]';
export const describe = 'Print the statistics of a trace of LLM requests, or generate one like a published trace';

export const builder = (yargs: Argv) =>
	yargs
		.positional('action', {type: 'string', choices: ['inspect', 'generate'] as const, describe: 'What to do'})
		.positional('file', {type: 'string', describe: 'The trace; what is generated goes to standard output without it'})
		.option('format', {
			...oneOf('format', traceFormats),
			describe: 'Form of the trace; inspect finds it by the first line, generate takes replicast',
		})
		.option('unit', {
			...oneOf('unit', timeUnits),
			describe: 'With inspect: unit of times that are numbers; found by the form or the name of their column',
		})
		.option('json', {type: 'boolean', default: false, describe: 'With inspect: print one JSON object instead of text'})
		.option('like', {
			...oneOf('like', traceModelNames),
			default: traceModelNames[0]!,
			describe: 'With generate: the trace whose statistics it has',
		})
		.option('duration', {...oneText('duration'), default: '1h', describe: 'With generate: length, such as 1h'})
		.option('rate', {...oneText('rate'), describe: 'With generate: mean requests a second, instead of the trace’s own'})
		.option('seed', {
			...wholeNumber('seed', {min: 0, max: Number.MAX_SAFE_INTEGER}),
			default: 1,
			describe: 'With generate: root of what is drawn',
		})
		.example(
			examplesOf({
				'$0 trace inspect AzureLLMInferenceTrace_conv.csv': 'Rates, tokens and burstiness of a trace',
				'$0 trace generate trace.csv --like azure-code --duration 1h --rate 2':
					'An hour like the trace of Azure’s code service',
			}),
		);

type TraceArguments = ArgumentsOf<typeof builder>;

export async function handler(args: TraceArguments): Promise<void> {
	const {action, file} = args;
	if (action === 'generate') {
		const {format, like, duration, seed} = args;
		await generate(file, {format, like, duration, rate: rateOf(args), seed});
	} else if (file) {
		await inspect(file, args);
	} else {
		throw new UserError('E_USAGE', 'Expected inspect to be followed by the file of a trace, got nothing');
	}
}

function rateOf({rate}: TraceArguments): number | undefined {
	const value = rate?.trim() === '' ? Number.NaN : Number(rate);
	if (rate !== undefined && !(value > 0 && value <= mostTraceRate)) {
		throw new UserError('E_USAGE', `Expected --rate to be a number above 0 and at most ${mostTraceRate}, got ${rate}`);
	}

	return rate === undefined ? undefined : value;
}

async function generate(file: string | undefined, options: GenerateTraceOptions): Promise<void> {
	if (file) {
		const stopListening = sayWhenInterrupted(() => `Interrupted: ${file} is as it was`);
		await generateTrace(file, options).finally(stopListening);
		printError(`Written to ${file}\n`);
		return;
	}

	for await (const piece of generateTraceText(options)) {
		if (!print(piece)) {
			await once(process.stdout, 'drain');
		}
	}
}

/** Prints the properties of a trace; the status is 2 where some of its lines hold no request. */
async function inspect(file: string, {format, unit, json}: TraceArguments): Promise<void> {
	const trace = await inspectTrace(file, {format, unit});
	json ? print(traceJson(trace)) : printReport(traceReport(trace));
	if (trace.malformed.count > 0) {
		printError(malformedWarning(trace));
		process.exitCode = 2;
	}
}
