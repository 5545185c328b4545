import {formatQuantityMilli, parseQuantity} from '../autoscaler/quantity.ts';
import {parseDuration} from '../experiment/duration.ts';
import {parsePercent} from '../experiment/leaves.ts';
import type {Scaling} from './scaling.ts';

/** A number in the unit of its knob, or a word such as `none`. */
export type Value = number | string;

type KnobUnit = 'pods' | 'requests' | 'percent' | 'seconds' | 'fraction' | 'cores' | 'bytes' | 'quantity' | 'word';

/** Knob: how it is read from a scaling, and how it is set. */
export type Knob = {
	readonly unit: KnobUnit;
	/** Words that it takes; numbers too, unless its unit is `word`. */
	readonly words: readonly string[];
	/** Bounds of its numbers. */
	readonly min: number;
	readonly max: number;
	readonly read: (scaling: Scaling) => Value;
	readonly write: (scaling: Scaling, value: Value) => Scaling;
};

/**
 * The value that a text or number of a file means for a knob.
 *
 * @returns undefined when the knob cannot take it
 */
export function parseValue({unit, words, min, max}: Knob, given: string | number): Value | undefined {
	if (typeof given === 'string' && words.includes(given)) {
		return given;
	}

	try {
		const value = parseNumber(unit, given);
		return value >= min && value <= max ? value : undefined;
	} catch {
		return undefined;
	}
}

function parseNumber(unit: KnobUnit, given: string | number): number {
	const whole = (value: number) => (Number.isInteger(value) ? value : Number.NaN);
	switch (unit) {
		case 'pods':
		case 'requests':
			return whole(Number(given));
		case 'percent':
			return whole(typeof given === 'string' ? Number((parsePercent(given) * 100).toFixed(9)) : given);
		case 'seconds':
			return whole(typeof given === 'string' ? parseDuration(given) : given);
		case 'fraction':
			return typeof given === 'string' && given.endsWith('%') ? parsePercent(given) : parseQuantity(given);
		case 'cores':
			return Math.round(parseQuantity(given) * 1000) / 1000;
		case 'bytes':
			return Math.round(parseQuantity(given));
		case 'quantity':
			return Math.ceil(parseQuantity(given) * 1000) / 1000;
		case 'word':
			return Number.NaN;
	}
}

/** A value as a person writes it in a manifest. */
export function formatKnobValue(unit: KnobUnit, value: Value): string {
	if (typeof value === 'string') {
		return value;
	}

	switch (unit) {
		case 'percent':
			return `${value} %`;
		case 'seconds':
			return `${value} s`;
		case 'cores':
			return formatQuantityMilli(Math.round(value * 1000));
		case 'bytes':
			return formatQuantityMilli(Math.round(value) * 1000, 'binary');
		case 'pods':
		case 'requests':
		case 'fraction':
		case 'quantity':
		case 'word':
			return String(value);
	}
}

/** Values that a knob takes, as the rule of an error message. */
export function ruleOf({unit, words, min, max}: Knob): string {
	const [low, high] = [formatKnobValue(unit, min), formatKnobValue(unit, max)];
	const nouns: Readonly<Record<KnobUnit, string>> = {
		pods: `a whole number from ${low} to ${high}`,
		requests: `a whole number from ${low} to ${high}`,
		percent: `a whole percentage from ${low} to ${high}`,
		seconds: `whole seconds from ${low} to ${high}`,
		fraction: `a fraction from ${low} to ${high}`,
		cores: `CPU such as 500m, ${low} to ${high}`,
		bytes: `memory such as 512Mi, ${low} to ${high}`,
		quantity: `a quantity such as 500m or 2, ${low} to ${high}`,
		word: '',
	};
	return [nouns[unit], words.length === 0 ? '' : `one of ${words.join(', ')}`]
		.filter(part => part !== '')
		.join(', or ');
}
