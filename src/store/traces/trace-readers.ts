import type {WorkKind} from '../../experiment/serving/work-kind.ts';
import type {TimeUnit} from '../../experiment/workload-schema.ts';
import {conversationsOf} from './chat-chains.ts';
import {extrasReader, type ReadExtras} from './request-extras.ts';
import type {TraceRow} from './trace-row.ts';
import {TimeCells} from './trace-times.ts';

export type {TraceRow} from './trace-row.ts';

/** Outcome of a line: a request, one that failed and was never answered, or a fault. */
type LineOutcome = 'request' | 'failed' | {readonly fault: string};

/** Reader of a trace's lines, once its first is known. */
export type TraceReader = {
	/** Reads a line into `row`, which is left as it was where the line holds no request. */
	readonly read: (line: string, row: TraceRow) => LineOutcome;
	readonly times: TimeCells;
	/** Name of the column of times. */
	readonly column: string;
	/** The unit of the times that the name of their column says. */
	readonly unit?: TimeUnit | undefined;
	/** Kind of the work that requests bring along; left out where they have tokens. */
	readonly work?: WorkKind;
};

/** Names of the columns of the time, the prompt's and the output's tokens. */
export type Columns = readonly [string, string, string];

type CsvLayout = {
	readonly columns: Columns;
	readonly places: readonly number[];
	/** Names of all columns: each line has as many cells. */
	readonly names: readonly string[];
	readonly separator: string;
	readonly unit: TimeUnit | undefined;
	/** Whether no output means that the request failed. */
	readonly unanswered: boolean;
	/** Whether times are numbers, and text is none. */
	readonly onlyNumbers?: boolean;
};

/** Reads the lines of a table whose columns are known. */
export function csvReader({
	columns,
	places,
	names,
	separator,
	unit,
	unanswered,
	onlyNumbers = false,
}: CsvLayout): TraceReader {
	const [time, prompt, output] = places;
	const extras = extrasReader(names, blockTokens.mooncake);
	const times = new TimeCells({onlyNumbers});
	return {
		times,
		column: columns[0],
		unit,
		read: (line, row) => {
			const values = cellsOf(line, separator);
			if (values.length !== names.length) {
				return {fault: `${values.length} cells, not ${names.length}`};
			}

			const at = times.read(values[time!]!);
			const promptTokens = tokensOf(values[prompt!]!);
			const outputTokens = tokensOf(values[output!]!);
			const outcome = fill(row, {at, promptTokens, outputTokens}, columns, unanswered);
			return extras === undefined
				? outcome
				: withExtras(outcome, extras, {row, cell: name => values[names.indexOf(name)]});
		},
	};
}

/** Tokens of a block of `hash_ids` in the published traces that have any; Mooncake's where nobody says. */
const blockTokens = {mooncake: 512, bailian: 16} as const;

type ExtraCells = {readonly row: TraceRow; readonly cell: (name: string) => unknown};

function withExtras(outcome: LineOutcome, extras: ReadExtras, {row, cell}: ExtraCells): LineOutcome {
	const fault = outcome === 'request' ? extras(cell, row) : undefined;
	return fault === undefined ? outcome : {fault};
}

/** The cells of a line, without blanks and quotes around them; none may hold a separator. */
export function cellsOf(line: string, separator: string): string[] {
	const cells = line.split(separator);
	for (let index = 0; index < cells.length; index++) {
		cells[index] = bareCell(cells[index]!);
	}

	return cells;
}

function bareCell(cell: string): string {
	const bare = cell.trim();
	return bare.length > 1 && bare.startsWith('"') && bare.endsWith('"') ? bare.slice(1, -1) : bare;
}

type JsonLayout = {
	readonly columns: Columns;
	readonly unit: TimeUnit | undefined;
	/** Keys of the first line. */
	readonly keys: readonly string[];
	/** Whether it is Bailian's, whose requests name the one before in their conversation. */
	readonly isBailian: boolean;
};

/**
 * Reads lines of one JSON object each.
 *
 * @see https://github.com/alibaba-edu/qwen-bailian-usagetraces-anon README at 03a51e3 (blocks of 16 tokens)
 */
export function jsonReader({columns, unit, keys, isBailian}: JsonLayout): TraceReader {
	const extras = extrasReader(keys, isBailian ? blockTokens.bailian : blockTokens.mooncake);
	const times = new TimeCells();
	const conversationOf = isBailian ? conversationsOf() : undefined;
	const [time, prompt, output] = columns;
	return {
		times,
		column: time,
		unit,
		read: (line, row) => {
			const value = objectIn(line);
			if (value === undefined) {
				return {fault: 'no JSON'};
			}

			const given = {
				at: times.read(value[time]),
				promptTokens: tokensIn(value[prompt]),
				outputTokens: tokensIn(value[output]),
			};
			const filled = fill(row, given, columns, false);
			const outcome = extras === undefined ? filled : withExtras(filled, extras, {row, cell: name => value[name]});
			if (outcome === 'request' && conversationOf !== undefined) {
				const conversation = conversationOf(value);
				if (conversation === undefined) {
					return {fault: 'chat_id'};
				}

				row.conversation = conversation;
			}

			return outcome;
		},
	};
}

/** Whether a first line is of the kind with one JSON object a line. */
export function isJson(first: string): boolean {
	return first.trimStart().startsWith('{');
}

/** Parses a line of JSON; undefined when it holds no object. */
export function objectIn(line: string): Readonly<Record<string, unknown>> | undefined {
	try {
		return Object(JSON.parse(line)) as Record<string, unknown>;
	} catch {
		return undefined;
	}
}

const mostTokens = 1e7;

function fill(
	row: TraceRow,
	given: Readonly<TraceRow>,
	[time, prompt, output]: Columns,
	unanswered: boolean,
): LineOutcome {
	if (Number.isNaN(given.at)) {
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
