import {type Knob, parseValue, type Value} from './knob.ts';
import type {Scaling} from './scaling.ts';

const comparisons = {
	'<=': (a, b) => a <= b,
	'>=': (a, b) => a >= b,
	'<': (a, b) => a < b,
	'>': (a, b) => a > b,
	'==': (a, b) => a === b,
	'!=': (a, b) => a !== b,
} as const satisfies Readonly<Record<string, (a: Value, b: Value) => boolean>>;

const form = /^\s*(.+?)\s*(<=|>=|==|!=|<|>)\s*(.+?)\s*$/;
const product = /^(\d+(?:\.\d+)?)\s*\*\s*(.+)$/;

/** A rule between settings, such as `minReplicas <= maxReplicas` or `2 * ollama.requests.cpu >= ollama.limits.cpu`. */
export type Condition = {readonly text: string; readonly holds: (scaling: Scaling) => boolean};

type Side = (scaling: Scaling) => Value;

/**
 * The condition that a text means. Where a side is a word such as `none`, only `==` and `!=` can fail.
 *
 * @param knobs - what it may name
 * @returns undefined when it is none
 */
export function parseCondition(text: string, knobs: ReadonlyMap<string, Knob>): Condition | undefined {
	const [, left = '', operator = '', right = ''] = form.exec(text) ?? [];
	const compare = comparisons[operator as keyof typeof comparisons] as ((a: Value, b: Value) => boolean) | undefined;
	const [knob, other] = [knobIn(left, knobs), knobIn(right, knobs)];
	if (compare === undefined || (knob === undefined && other === undefined)) {
		return undefined;
	}

	const first = sideOf(left, knob, other);
	const second = sideOf(right, other, knob);
	if (first === undefined || second === undefined) {
		return undefined;
	}

	const isEquality = operator === '==' || operator === '!=';
	return {
		text,
		holds(scaling) {
			const [a, b] = [first(scaling), second(scaling)];
			const isComparable = typeof a === 'number' && typeof b === 'number';
			return isEquality || isComparable ? compare(a, b) : true;
		},
	};
}

function knobIn(text: string, knobs: ReadonlyMap<string, Knob>): Knob | undefined {
	return knobs.get(product.exec(text)?.[2] ?? text);
}

function sideOf(text: string, knob: Knob | undefined, other: Knob | undefined): Side | undefined {
	if (knob !== undefined) {
		const factor = Number(product.exec(text)?.[1] ?? 1);
		return scaling => {
			const value = knob.read(scaling);
			return typeof value === 'number' ? factor * value : value;
		};
	}

	const value =
		other && parseValue({...other, min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY}, literal(text));
	return value === undefined ? undefined : () => value;
}

function literal(text: string): string | number {
	return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text;
}
