import {nameOfFormat, type TimeUnit, type TraceFormat} from '../../experiment/workload-schema.ts';
import {columnsByName} from './trace-names.ts';
import {
	type Columns,
	cellsOf,
	csvReader,
	isJson,
	jsonReader,
	objectIn,
	type TraceReader,
	type TraceRow,
} from './trace-readers.ts';
import {workReader} from './work-traces.ts';

type TraceForm = {
	readonly name: TraceFormat;
	/** Name of its first line in messages. */
	readonly firstLine: string;
	/** Whether time 0 is the trace's own, not its first request. */
	readonly keepsZero: boolean;
	/** The unit in which its times are published; undefined where they are text or nobody said. */
	readonly unit?: TimeUnit;
	/** Makes the reader of the lines from `first` on; undefined when `first` is no first line of this form. */
	readonly readerAfter: (first: string) => TraceReader | undefined;
	/** Whether the first line is a request itself. */
	readonly hasHeader: (first: string) => boolean;
	/** The header that is written, if any. */
	readonly header?: string;
	/** The line of the request that is number `index`, its time in seconds. */
	readonly write: (row: Readonly<TraceRow>, index: number) => string;
};

/** The published forms of traces, the plain one, and tables whose columns have names that are known. */
export const traceForms: readonly TraceForm[] = [
	csvForm({
		name: 'azure',
		columns: ['TIMESTAMP', 'ContextTokens', 'GeneratedTokens'],
		write: ({at, promptTokens, outputTokens}) => `${timestampOf(at)},${promptTokens},${outputTokens}`,
	}),
	csvForm({
		name: 'burstgpt',
		unit: 's',
		columns: ['Timestamp', 'Request tokens', 'Response tokens'],
		header: 'Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type',
		unanswered: true,
		write: ({at, promptTokens, outputTokens}) =>
			`${at},none,${promptTokens},${outputTokens},${promptTokens + outputTokens},API log`,
	}),
	jsonForm({
		name: 'bailian',
		unit: 's',
		firstLine: '{"chat_id": …, "parent_chat_id": …, "timestamp": …, "input_length": …, "output_length": …}',
		isFirst: keys => hasAll(keys, ['chat_id', 'parent_chat_id', ...mooncakeKeys]),
		hasChains: true,
		write: ({at, promptTokens: input_length, outputTokens: output_length}, chat_id) =>
			JSON.stringify({chat_id, parent_chat_id: -1, timestamp: at, input_length, output_length, type: 'text', turn: 1}),
	}),
	{
		...csvForm({
			name: 'replicast',
			columns: ['atSeconds', 'promptTokens', 'outputTokens'],
			inName: 's',
			write: ({at, promptTokens, outputTokens}) => `${at},${promptTokens},${outputTokens}`,
		}),
		keepsZero: true,
	},
	{
		name: 'table',
		firstLine: 'a header or JSON with a time, prompt_tokens and output_tokens',
		header: 'timestamp_s,prompt_tokens,output_tokens',
		keepsZero: false,
		hasHeader: first => !isJson(first),
		readerAfter: readerOfTable,
		write: ({at, promptTokens, outputTokens}) => `${at},${promptTokens},${outputTokens}`,
	},
	jsonForm({
		name: 'mooncake',
		unit: 'ms',
		firstLine: '{"timestamp": …, "input_length": …, "output_length": …}',
		isFirst: () => true,
		write: ({at, promptTokens, outputTokens}) =>
			JSON.stringify({timestamp: Math.round(at * 1000), input_length: promptTokens, output_length: outputTokens}),
	}),
];

/**
 * The form of a trace.
 *
 * @param first - its first line
 * @param named - the form it has to have; found by the first line when left out
 * @throws {RangeError} when it has none of the forms, or not the one that is named
 */
export function formOf(first: string, named?: TraceFormat): {readonly form: TraceForm; readonly reader: TraceReader} {
	const work = workForm(first, named);
	if (work !== undefined) {
		return work;
	}

	for (const form of traceForms) {
		const reader = named === undefined || named === form.name ? form.readerAfter(first) : undefined;
		if (reader !== undefined) {
			return {form, reader};
		}
	}

	const wanted = traceForms.filter(({name}) => named === undefined || named === name);
	const lines = wanted.map(({name, firstLine}) => `${nameOfFormat[name]} (${firstLine})`);
	throw new RangeError(`a first line that is not that of ${lines.join(', ')}`);
}

