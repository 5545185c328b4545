import type * as z from 'zod';

/** Type of a column in Parquet. */
export type ColumnType = 'DOUBLE' | 'INT32' | 'STRING';

/** Form of a column: its type, and what its cells may hold. No column has nulls; a number that is absent is NaN. */
export type ColumnForm = {
	readonly type: ColumnType;
	/** Every row has a number, or a text that is not blank. */
	readonly required?: true;
	/** Numbers are at least 0; checked where a table is imported. */
	readonly natural?: true;
	/** Largest absolute value of a number. */
	readonly largest?: number;
	/** The only texts. */
	readonly values?: readonly string[];
	/** The texts are JSON of this form. */
	readonly json?: z.ZodType;
};

/** Form of a table: its columns in the order of the file. */
export type TableForm = Readonly<Record<string, ColumnForm>>;

/** A column in memory. */
export type Column = Float64Array | Int32Array | string[];

type Arrays = {readonly DOUBLE: Float64Array; readonly INT32: Int32Array; readonly STRING: string[]};

type ColumnOf<Form extends ColumnForm> = Form extends {readonly values: readonly (infer Value)[]}
	? Value[]
	: Arrays[Form['type']];

/** A table in memory, one array a column, all of one length. */
export type TableOf<Form extends TableForm> = {-readonly [Name in keyof Form]: ColumnOf<Form[Name]>};

export const double = {type: 'DOUBLE'} as const satisfies ColumnForm;
export const int32 = {type: 'INT32'} as const satisfies ColumnForm;
export const text = {type: 'STRING'} as const satisfies ColumnForm;
