import type {SyntaxNode} from '@lezer/common';
import {parser} from '@prometheus-io/lezer-promql';
import {
	aggregations,
	arithmeticOperators,
	type BinaryOperator,
	comparisons,
	type ElementFunction,
	type Expression,
	elementFunctions,
	isScalar,
	type LabelChoice,
	rangeFunctions,
	setOperators,
} from './expression.ts';
import {durationMilliseconds, numberOf, stringOf} from './parse-literals.ts';
import {selectorOf} from './parse-selector.ts';
import {deepestQuery, longestQuery, QueryFault} from './query-fault.ts';

/** Longest window of a range selector [ms]: a day. */
const longestRange = 86_400_000;

/**
 * Reads a query by Prometheus' own grammar.
 *
 * @throws {QueryFault} at the first place that is no PromQL, or beyond the part of it that is evaluated
 * @see @prometheus-io/lezer-promql 0.315, prometheus v3 promql/parser/parse.go for the types of arguments
 */
export function parseQuery(text: string): Expression {
	if (text.length > longestQuery) {
		throw new QueryFault(longestQuery, `at most ${longestQuery} characters`, `${text.length}`);
	}

	const tree = parser.parse(text);
	refuseErrors(tree.topNode, text);
	const root = tree.topNode.firstChild;
	if (root === null) {
		throw new QueryFault(0, 'a PromQL expression', 'nothing');
	}

	return new Reader(text).read(root);
}

/** Walks without recursion: a hostile text nests as deep as it is long. */
function refuseErrors(top: SyntaxNode, text: string): void {
	let depth = 0;
	top.cursor().iterate(
		node => {
			depth++;
			if (node.type.isError) {
				const got = text.slice(node.from, node.from + 20);
				throw new QueryFault(node.from, 'a PromQL expression', got === '' ? 'its end' : got);
			}

			if (depth > deepestQuery) {
				throw new QueryFault(node.from, `nested at most ${deepestQuery} deep`, 'a deeper expression');
			}
		},
		() => {
			depth--;
		},
	);
}

const isOneOf = <T extends string>(names: readonly T[], name: string): name is T => names.includes(name as T);

/** Reads the nodes of one query. */
class Reader {
	readonly #text: string;

	constructor(text: string) {
		this.#text = text;
	}

