/** A formula over claims and figures. */
export type Formula =
	| {readonly kind: 'number'; readonly value: number; readonly unit: string}
	| {readonly kind: 'name'; readonly id: string}
	| {readonly kind: 'operation'; readonly operator: Operator; readonly left: Formula; readonly right: Formula}
	| {readonly kind: 'call'; readonly name: FunctionName; readonly of: readonly Formula[]};

type Operator = '+' | '-' | '*' | '/';

const functionNames = ['ceil', 'floor', 'round', 'min', 'max'] as const;
type FunctionName = (typeof functionNames)[number];

const deepestFormula = 50;

type Token = {readonly kind: 'number' | 'unit' | 'name' | 'sign'; readonly text: string};

/**
 * Parses `hourly-savings * 24 [h]`: names of claims and figures, numbers with a unit in brackets behind them, `+ - * /`,
 * brackets and ceil, floor, round, min, max. A minus stands between spaces, since names may hold one.
 *
 * @throws {RangeError} when it is no formula
 */
export function parseFormula(text: string): Formula {
	return new FormulaParser(text).parse();
}

class FormulaParser {
	readonly #text: string;
	readonly #tokens: readonly Token[];
	#at = 0;
	#depth = 0;

	constructor(text: string) {
		this.#text = text;
		this.#tokens = tokensOf(text);
	}

	parse(): Formula {
		const formula = this.#sum();
		if (this.#at < this.#tokens.length) {
			this.#fail('an operator');
		}

		return formula;
	}

	#sum(): Formula {
		let left = this.#product();
		for (let operator = this.#take('+', '-'); operator !== undefined; operator = this.#take('+', '-')) {
			left = {kind: 'operation', operator, left, right: this.#product()};
		}

		return left;
	}

	#product(): Formula {
		let left = this.#factor();
		for (let operator = this.#take('*', '/'); operator !== undefined; operator = this.#take('*', '/')) {
			left = {kind: 'operation', operator, left, right: this.#factor()};
		}

		return left;
	}

	#factor(): Formula {
		if (++this.#depth > deepestFormula) {
			throw new RangeError(`Expected a formula of at most ${deepestFormula} factors, got more`);
		}

		const token = this.#tokens[this.#at];
		if (token?.kind === 'number') {
			this.#at++;
			const unit = this.#tokens[this.#at];
			this.#at += unit?.kind === 'unit' ? 1 : 0;
			return {kind: 'number', value: Number(token.text), unit: unit?.kind === 'unit' ? unit.text : '1'};
		}

		if (token?.kind === 'name') {
			this.#at++;
			return this.#take('(') === undefined ? {kind: 'name', id: token.text} : this.#call(token.text);
		}

		if (this.#take('(') === undefined) {
			this.#fail('a name, a number or (');
		}

		const inner = this.#sum();
		this.#expect(')');
		return inner;
	}

	#call(name: string): Formula {
		if (!isFunction(name)) {
			throw new RangeError(`Expected ${name} to be one of ${functionNames.join(', ')}`);
		}

		const of = [this.#sum()];
		while (this.#take(',') !== undefined) {
			of.push(this.#sum());
		}

		this.#expect(')');
		const isPair = name === 'min' || name === 'max';
		if (isPair ? of.length < 2 : of.length !== 1) {
			throw new RangeError(
				`Expected ${name} to have ${isPair ? 'two arguments or more' : 'one argument'}, got ${of.length}`,
			);
		}

		return {kind: 'call', name, of};
	}

	#take<const T extends string>(...signs: readonly T[]): T | undefined {
		const token = this.#tokens[this.#at];
		const sign = token?.kind === 'sign' ? signs.find(text => text === token.text) : undefined;
		this.#at += sign === undefined ? 0 : 1;
		return sign;
	}

	#expect(sign: string): void {
		if (this.#take(sign) === undefined) {
			this.#fail(sign);
		}
	}

	#fail(wanted: string): never {
		const got = this.#tokens[this.#at]?.text ?? 'its end';
		throw new RangeError(`Expected ${wanted} in the formula ${this.#text}, got ${got}`);
	}
}

const pattern = /\s*(?:(\d+(?:\.\d+)?)|\[([^\]]*)\]|([A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*)|([-+*/(),]))/y;

function tokensOf(text: string): Token[] {
	const tokens: Token[] = [];
	pattern.lastIndex = 0;
	const whole = text.trimEnd();
	while (pattern.lastIndex < whole.length) {
		const at = pattern.lastIndex;
		const match = pattern.exec(whole);
		if (match === null) {
			throw new RangeError(`Expected a formula, got ${JSON.stringify(whole.slice(at).trimStart())} in ${text}`);
		}

		const kinds = ['number', 'unit', 'name', 'sign'] as const;
		const index = kinds.findIndex((_, group) => match[group + 1] !== undefined);
		tokens.push({kind: kinds[index]!, text: match[index + 1]!});
	}

	return tokens;
}

function isFunction(name: string): name is FunctionName {
	return (functionNames as readonly string[]).includes(name);
}

/** Names of the claims and figures in a formula, each once, in order. */
export function namesIn(formula: Formula): string[] {
	const names =
		formula.kind === 'name'
			? [formula.id]
			: formula.kind === 'operation'
				? [formula.left, formula.right].flatMap(namesIn)
				: formula.kind === 'call'
					? formula.of.flatMap(namesIn)
					: [];
	return [...new Set(names)];
}
