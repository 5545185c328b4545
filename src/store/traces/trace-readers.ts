import type {WorkKind} from '../../experiment/serving/work-kind.ts';
import type {TimeUnit} from '../../experiment/workload-schema.ts';
import {conversationsOf} from './chat-chains.ts';
import {TimeCells} from './trace-times.ts';

/**
 * Request of a trace: its time as it stands there, a number in the trace's unit or the seconds since 1970 of a text;
 * tokens, or the work that it brings along [s]; and its conversation, from 0, where the trace has any.
 */
export type TraceRow = {
	at: number;
	promptTokens: number;
	outputTokens: number;
	work?: number;
	conversation?: number;
};

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
	/** Number of cells of each line. */
	readonly cells: number;
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
	cells,
	separator,
	unit,
	unanswered,
	onlyNumbers = false,
}: CsvLayout): TraceReader {
	const [time, prompt, output] = places;
	const times = new TimeCells({onlyNumbers});
	return {
		times,
		column: columns[0],
		unit,
		read: (line, row) => {
			const values = cellsOf(line, separator);
			if (values.length !== cells) {
				return {fault: `${values.length} cells, not ${cells}`};
			}

			const at = times.read(values[time!]!);
			const promptTokens = tokensOf(values[prompt!]!);
			const outputTokens = tokensOf(values[output!]!);
			return fill(row, {at, promptTokens, outputTokens}, columns, unanswered);
		},
	};
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

/**
 * Reads lines of one JSON object each.
 *
 * @param hasChains - whether requests name the one before in their conversation
 */
export function jsonReader(columns: Columns, unit: TimeUnit | undefined, hasChains: boolean): TraceReader {
	const times = new TimeCells();
	const conversationOf = hasChains ? conversationsOf() : undefined;
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
			const outcome = fill(row, given, columns, false);
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
