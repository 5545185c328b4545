import * as z from 'zod';
import {longestSpan} from '../../records/pod-usage.ts';
import {recordColumns, recordWords, type TableName} from '../../records/record.ts';
import type {Column} from './parquet.ts';
import {recordRules} from './record-rules.ts';

const Proposal = z.looseObject({
	name: z.string(),
	proposal: z.number().optional(),
	utilization: z.number().optional(),
	averageValueMilli: z.number().optional(),
});

/** Columns of the decisions that hold JSON. */
const lists: Readonly<Record<string, z.ZodType>> = {proposals: z.array(Proposal), reasons: z.array(z.string())};

/** Furthest a time is from the start of its schedule [s]: 30 years. */
const furthest = 1e9;

/** The first thing in a table that no record has, in words; nothing where all is well. */
export function tableFault(name: TableName, columns: Readonly<Record<string, Column>>): string | undefined {
	for (const [column, values] of Object.entries(columns)) {
		const isAllowed = allowedIn(name, column);
		const row = isAllowed === undefined ? -1 : values.findIndex((value: unknown) => !isAllowed(value as never));
		if (row !== -1) {
			return `${told(values[row])} in row ${row + 1} of column ${column}`;
		}
	}

	return undefined;
}

function told(value: unknown): string {
	return typeof value === 'string' ? JSON.stringify(value).slice(0, 60) : String(value);
}

function allowedIn(name: TableName, column: string): ((value: never) => boolean) | undefined {
	const words = recordWords[name][column];
	if (words !== undefined) {
		const known = new Set(words);
		return (value: string) => known.has(value);
	}

	const isRequired = recordRules[name].required.includes(column);
	if (isRequired && recordColumns[name][column as never] === 'STRING') {
		return (text: string) => text.trim() !== '';
	}

	const list = name === 'decisions' ? lists[column] : undefined;
	if (list !== undefined) {
		return (text: string) => isJsonOf(text, list);
	}

	if (column === 'windowSeconds') {
		return (value: number) => Number.isNaN(value) || Math.abs(value) <= longestSpan;
	}

	return column === 'seconds' || column.endsWith('Seconds')
		? (value: number) => (Number.isNaN(value) ? !isRequired : Math.abs(value) <= furthest)
		: undefined;
}

function isJsonOf(text: string, form: z.ZodType): boolean {
	try {
		return form.safeParse(JSON.parse(text)).success;
	} catch {
		return false;
	}
}
