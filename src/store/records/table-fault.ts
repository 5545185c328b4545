import type * as z from 'zod';
import type {Column, ColumnForm} from '../../records/column.ts';
import {recordColumns, type TableName} from '../../records/record.ts';

/** The first cell in a table that no record has, in words; undefined when there is none. */
export function tableFault(name: TableName, columns: Readonly<Record<string, Column>>): string | undefined {
	const forms: Readonly<Record<string, ColumnForm>> = recordColumns[name];
	for (const [column, values] of Object.entries(columns)) {
		const isAllowed = forms[column] && allowedBy(forms[column]);
		const row = isAllowed === undefined ? -1 : values.findIndex((value: unknown) => !isAllowed(value as never));
		if (row !== -1) {
			return `${describe(values[row])} in row ${row + 1} of column ${column}`;
		}
	}

	return undefined;
}

function describe(value: unknown): string {
	return typeof value === 'string' ? JSON.stringify(value).slice(0, 60) : String(value);
}

function allowedBy({type, values, required, json, largest}: ColumnForm): ((value: never) => boolean) | undefined {
	if (values !== undefined) {
		const known = new Set(values);
		return (value: string) => known.has(value);
	}

	if (required && type === 'STRING') {
		return (text: string) => text.trim() !== '';
	}

	if (json !== undefined) {
		return (text: string) => isJsonOf(text, json);
	}

	return largest === undefined
		? undefined
		: (value: number) => (Number.isNaN(value) ? !required : Math.abs(value) <= largest);
}

function isJsonOf(text: string, form: z.ZodType): boolean {
	try {
		return form.safeParse(JSON.parse(text)).success;
	} catch {
		return false;
	}
}
