/** A value of the expr language as far as a formula uses it. */
export type ExprValue = number | boolean | null | readonly ExprValue[];

/** Names of a formula and `#`, the item that a predicate looks at. */
type Scope = {readonly values: ReadonlyMap<string, ExprValue>; readonly item?: ExprValue};
export type ExprEvaluate = (scope: Scope) => ExprValue;

/** Fault of a text that is no formula. */
export class FormulaError extends Error {
	override readonly name = 'FormulaError';
}

const tokenPattern =
	/\s*(?:(\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|\.\d+)|([A-Za-z_]\w*)|(\?\?|\*\*|&&|\|\||==|!=|<=|>=|[-+*/%^()[\]{},?:<>!#;=]))/y;

export type Token = {readonly kind: 'number' | 'name' | 'sign' | 'end'; readonly text: string; readonly at: number};

export function tokensOf(text: string): Token[] {
	const tokens: Token[] = [];
	const pattern = new RegExp(tokenPattern);
	const end = text.trimEnd().length;
	while (pattern.lastIndex < end) {
		const from = pattern.lastIndex;
		const [whole, number, name, sign] = pattern.exec(text) ?? [];
		if (whole === undefined) {
			throw new FormulaError(`nothing like ${JSON.stringify(text.slice(from).trimStart().slice(0, 12))} is modelled`);
		}

		const kind = number === undefined ? (name === undefined ? 'sign' : 'name') : 'number';
		const found = (number ?? name ?? sign)!;
		tokens.push({kind, text: found, at: pattern.lastIndex - found.length});
	}

	return [...tokens, {kind: 'end', text: '', at: end}];
}

const numbersOf = (values: readonly ExprValue[]): number[] =>
	values.flat(3).map(value => exprNumber(value as ExprValue));

/** Functions of numbers or of a list of them. */
export const functions: Readonly<Record<string, (values: readonly ExprValue[]) => ExprValue>> = {
	abs: ([value]) => Math.abs(Number(value)),
	ceil: ([value]) => Math.ceil(Number(value)),
	floor: ([value]) => Math.floor(Number(value)),
	round: ([value]) => Math.sign(Number(value)) * Math.round(Math.abs(Number(value))),
	int: ([value]) => Math.trunc(Number(value)),
	float: ([value]) => (typeof value === 'number' ? value : Number.NaN),
	max: values => Math.max(...numbersOf(values)),
	min: values => Math.min(...numbersOf(values)),
	sum: values => numbersOf(values).reduce((sum, value) => sum + value, 0),
	mean: values => numbersOf(values).reduce((sum, value) => sum + value, 0) / numbersOf(values).length,
	median: values => medianOf(numbersOf(values)),
	len: ([value]) => (Array.isArray(value) ? value.length : Number.NaN),
};

function medianOf(values: readonly number[]): number {
	const sorted = values.toSorted((a, b) => a - b);
	const middle = Math.floor(sorted.length / 2);
	return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Functions of a list and a predicate. */
export const overLists: Readonly<
	Record<string, (items: readonly ExprValue[], test: (item: ExprValue) => ExprValue) => ExprValue>
> = {
	count: (items, test) => items.filter(item => test(item) === true).length,
	any: (items, test) => items.some(item => test(item) === true),
	all: (items, test) => items.every(item => test(item) === true),
	none: (items, test) => !items.some(item => test(item) === true),
	filter: (items, test) => items.filter(item => test(item) === true),
	map: (items, test) => items.map(item => test(item)),
	sum: (items, test) => numbersOf(items.map(item => test(item))).reduce((sum, value) => sum + value, 0),
};

export type Operator = {
	readonly power: number;
	readonly isRight?: true;
	readonly apply: (a: ExprEvaluate, b: ExprEvaluate) => ExprEvaluate;
};

const arithmetic =
	(compute: (a: number, b: number) => number) =>
	(a: ExprEvaluate, b: ExprEvaluate): ExprEvaluate =>
	scope =>
		compute(exprNumber(a(scope)), exprNumber(b(scope)));
const comparison =
	(compare: (a: number, b: number) => boolean) =>
	(a: ExprEvaluate, b: ExprEvaluate): ExprEvaluate =>
	scope =>
		compare(exprNumber(a(scope)), exprNumber(b(scope)));
const both =
	(a: ExprEvaluate, b: ExprEvaluate): ExprEvaluate =>
	scope =>
		a(scope) === true && b(scope) === true;
const either =
	(a: ExprEvaluate, b: ExprEvaluate): ExprEvaluate =>
	scope =>
		a(scope) === true || b(scope) === true;
const power = arithmetic(raise);

/** Operators by how strongly they bind. @see github.com/expr-lang/expr v1.17 parser/operator/operator.go */
export const operators: Readonly<Record<string, Operator>> = {
	'||': {power: 10, apply: either},
	or: {power: 10, apply: either},
	'&&': {power: 15, apply: both},
	and: {power: 15, apply: both},
	'==': {power: 20, apply: (a, b) => scope => a(scope) === b(scope)},
	'!=': {power: 20, apply: (a, b) => scope => a(scope) !== b(scope)},
	'<': {power: 20, apply: comparison((a, b) => a < b)},
	'>': {power: 20, apply: comparison((a, b) => a > b)},
	'<=': {power: 20, apply: comparison((a, b) => a <= b)},
	'>=': {power: 20, apply: comparison((a, b) => a >= b)},
	'+': {power: 30, apply: arithmetic((a, b) => a + b)},
	'-': {power: 30, apply: arithmetic((a, b) => a - b)},
	'*': {power: 60, apply: arithmetic((a, b) => a * b)},
	'/': {power: 60, apply: arithmetic((a, b) => a / b)},
	'**': {power: 100, isRight: true, apply: power},
	'^': {power: 100, isRight: true, apply: power},
	'??': {power: 500, apply: (a, b) => scope => a(scope) ?? b(scope)},
};

/** Whole powers by multiplication alone, so that every machine gives the same bits; others come out as no number. */
function raise(base: number, exponent: number): number {
	if (!Number.isInteger(exponent) || Math.abs(exponent) > 1000) {
		return exponent === 0.5 ? Math.sqrt(base) : Number.NaN;
	}

	let result = 1;
	for (let step = 0; step < Math.abs(exponent); step++) {
		result *= base;
	}

	return exponent < 0 ? 1 / result : result;
}

/** A failed trigger takes part in no arithmetic: expr gives up. */
export function exprNumber(value: ExprValue): number {
	if (typeof value !== 'number') {
		throw new FormulaError('it computes with something that is no number');
	}

	return value;
}