/** The plain form of a trace of work where its time is `atSeconds`, else a table; undefined where it has no work. */
function workForm(first: string, named: TraceFormat | undefined): ReturnType<typeof formOf> | undefined {
	const reader = workReader(first);
	const name = reader?.column.toLowerCase() === 'atseconds' && !isJson(first) ? 'replicast' : 'table';
	return reader === undefined || (named !== undefined && named !== name)
		? undefined
		: {form: traceForms.find(form => form.name === name)!, reader};
}

type CsvForm = Pick<TraceForm, 'name' | 'write' | 'unit'> & {
	readonly columns: Columns;
	readonly header?: string;
	/** The unit that the name of the time's column says. */
	readonly inName?: TimeUnit;
	/** Whether no output means that the request failed. */
	readonly unanswered?: boolean;
};

function csvForm({columns, header = columns.join(','), inName, unanswered = false, ...form}: CsvForm): TraceForm {
	return {
		...form,
		firstLine: header,
		header,
		keepsZero: false,
		hasHeader: () => true,
		readerAfter: first => {
			const cells = cellsOf(first, ',').map(cell => cell.toLowerCase());
			const places = columns.map(column => cells.indexOf(column.toLowerCase()));
			return places.includes(-1)
				? undefined
				: csvReader({
						columns,
						places,
						names: cells,
						separator: ',',
						unit: inName,
						unanswered,
						onlyNumbers: inName !== undefined,
					});
		},
	};
}

const mooncakeKeys: Columns = ['timestamp', 'input_length', 'output_length'];

type JsonForm = Pick<TraceForm, 'name' | 'firstLine' | 'write' | 'unit'> & {
	readonly isFirst: (keys: readonly string[]) => boolean;
	/** Whether requests name the one before in their conversation. */
	readonly hasChains?: boolean;
};

/** Form of a trace with one JSON object a line and Mooncake's keys. */
function jsonForm({isFirst, hasChains = false, ...form}: JsonForm): TraceForm {
	return {
		...form,
		keepsZero: false,
		hasHeader: () => false,
		readerAfter: first => {
			const keys = Object.keys(objectIn(first) ?? {});
			return isJson(first) && isFirst(keys)
				? jsonReader({columns: mooncakeKeys, unit: undefined, keys, isBailian: hasChains})
				: undefined;
		},
	};
}

function readerOfTable(first: string): TraceReader | undefined {
	if (isJson(first)) {
		const keys = Object.keys(objectIn(first) ?? {});
		const found = hasAll(keys, mooncakeKeys) ? undefined : columnsByName(keys);
		return (
			found &&
			jsonReader({
				columns: [found.time, found.promptTokens, found.outputTokens],
				unit: found.unit,
				keys,
				isBailian: false,
			})
		);
	}

	for (const separator of [',', ';', '\t']) {
		const cells = cellsOf(first, separator);
		const found = columnsByName(cells);
		if (found !== undefined) {
			const columns: Columns = [found.time, found.promptTokens, found.outputTokens];
			const places = columns.map(column => cells.indexOf(column));
			return csvReader({columns, places, names: cells, separator, unit: found.unit, unanswered: false});
		}
	}

	return undefined;
}

function hasAll(keys: readonly string[], wanted: readonly string[]): boolean {
	return wanted.every(key => keys.includes(key));
}

/** The time as the Azure traces have it, from the beginning of 2023 on. */
function timestampOf(seconds: number): string {
	const whole = Math.floor(seconds);
	const fraction = Math.round((seconds - whole) * 1e6);
	const date = new Date(Date.UTC(2023, 0, 1) + (whole + (fraction === 1e6 ? 1 : 0)) * 1000);
	const [day, time] = date.toISOString().split(/[T.]/);
	return `${day} ${time}.${String(fraction % 1e6).padStart(6, '0')}0`;
}
