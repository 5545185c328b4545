import type {Argv} from 'yargs';
import {UserError} from '../errors.ts';
import {parseDuration} from '../experiment/duration.ts';
import {type TimeUnit, type TraceFormat, timeUnits, traceFormats} from '../experiment/trace-format.ts';
import {type TraceModelName, traceModels} from '../experiment/trace-models.ts';
import {oneOf, oneText, wholeNumber} from './option-forms.ts';

export const command = 'trace <action> [file]';
export const describe = 'Say what a trace of LLM requests is like, or generate one like a published trace';

const models = Object.keys(traceModels) as readonly TraceModelName[];

export const builder = (yargs: Argv) =>
	yargs
		.positional('action', {type: 'string', choices: ['inspect', 'generate'] as const, describe: 'What to do'})
		.positional('file', {type: 'string', describe: 'the trace; what is generated goes to standard output without it'})
		.option('format', {
			...oneOf('format', traceFormats),
			describe: 'Form of the trace; inspect finds it by the first line, generate takes replicast',
		})
		.option('unit', {
			...oneOf('unit', timeUnits),
			describe: 'inspect: unit of times that are numbers; found by the form or the name of their column',
		})
		.option('json', {type: 'boolean', default: false, describe: 'inspect: print one JSON object instead of text'})
		.option('like', {
			...oneOf('like', models),
			default: models[0],
			describe: 'generate: the trace whose statistics it has',
		})
		.option('duration', {...oneText('duration'), default: '1h', describe: 'generate: length, such as 1h'})
		.option('rate', {...oneText('rate'), describe: 'generate: mean requests a second, instead of the trace’s own'})
		.option('seed', {
			...wholeNumber('seed', {min: 0, max: Number.MAX_SAFE_INTEGER}),
			default: 1,
			describe: 'generate: root of what is drawn',
		})
		.example('$0 trace inspect AzureLLMInferenceTrace_conv.csv', '')
		.example('$0 trace generate trace.csv --like azure-code --duration 30m --rate 0.5', '');

type Args = {
	readonly action: 'inspect' | 'generate';
	readonly file?: string;
	readonly format?: TraceFormat;
	readonly unit?: TimeUnit;
	readonly json: boolean;
	readonly like: TraceModelName;
	readonly duration: string;
	readonly rate?: string;
	readonly seed: number;
};

export async function handler(args: Args): Promise<void> {
	if (args.action === 'generate') {
		const {generateTrace} = await import('./generate-trace.ts');
		await generateTrace({...args, duration: durationOf(args.duration), rate: rateOf(args)});
		return;
	}

	if (!args.file) {
		throw new UserError('E_USAGE', 'Expected inspect to be followed by the file of a trace, got nothing');
	}

	const {inspectTrace} = await import('./inspect-trace.ts');
	await inspectTrace({...args, file: args.file});
}

function durationOf(text: string): number {
	try {
		const duration = parseDuration(text);
		if (duration > 0 && duration <= 366 * 86_400) {
			return duration;
		}
	} catch {
		// Told below.
	}

	throw new UserError(
		'E_USAGE',
		`Expected --duration to be longer than 0s and at most 366d, got ${JSON.stringify(text)}`,
	);
}

function rateOf({rate, like}: Args): number {
	const value = rate === undefined ? traceModels[like].ratePerSecond : Number(rate);
	if (rate?.trim() === '' || !(value > 0 && value <= 1e6)) {
		throw new UserError('E_USAGE', `Expected --rate to be a number above 0 and at most 1000000, got ${rate}`);
	}

	return value;
}
