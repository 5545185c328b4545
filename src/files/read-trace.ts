import type {TraceArrivals} from '../experiment/experiment.ts';
import type {TraceTransform} from '../experiment/workload-schema.ts';

/** A recorded request: seconds from the first one, and tokens. */
type TraceRow = {readonly at: number; readonly promptTokens: number; readonly outputTokens: number};

/** Largest trace that is read [bytes]. */
export const largestTrace = 1 << 28;

const forms = [
	{header: 'TIMESTAMP,ContextTokens,GeneratedTokens', secondsOf: secondsOfTimestamp, isRelative: false},
	{header: 'atSeconds,promptTokens,outputTokens', secondsOf: secondsOfNumber, isRelative: true},
];

/**
 * The requests of a trace in CSV, bent as the transform says and in the order of time.
 *
 * @param text - the Azure LLM inference trace's columns, or `atSeconds,promptTokens,outputTokens`
 * @throws {RangeError} naming the lines that hold no request
 * @see https://github.com/Azure/AzurePublicDataset/blob/master/AzureLLMInferenceDataset2023.md
 */
export function traceArrivals(text: string, transform: TraceTransform): TraceArrivals {
	const rows = transformed(parseRows(text), transform);
	if (rows.length === 0) {
		throw new RangeError('no request between from and to');
	}

	return {
		process: 'trace',
		at: rows.map(({at}) => at),
		promptTokens: rows.map(({promptTokens}) => promptTokens),
		outputTokens: rows.map(({outputTokens}) => outputTokens),
	};
}

function parseRows(text: string): TraceRow[] {
	const [header = '', ...lines] = text.split(/\r?\n/);
	const form = forms.find(form => form.header.toLowerCase() === header.trim().toLowerCase());
	if (form === undefined) {
		throw new RangeError(`its first line is neither ${forms.map(form => form.header).join(' nor ')}`);
	}

	const rows: TraceRow[] = [];
	const bad: number[] = [];
	for (const [index, line] of lines.entries()) {
		const [time, ...tokens] = line.split(',').map(cell => cell.trim());
		const [at, promptTokens, outputTokens] = [form.secondsOf(time!), ...tokens.map(tokensOf)];
		if (line.trim() === '') {
			continue;
		}

		if (tokens.length === 2 && Number.isFinite(at + promptTokens! + outputTokens!)) {
			rows.push({at, promptTokens: promptTokens!, outputTokens: outputTokens!});
		} else {
			bad.push(index + 2);
		}
	}

	if (bad.length > 0) {
		const first = bad.slice(0, 5).join(', ');
		throw new RangeError(`${bad.length} of its lines hold no request: ${first}${bad.length > 5 ? ', …' : ''}`);
	}

	const sorted = rows.toSorted((a, b) => a.at - b.at);
	return form.isRelative ? sorted : fromFirst(sorted);
}

function tokensOf(cell: string): number {
	return /^\d{1,7}$/.test(cell) ? Number(cell) : Number.NaN;
}

/** Seconds of a time such as `2023-11-16 18:17:03.9799600`; tenths of microseconds are kept. */
function secondsOfTimestamp(cell: string): number {
	const [, date, time, fraction = '0'] =
		/^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d+))?(?:Z|\+00:00)?$/.exec(cell) ?? [];
	return date === undefined ? Number.NaN : Date.parse(`${date}T${time}Z`) / 1000 + Number(`0.${fraction}`);
}

function secondsOfNumber(cell: string): number {
	return /^\d+(?:\.\d+)?$/.test(cell) ? Number(cell) : Number.NaN;
}

function fromFirst(rows: readonly TraceRow[]): TraceRow[] {
	const start = rows[0]?.at ?? 0;
	return rows.map(row => ({...row, at: microseconds(row.at - start)}));
}

function microseconds(seconds: number): number {
	return Math.round(seconds * 1e6) / 1e6;
}

function transformed(rows: readonly TraceRow[], transform: TraceTransform): TraceRow[] {
	const {from, to = Number.POSITIVE_INFINITY, timeScale, rateScale, tokenScale} = transform;
	const {maxPromptTokens = Number.POSITIVE_INFINITY, maxOutputTokens = Number.POSITIVE_INFINITY} = transform;
	const scaled = (tokens: number, most: number) => Math.min(most, Math.max(1, Math.round(tokens * tokenScale)));
	return rows
		.filter(({at}) => at >= from && at < to)
		.filter((_, index) => Math.floor((index + 1) * rateScale) > Math.floor(index * rateScale))
		.map(({at, promptTokens, outputTokens}) => ({
			at: microseconds((at - from) * timeScale),
			promptTokens: scaled(promptTokens, maxPromptTokens),
			outputTokens: scaled(outputTokens, maxOutputTokens),
		}));
}
