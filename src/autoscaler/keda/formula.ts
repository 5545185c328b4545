import {
	type ExprEvaluate,
	type ExprValue,
	exprNumber,
	FormulaError,
	functions,
	type Operator,
	operators,
	overLists,
	type Token,
	tokensOf,
} from './formula-language.ts';

/** A formula that can be computed. */
export type ModifierFormula = {
	/** Triggers that it reads. */
	readonly names: readonly string[];
	/**
	 * Computes it.
	 *
	 * @param values - of the triggers, null where one has failed too often
	 * @returns null where it comes out as nil; undefined where expr gives up, as for the sum of nil and a number
	 */
	readonly compute: (values: ReadonlyMap<string, number | null>) => number | null | undefined;
};

/** Reader of one formula by the strength of its operators. */
class Reader {
	readonly names = new Set<string>();
	readonly #known: ReadonlySet<string>;
	readonly #locals = new Map<string, ExprEvaluate>();
	readonly #tokens: readonly Token[];
	#next = 0;
	#depth = 0;
	#isInPredicate = false;

	constructor(text: string, known: ReadonlySet<string>) {
		this.#tokens = tokensOf(text);
		this.#known = known;
	}

	read(): ExprEvaluate {
		while (this.#peek().text === 'let') {
			this.#take();
			const name = this.#take();
			this.#expect('=');
			this.#locals.set(name.text, this.#expression(0));
			this.#expect(';');
		}

		const result = this.#expression(0);
		const {kind, text} = this.#peek();
		if (kind !== 'end') {
			throw new FormulaError(`nothing may follow at ${JSON.stringify(text)}`);
		}

		return result;
	}

	#peek(): Token {
		return this.#tokens[this.#next]!;
	}

	#take(): Token {
		const token = this.#peek();
		this.#next = Math.min(this.#next + 1, this.#tokens.length - 1);
		return token;
	}

	#expect(sign: string): void {
		const {text} = this.#take();
		if (text !== sign) {
			throw new FormulaError(`${sign} is missing before ${text === '' ? 'the end' : JSON.stringify(text)}`);
		}
	}

	#expression(strength: number): ExprEvaluate {
		if (++this.#depth > 200) {
			throw new FormulaError('it is nested too deeply');
		}

		let left = this.#operand();
		for (let operator = this.#operator(); operator !== undefined && operator.power >= strength; ) {
			this.#take();
			const right = this.#expression(operator.isRight ? operator.power : operator.power + 1);
			left = operator.apply(left, right);
			operator = this.#operator();
		}

		this.#depth--;
		return strength === 0 && this.#peek().text === '?' ? this.#choice(left) : left;
	}

	#operator(): Operator | undefined {
		const {text} = this.#peek();
		return Object.hasOwn(operators, text) ? operators[text] : undefined;
	}

	#choice(test: ExprEvaluate): ExprEvaluate {
		this.#take();
		const yes = this.#expression(0);
		this.#expect(':');
		const no = this.#expression(0);
		return scope => (test(scope) === true ? yes(scope) : no(scope));
	}

	#operand(): ExprEvaluate {
		const token = this.#take();
		if (token.kind === 'number') {
			const value = Number(token.text);
			return () => value;
		}

		if (token.kind === 'name') {
			return token.text === 'not' ? this.#negation() : this.#named(token.text);
		}

		switch (token.text) {
			case '(': {
				const inner = this.#expression(0);
				this.#expect(')');
				return inner;
			}

			case '[':
				return this.#list();
			case '-': {
				const inner = this.#expression(90);
				return scope => -exprNumber(inner(scope));
			}

			case '+':
				return this.#expression(90);
			case '!':
				return this.#negation();
			case '#':
				if (this.#isInPredicate) {
					return ({item = null}) => item;
				}
		}

		throw new FormulaError(`a value is missing before ${token.text === '' ? 'the end' : JSON.stringify(token.text)}`);
	}

	#negation(): ExprEvaluate {
		const inner = this.#expression(50);
		return scope => inner(scope) !== true;
	}

	#named(name: string): ExprEvaluate {
		if (this.#peek().text === '(') {
			return this.#call(name);
		}

		const local = this.#locals.get(name);
		if (local !== undefined) {
			return local;
		}

		const constants: Readonly<Record<string, ExprValue>> = {true: true, false: false, nil: null};
		if (Object.hasOwn(constants, name)) {
			return () => constants[name]!;
		}

		if (!this.#known.has(name)) {
			throw new FormulaError(`${name} is no name of a trigger`);
		}

		this.names.add(name);
		return ({values}) => values.get(name) ?? null;
	}

	#call(name: string): ExprEvaluate {
		this.#take();
		const args: ExprEvaluate[] = [];
		while (this.#peek().text !== ')' && this.#peek().text !== '{') {
			args.push(this.#expression(0));
			if (this.#peek().text === ',') {
				this.#take();
			} else {
				break;
			}
		}

		const test = this.#peek().text === '{' ? this.#predicate() : undefined;
		this.#expect(')');
		if (test !== undefined && Object.hasOwn(overLists, name) && args.length === 1) {
			return scope => {
				const items = args[0]!(scope);
				return overLists[name]!(Array.isArray(items) ? items : [], item => test({...scope, item}));
			};
		}

		if (test === undefined && Object.hasOwn(functions, name) && args.length > 0) {
			return scope => functions[name]!(args.map(arg => arg(scope)));
		}

		const known = [...new Set([...Object.keys(functions), ...Object.keys(overLists)])].join(', ');
		throw new FormulaError(`of expr's functions ${known} are modelled, not ${name}`);
	}

	#predicate(): ExprEvaluate {
		this.#expect('{');
		const outer = this.#isInPredicate;
		this.#isInPredicate = true;
		const test = this.#expression(0);
		this.#isInPredicate = outer;
		this.#expect('}');
		return test;
	}

	#list(): ExprEvaluate {
		const items: ExprEvaluate[] = [];
		while (this.#peek().text !== ']') {
			items.push(this.#expression(0));
			if (this.#peek().text !== ',') {
				break;
			}

			this.#take();
		}

		this.#expect(']');
		return scope => items.map(item => item(scope));
	}
}

/**
 * Reads a formula of `scalingModifiers`: the part of the expr language that makes a number out of numbers.
 *
 * @param known - names of the triggers
 * @throws {FormulaError} where it uses another name or another part of the language, or comes out as no number
 * @see KEDA v2.20 apis/keda/v1alpha1/scaledobject_webhook.go, validateScalingModifiersFormula: tried with −1 for each trigger
 */
export function parseModifierFormula(text: string, known: readonly string[]): ModifierFormula {
	const reader = new Reader(text, new Set(known));
	const evaluate = reader.read();
	const tried = evaluate({values: new Map(known.map(name => [name, -1]))});
	if (typeof tried !== 'number' && tried !== null) {
		throw new FormulaError(`it comes out as ${Array.isArray(tried) ? 'a list' : 'true or false'}, not as a number`);
	}

	return {
		names: [...reader.names],
		compute(values) {
			try {
				const result = evaluate({values});
				return result === null ? null : exprNumber(result);
			} catch {
				return undefined;
			}
		},
	};
}
