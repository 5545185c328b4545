import {once} from 'node:events';
import process from 'node:process';
import type {Argv} from 'yargs';
import {UserError} from '../../errors.ts';
import {parseDuration} from '../../experiment/duration.ts';
import {syntheticTrace, type TraceModelName, traceModels} from '../../experiment/trace-models.ts';
import {
	nameOfFormat,
	type TimeUnit,
	type TraceFormat,
	timeUnits,
	traceFormats,
	unitOfTime,
} from '../../experiment/workload-schema.ts';
import {formatDuration, formatNumber, significant} from '../../report/text/format.ts';
import {drawTable} from '../../report/text/report.ts';
import {type TokenStatistics, type TraceStatistics, traceStatistics} from '../../statistics/trace-statistics.ts';
import {givesWay} from '../../store/disk/give-way.ts';
import {UnreadableError} from '../../store/disk/read-text.ts';
import {readTrace, type Trace} from '../../store/traces/read-trace.ts';
import {mostTraceRows} from '../../store/traces/trace-formats.ts';
import {malformedWords, type TraceClaim} from '../../store/traces/trace-lines.ts';
import {traceText, writeTrace} from '../../store/traces/write-trace.ts';
import {sayWhenInterrupted} from '../terminal/interruption.ts';
import {oneOf, oneText, wholeNumber} from '../terminal/option-forms.ts';
import {print, printError} from '../terminal/print.ts';

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
		await generateTrace({...args, duration: durationOf(args.duration), rate: rateOf(args)});
		return;
	}

	if (!args.file) {
		throw new UserError('E_USAGE', 'Expected inspect to be followed by the file of a trace, got nothing');
	}

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

export type GenerateOptions = {
	/** Standard output when left out. */
	readonly file?: string;
	readonly format?: TraceFormat;
	readonly like: TraceModelName;
	/** [s] */
	readonly duration: number;
	/** [requests/s] */
	readonly rate: number;
	readonly seed: number;
};

/** @throws {UserError} E_USAGE when that would be more requests than can be read again */
export async function generateTrace(options: GenerateOptions): Promise<void> {
	const {file, format = 'replicast', like, duration, rate, seed} = options;
	const expected = duration * rate;
	if (expected > mostTraceRows * 0.9) {
		const most = mostTraceRows * 0.9;
		throw new UserError('E_USAGE', `Expected at most ${most} requests, got about ${expected.toPrecision(2)}`);
	}

	const rows = syntheticTrace(traceModels[like], {duration, rate, seed});
	if (file) {
		const stopListening = sayWhenInterrupted(() => `Interrupted: ${file} is as it was`);
		try {
			await writeTrace(file, rows, format);
		} finally {
			stopListening();
		}

		printError(`Written to ${file}\n`);
		return;
	}

	const giveWay = givesWay();
	for (const piece of traceText(rows, format)) {
		await giveWay();
		if (!print(piece)) {
			await once(process.stdout, 'drain');
		}
	}
}

export type InspectOptions = {
	readonly file: string;
	readonly format?: TraceFormat;
	readonly unit?: TimeUnit;
	readonly json: boolean;
};

/** Prints what a trace is like; the status is 2 where some of its lines hold no request. */
export async function inspectTrace({file, format, unit, json}: InspectOptions): Promise<void> {
	const trace = await read(file, {format, unit});
	const statistics = trace.columns.at.length === 0 ? undefined : traceStatistics(trace.columns);
	print(json ? traceJson(file, trace, statistics) : traceReport(file, trace, statistics));
	if (trace.malformed.count > 0) {
		printError(`${file}: ${malformedWords(trace.malformed)}\n`);
		process.exitCode = 2;
	}
}

async function read(file: string, claim: TraceClaim): Promise<Trace> {
	try {
		return await readTrace(file, claim);
	} catch (error) {
		if (error instanceof UnreadableError || error instanceof RangeError) {
			throw new UserError('E_FILE', `Expected ${file} to be a trace, got ${error.message}`, {cause: error});
		}

		throw error;
	}
}

function traceJson(file: string, trace: Trace, statistics: TraceStatistics | undefined): string {
	const {format, times, sha256, failed, malformed} = trace;
	const unit = times === 'text' ? null : times.unit;
	const told = {file, format, unit, sha256, failed, malformed: {count: malformed.count, first: malformed.first}};
	return `${JSON.stringify({...told, statistics: statistics ?? null}, undefined, '\t')}\n`;
}

function traceReport(file: string, trace: Trace, statistics: TraceStatistics | undefined): string {
	const failed = trace.failed > 0 ? `, and ${formatNumber(trace.failed)} that failed and are not played` : '';
	const head = `${file}: ${nameOfFormat[trace.format]}, ${formatNumber(statistics?.requests ?? 0)} requests${failed}\n`;
	if (statistics === undefined) {
		return head;
	}

	const {promptTokens, outputTokens, beyondContext} = statistics;
	const beyond = beyondContext.map(
		({contextTokens, share}) => `${formatNumber(contextTokens)} tokens: ${significant(share * 100)} %`,
	);
	return [
		head,
		...arrivalLines(statistics, timesWords(trace)).map(line => `${line}\n`),
		`${drawTable([['tokens', ...columns], tokenRow('prompt', promptTokens), tokenRow('output', outputTokens)])}\n`,
		`Requests that do not fit a context of ${beyond.join(', ')}\n`,
		`SHA-256 ${trace.sha256}\n`,
	].join('');
}

const columns = [
	'mean',
	'cv',
	'least',
	'p50',
	'p90',
	'p95',
	'p99',
	'most',
] as const satisfies (keyof TokenStatistics)[];

function tokenRow(name: string, statistics: TokenStatistics): string[] {
	return [name, ...columns.map(column => significant(statistics[column]))];
}

/** `times in seconds, as a BurstGPT trace has them`. */
function timesWords({times, format, column}: Trace): string {
	if (times === 'text') {
		return 'times with dates';
	}

	const how = {
		named: 'as --unit says',
		column: `as ${column} says`,
		form: `as ${nameOfFormat[format]} has them`,
		size: 'by their size',
	}[times.by];
	return `times in ${unitOfTime[times.unit].name}, ${how}`;
}

function arrivalLines(
	{durationSeconds, ratePerSecond, interarrival, perMinute, dispersionPerSecond, tokenCorrelation}: TraceStatistics,
	times: string,
): string[] {
	const rate = ratePerSecond === null ? '' : `, ${significant(ratePerSecond)} requests/s`;
	return [
		`${formatDuration(durationSeconds)}${rate} (${times})`,
		...(interarrival === null
			? []
			: [
					`Interarrival times: mean ${significant(interarrival.meanSeconds)} s, coefficient of variation ${significant(interarrival.cv)}, longest ${significant(interarrival.longestSeconds)} s`,
				]),
		...(perMinute === null
			? []
			: [
					`Requests a minute: ${perMinute.least} to ${perMinute.most}, mean ${significant(perMinute.mean)}, coefficient of variation ${significant(perMinute.cv)}`,
				]),
		...(dispersionPerSecond === null ? [] : [`Variance over mean, by the second: ${significant(dispersionPerSecond)}`]),
		...(tokenCorrelation === null ? [] : [`Correlation of prompt and output: ${significant(tokenCorrelation)}`]),
	];
}