	read(node: SyntaxNode): Expression {
		switch (node.name) {
			case 'ParenExpr':
				return this.read(node.firstChild!);
			case 'NumberDurationLiteral':
				return {kind: 'number', value: numberOf(this.#slice(node), node.from)};
			case 'VectorSelector':
				return {kind: 'selector', selector: selectorOf(node, this.#text)};
			case 'UnaryExpr': {
				const of = this.read(node.lastChild!);
				return this.#slice(node.firstChild!) === '-' ? {kind: 'negation', of} : of;
			}

			case 'BinaryExpr':
				return this.#binary(node);
			case 'AggregateExpr':
				return this.#aggregation(node);
			case 'FunctionCall':
				return this.#call(node);
			default:
				return this.#refuse(node);
		}
	}

	#slice({from, to}: SyntaxNode): string {
		return this.#text.slice(from, to);
	}

	#refuse(node: SyntaxNode): never {
		const instead: Readonly<Record<string, string>> = {
			MatrixSelector: 'a window inside a function such as rate(…[1m]) or avg_over_time(…[1m])',
			SubqueryExpr: 'a window of a metric such as m[5m]; a subquery is not evaluated',
			OffsetExpr: 'a selector without offset, which is not evaluated',
			StepInvariantExpr: 'a selector without @, which is not evaluated',
			StringLiteral: 'an expression of numbers',
		};
		throw new QueryFault(node.from, instead[node.name] ?? 'an expression that is evaluated', this.#slice(node));
	}

	#binary(node: SyntaxNode): Expression {
		const [left, sign, ...rest] = childrenOf(node);
		const right = rest.at(-1)!;
		const operator = this.#slice(sign!).toLowerCase();
		if (!isOneOf<BinaryOperator>([...arithmeticOperators, ...comparisons, ...setOperators], operator)) {
			throw new QueryFault(sign!.from, `one of ${arithmeticOperators.join(' ')} and the comparisons`, operator);
		}

		const sides = {left: this.read(left!), right: this.read(right)};
		const clause = node.getChild('MatchingModifierClause');
		const isBoolean = node.getChild('BoolModifier') !== null;
		if (isOneOf(setOperators, operator) && (isScalar(sides.left) || isScalar(sides.right))) {
			throw new QueryFault(sign!.from, `two vectors beside ${operator}, such as vector(0)`, 'a number');
		}

		if (isOneOf(comparisons, operator) && !isBoolean && isScalar(sides.left) && isScalar(sides.right)) {
			throw new QueryFault(sign!.from, `${operator} bool between two numbers`, operator);
		}

		return {
			kind: 'binary',
			operator,
			...sides,
			...(clause !== null && {matching: this.#matching(clause)}),
			isBoolean,
		};
	}

	#matching(clause: SyntaxNode): LabelChoice {
		const many = clause.getChild('GroupLeft') ?? clause.getChild('GroupRight');
		if (many !== null) {
			throw new QueryFault(
				many.from,
				'one element on each side, as sum makes it; many-to-one is not evaluated',
				this.#slice(many),
			);
		}

		return {only: clause.getChild('On') !== null, labels: this.#labels(clause.getChild('GroupingLabels'))};
	}

	#labels(node: SyntaxNode | null): string[] {
		return node === null
			? []
			: childrenOf(node).map(child =>
					child.name === 'LabelName' ? this.#slice(child) : stringOf(this.#slice(child), child.from),
				);
	}

	#aggregation(node: SyntaxNode): Expression {
		const sign = node.getChild('AggregateOp')!;
		const operator = this.#slice(sign).toLowerCase();
		if (!isOneOf(aggregations, operator)) {
			throw new QueryFault(sign.from, `one of the aggregations ${aggregations.join(', ')}`, operator);
		}

		const [of, ...more] = childrenOf(node.getChild('FunctionCallBody')!);
		if (of === undefined || more.length > 0) {
			throw new QueryFault(sign.from, `one argument of ${operator}`, of === undefined ? 'none' : `${more.length + 1}`);
		}

		const modifier = node.getChild('AggregateModifier');
		const grouping = modifier && {
			only: modifier.getChild('By') !== null,
			labels: this.#labels(modifier.getChild('GroupingLabels')),
		};
		return {kind: 'aggregation', operator, of: this.#vector(of), ...(grouping !== null && {grouping})};
	}

	#call(node: SyntaxNode): Expression {
		const identifier = node.getChild('FunctionIdentifier')!;
		const name = this.#slice(identifier);
		const given = childrenOf(node.getChild('FunctionCallBody') ?? node).filter(
			child => child.name !== 'FunctionIdentifier',
		);
		const take = (count: number): readonly SyntaxNode[] => {
			if (given.length !== count) {
				throw new QueryFault(
					identifier.from,
					`${count} argument${count === 1 ? '' : 's'} of ${name}`,
					`${given.length}`,
				);
			}

			return given;
		};
		if (isOneOf(rangeFunctions, name)) {
			return this.#range(name, take(1)[0]!);
		}

		if (Object.hasOwn(elementFunctions, name)) {
			const called = name as ElementFunction;
			const [of, ...parameters] = take(1 + elementFunctions[called]);
			const numbers = parameters.map(parameter => this.#scalar(parameter));
			return {kind: 'elements', function: called, of: this.#vector(of!), parameters: numbers};
		}

		switch (name) {
			case 'histogram_quantile': {
				const [quantile, of] = take(2);
				return {kind: 'quantile', quantile: this.#scalar(quantile!), of: this.#vector(of!)};
			}

			case 'vector':
				return {kind: 'vector', of: this.#scalar(take(1)[0]!)};
			case 'scalar':
				return {kind: 'scalar', of: this.#vector(take(1)[0]!)};
			case 'absent': {
				const of = this.#vector(take(1)[0]!);
				return {kind: 'absent', of, labels: labelsOfAbsent(of)};
			}

			default: {
				const known = [
					...rangeFunctions,
					...Object.keys(elementFunctions),
					'histogram_quantile',
					'vector',
					'scalar',
					'absent',
				];
				throw new QueryFault(identifier.from, `one of the functions ${known.join(', ')}`, name);
			}
		}
	}

	#range(name: (typeof rangeFunctions)[number], argument: SyntaxNode): Expression {
		if (argument.name !== 'MatrixSelector') {
			throw new QueryFault(argument.from, `a window of a metric inside ${name}, such as m[1m]`, this.#slice(argument));
		}

		const [vector, length] = childrenOf(argument);
		const range = durationMilliseconds(this.#slice(length!));
		if (range === undefined || range <= 0 || range > longestRange) {
			throw new QueryFault(length!.from, 'a window above 0, at most 1d', this.#slice(length!));
		}

		return {kind: 'range', function: name, selector: selectorOf(vector!, this.#text), range};
	}

	#vector(node: SyntaxNode): Expression {
		const expression = this.read(node);
		if (isScalar(expression)) {
			throw new QueryFault(node.from, 'a vector, such as a metric', this.#slice(node));
		}

		return expression;
	}

	#scalar(node: SyntaxNode): Expression {
		const expression = this.read(node);
		if (!isScalar(expression)) {
			throw new QueryFault(node.from, 'a number, or scalar(…)', this.#slice(node));
		}

		return expression;
	}
}

function childrenOf(node: SyntaxNode): SyntaxNode[] {
	const children: SyntaxNode[] = [];
	for (let child = node.firstChild; child !== null; child = child.nextSibling) {
		children.push(child);
	}

	return children;
}

/** Labels that absent() gives its element: its selector fixes them to one value. */
function labelsOfAbsent(of: Expression): (readonly [string, string])[] {
	const matchers = of.kind === 'selector' ? of.selector.matchers : [];
	return matchers
		.filter(({label, operator}) => operator === '=' && matchers.filter(other => other.label === label).length === 1)
		.map(({label, value}) => [label, value] as const);
}
