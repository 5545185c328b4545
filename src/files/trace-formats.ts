import {nameOfFormat, type TraceFormat} from '../experiment/trace-format.ts';

/** One request of a trace: seconds on the trace's own clock, and tokens. */
export type TraceRow = {at: number; promptTokens: number; outputTokens: number};

/** What a line is: a request, one that failed and was never answered, or nothing, with the reason why. */
export type LineOutcome = 'request' | 'failed' | {readonly fault: string};

/** Reads a line into `row`, which is left as it was where the line holds no request. */
export type LineReader = (line: string, row: TraceRow) => LineOutcome;

type TraceForm = {
	readonly name: TraceFormat;
	/** How its first line is told to a person. */
	readonly firstLine: string;
	/** Whether time 0 is the trace's own, not its first request. */
	readonly keepsZero: boolean;
	/** How the lines after `first` are read; undefined when `first` is no first line of this form. */
	readonly readerAfter: (first: string) => LineReader | undefined;
	/** Whether the first line is a request itself. */
	readonly hasHeader: boolean;
	readonly write: (row: TraceRow) => string;
};

/** Later than any clock says [s]. */
const latest = 1e12;
const mostTokens = 1e7;

/** The published forms of traces, and the plain one. */
export const traceForms: readonly TraceForm[] = [
	csvForm({
		name: 'azure',
		columns: ['TIMESTAMP', 'ContextTokens', 'GeneratedTokens'],
		secondsOf: secondsOfTimestamp,
		write: ({at, promptTokens, outputTokens}) => `${timestampOf(at)},${promptTokens},${outputTokens}`,
	}),
	csvForm({
		name: 'burstgpt',
		columns: ['Timestamp', 'Request tokens', 'Response tokens'],
		header: 'Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type',
		secondsOf: secondsOfNumber,
		unanswered: true,
		write: ({at, promptTokens, outputTokens}) =>
			`${at},none,${promptTokens},${outputTokens},${promptTokens + outputTokens},API log`,
	}),
	{
		name: 'mooncake',
		firstLine: '{"timestamp": …, "input_length": …, "output_length": …}',
		keepsZero: false,
		hasHeader: false,
		readerAfter: first => (first.trimStart().startsWith('{') ? readMooncake : undefined),
		write: ({at, promptTokens, outputTokens}) =>
			JSON.stringify({timestamp: Math.round(at * 1000), input_length: promptTokens, output_length: outputTokens}),
	},
	{
		...csvForm({
			name: 'replicast',
			columns: ['atSeconds', 'promptTokens', 'outputTokens'],
			secondsOf: secondsOfNumber,
			write: ({at, promptTokens, outputTokens}) => `${at},${promptTokens},${outputTokens}`,
		}),
		keepsZero: true,
	},
];

/**
 * The form of a trace.
 *
 * @param first - its first line
 * @param named - the form it has to have; found by the first line when left out
 * @throws {RangeError} when it has none of the forms, or not the one that is named
 */
export function formOf(first: string, named?: TraceFormat): {readonly form: TraceForm; readonly reader: LineReader} {
	for (const form of traceForms) {
		const reader = named === undefined || named === form.name ? form.readerAfter(first) : undefined;
		if (reader !== undefined) {
			return {form, reader};
		}
	}

	const wanted = traceForms.filter(({name}) => named === undefined || named === name);
	const lines = wanted.map(({name, firstLine}) => `${nameOfFormat[name]} (${firstLine})`);
	throw new RangeError(`its first line is not that of ${lines.join(', ')}`);
}

type CsvForm = Pick<TraceForm, 'name' | 'write'> & {
	/** Of the time, the prompt's and the output's tokens. */
	readonly columns: readonly [string, string, string];
	readonly header?: string;
	readonly secondsOf: (cell: string) => number;
	/** Whether no output means that the request failed. */
	readonly unanswered?: boolean;
};

