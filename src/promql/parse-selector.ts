import type {SyntaxNode} from '@lezer/common';
import type {Matcher, Selector} from './expression.ts';
import {stringOf} from './parse-literals.ts';
import {QueryFault} from './query-fault.ts';
import {nameLabel} from './series.ts';

/** Reads a selector of series; exactly one metric is named. */
export function selectorOf(node: SyntaxNode, text: string): Selector {
	const identifier = node.getChild('Identifier');
	const conditions = matchersOf(node.getChild('LabelMatchers'), text);
	const names = conditions.filter(({label}) => label === nameLabel);
	const name = identifier === null ? names[0] : {value: text.slice(identifier.from, identifier.to), operator: '='};
	if (name === undefined || name.operator !== '=' || names.length > (identifier === null ? 1 : 0)) {
		throw new QueryFault(node.from, 'a selector that names one metric', text.slice(node.from, node.to));
	}

	const matchers = conditions.filter(({label}) => label !== nameLabel);
	return {name: name.value, matchers, offset: node.from};
}

function matchersOf(node: SyntaxNode | null, text: string): Matcher[] {
	const matchers: Matcher[] = [];
	for (let child = node?.firstChild ?? null; child !== null; child = child.nextSibling) {
		matchers.push(matcherOf(child, text));
	}

	return matchers;
}

function matcherOf(node: SyntaxNode, text: string): Matcher {
	const sliced = (child: SyntaxNode) => text.slice(child.from, child.to);
	if (node.name === 'QuotedLabelName') {
		return {label: nameLabel, operator: '=', value: stringOf(sliced(node), node.from), offset: node.from};
	}

	const label = node.getChild('LabelName') ?? node.getChild('QuotedLabelName');
	const operator = node.getChild('MatchOp');
	const literal = node.getChild('StringLiteral');
	if (label === null || operator === null || literal === null) {
		throw new QueryFault(node.from, 'a condition such as pod="a"', sliced(node));
	}

	const matcher = {
		label: label.name === 'LabelName' ? sliced(label) : stringOf(sliced(label), label.from),
		operator: sliced(operator) as Matcher['operator'],
		value: stringOf(sliced(literal), literal.from),
		offset: node.from,
	};
	if (matcher.operator.includes('~') && !isSimplePattern(matcher.value)) {
		throw new QueryFault(literal.from, 'a pattern of plain text, ., .*, .+ and |, such as "a.*|b"', sliced(literal));
	}

	return matcher;
}

/** Patterns whose match takes a time that is bounded by their length times the label's. */
function isSimplePattern(pattern: string): boolean {
	return /^(?:[\w:/@%, -]|\\[.\-/]|\.[*+]?|\|)*$/.test(pattern) && (pattern.match(/\.[*+]/g) ?? []).length <= 4;
}

/** Whether a label's value meets a condition. */
export function isMatched({operator, value}: Matcher, actual: string): boolean {
	switch (operator) {
		case '=':
			return actual === value;
		case '!=':
			return actual !== value;
		case '=~':
			return matchesPattern(value, actual);
		case '!~':
			return !matchesPattern(value, actual);
	}
}

function matchesPattern(pattern: string, actual: string): boolean {
	return new RegExp(`^(?:${pattern})$`, 's').test(actual);
}