function csvForm({
	name,
	columns,
	header = columns.join(','),
	secondsOf,
	unanswered = false,
	write,
}: CsvForm): TraceForm {
	return {
		name,
		firstLine: header,
		keepsZero: false,
		hasHeader: true,
		write,
		readerAfter: first => {
			const cells = first.split(',').map(cell => cell.trim().toLowerCase());
			const [time, prompt, output] = columns.map(column => cells.indexOf(column.toLowerCase()));
			if (time === -1 || prompt === -1 || output === -1) {
				return undefined;
			}

			return (line, row) => {
				const values = line.split(',');
				if (values.length !== cells.length) {
					return {fault: `${values.length} cells, not ${cells.length}`};
				}

				const at = secondsOf(values[time!]!.trim());
				const promptTokens = tokensOf(values[prompt!]!.trim());
				const outputTokens = tokensOf(values[output!]!.trim());
				return fill(row, {at, promptTokens, outputTokens}, columns, unanswered);
			};
		},
	};
}

function readMooncake(line: string, row: TraceRow): LineOutcome {
	let value: unknown;
	try {
		value = JSON.parse(line);
	} catch {
		return {fault: 'no JSON'};
	}

	const {timestamp, input_length, output_length} = Object(value) as Record<string, unknown>;
	const given = {
		at: typeof timestamp === 'number' && timestamp >= 0 ? timestamp / 1000 : Number.NaN,
		promptTokens: tokensIn(input_length),
		outputTokens: tokensIn(output_length),
	};
	return fill(row, given, ['timestamp', 'input_length', 'output_length'], false);
}

function fill(
	row: TraceRow,
	given: Readonly<TraceRow>,
	[time, prompt, output]: readonly [string, string, string],
	unanswered: boolean,
): LineOutcome {
	if (!(given.at <= latest)) {
		return {fault: time};
	}

	if (Number.isNaN(given.promptTokens) || Number.isNaN(given.outputTokens)) {
		return {fault: Number.isNaN(given.promptTokens) ? prompt : output};
	}

	if (unanswered && given.outputTokens === 0) {
		return 'failed';
	}

	row.at = given.at;
	row.promptTokens = given.promptTokens;
	row.outputTokens = given.outputTokens;
	return 'request';
}

function tokensOf(cell: string): number {
	return /^\d{1,7}$/.test(cell) ? Number(cell) : Number.NaN;
}

function tokensIn(value: unknown): number {
	return Number.isInteger(value) && (value as number) >= 0 && (value as number) < mostTokens
		? (value as number)
		: Number.NaN;
}

const timestamp = /^(\d{4}-\d\d-\d\d)[ T]([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(\.\d{1,12})?(?:Z|\+00:00)?$/;

/** Beginning of the day of the last timestamp [s]: a trace has few days and many rows. */
const lastDay = {date: '', seconds: Number.NaN};

/** Seconds of a time such as `2023-11-16 18:17:03.9799600`; tenths of microseconds are kept. */
function secondsOfTimestamp(cell: string): number {
	const match = timestamp.exec(cell);
	if (match === null) {
		return Number.NaN;
	}

	const [, date = '', hours, minutes, seconds, fraction = '0'] = match;
	if (date !== lastDay.date) {
		lastDay.date = date;
		lastDay.seconds = Date.parse(`${date}T00:00:00Z`) / 1000;
	}

	return lastDay.seconds + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) + Number(fraction);
}

/** The time as the Azure traces have it, from the beginning of 2023 on. */
function timestampOf(seconds: number): string {
	const whole = Math.floor(seconds);
	const fraction = Math.round((seconds - whole) * 1e6);
	const date = new Date(Date.UTC(2023, 0, 1) + (whole + (fraction === 1e6 ? 1 : 0)) * 1000);
	const [day, time] = date.toISOString().split(/[T.]/);
	return `${day} ${time}.${String(fraction % 1e6).padStart(6, '0')}0`;
}

function secondsOfNumber(cell: string): number {
	return /^\d{1,15}(?:\.\d{1,15})?$/.test(cell) ? Number(cell) : Number.NaN;
}
