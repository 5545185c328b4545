import * as z from 'zod';
import {parseQuantity, parseQuantityMilli} from '../autoscaler/quantity.ts';
import {parseDuration} from './duration.ts';

/*
 * The leaves of every file a person writes. Each schema's only error message is its rule, the text that follows
 * "Expected … to be": the reader of the file adds the key, the value and the position.
 */

type Bounds = {readonly min?: number; readonly above?: number; readonly max?: number};

/** A finite number within bounds. */
export function number(bounds: Bounds = {}) {
	return bounded(z.number({error: numberRule('a number', bounds)}), numberRule('a number', bounds), bounds);
}

/** A whole number within bounds. */
export function whole(bounds: Bounds = {}) {
	const rule = numberRule('a whole number', bounds);
	return bounded(z.int({error: rule}), rule, bounds);
}

function bounded<S extends z.ZodNumber>(schema: S, rule: string, {min, above, max}: Bounds): S {
	const error = rule;
	const checks = [
		...(min === undefined ? [] : [z.gte(min, {error})]),
		...(above === undefined ? [] : [z.gt(above, {error})]),
		z.lte(max ?? Number.MAX_SAFE_INTEGER, {error}),
	];
	return schema.check(...checks) as S;
}

function numberRule(noun: string, {min, above, max}: Bounds): string {
	const low = min === undefined ? (above === undefined ? '' : `above ${above}`) : `at least ${min}`;
	const high = max === undefined ? '' : `at most ${max}`;
	const bounds = [low, high].filter(bound => bound !== '').join(' and ');
	return bounds === '' ? noun : `${noun}, ${bounds}`;
}

/** Schema of a choice among a few words. */
export function choice<const T extends readonly [string, ...string[]]>(...words: T) {
	return z.enum(words, {error: words.length === 1 ? words[0] : `one of ${words.join(', ')}`});
}

/** Rule of a map's form, which covers no unknown keys. */
export function mapRule(rule: string): z.core.$ZodErrorMap {
	return ({code}) => (code === 'unrecognized_keys' ? undefined : rule);
}

/** Text of at least one character. A pattern, since a check of length is made of any map with a key `length`, too. */
export const Text = z.string({error: 'text'}).regex(/./s, {error: 'text of at least one character'});

/** Name in the form that Kubernetes takes for a container or an object. */
export const Name = z.string({error: nameRule()}).regex(/^[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?$/, {error: nameRule()});

function nameRule(): string {
	return 'a name of small letters, digits and hyphens';
}

export const FilePath = z.string({error: 'the path of a file'}).regex(/./s, {error: 'the path of a file'});

type Parsed = {readonly rule: string; readonly parse: (text: string | number) => number} & Bounds;

function parsed({rule, parse, min = 0, above, max}: Parsed) {
	const isGood = (value: number) =>
		Number.isFinite(value) &&
		value >= min &&
		value <= (max ?? Number.MAX_VALUE) &&
		!(above !== undefined && value <= above);
	return z.union([z.string(), z.number()], {error: rule}).transform((text, context) => {
		try {
			const value = parse(text);
			if (isGood(value)) {
				return value;
			}
		} catch {
			// The rule below says what is wanted.
		}

		context.addIssue({code: 'custom', message: rule});
		return z.NEVER;
	});
}

const longest = 366 * 86_400;

/** `15m`, `500ms`, `1h30m` or 0, at most a year; becomes seconds. */
export const Duration = parsed({rule: 'a duration such as 15m, 0s to 366d', parse: parseDuration, max: longest});

/** A duration longer than 0; becomes seconds. */
export const PositiveDuration = parsed({
	rule: 'a duration such as 15m, longer than 0s and at most 366d',
	parse: parseDuration,
	above: 0,
	max: longest,
});

/** `500m` or 0.5; becomes cores, rounded up to a thousandth as the API server does it (SetDefaults_ResourceList). */
export const Cpu = parsed({
	rule: 'CPU such as 500m or 2, above 0',
	parse: text => parseQuantityMilli(text) / 1000,
	above: 0,
	max: 1e6,
});

/** `512Mi` or 1Gi; becomes bytes, rounded up to whole ones. */
export const Memory = parsed({
	rule: 'memory such as 512Mi or 1Gi, above 0',
	parse: text => Math.ceil(parseQuantity(text)),
	above: 0,
	max: 1e15,
});

/** `1` or 10Gi: of a resource that is neither CPU nor memory. */
export const Quantity = parsed({rule: 'a quantity such as 1 or 10Gi', parse: parseQuantity, max: 1e18});

/** `25%`; becomes a fraction. */
export function parsePercent(text: string | number): number {
	const match = /^(\d+(?:\.\d+)?)%$/.exec(String(text));
	if (match === null) {
		throw new RangeError(`Expected text to be a percentage such as 25%, got ${JSON.stringify(text)}`);
	}

	return Number(match[1]) / 100;
}

/** A broken rule: the key it stands at, below the map it belongs to, and what that key ought to be. */
export type RuleBreach = {readonly path: readonly (string | number)[]; readonly rule: string};

/**
 * The schema with a rule over several of its keys. The rule is tried even where other keys are wrong, but not where
 * one of its own is: each mistake is reported once.
 *
 * @param keys - what the rule reads
 * @param judge - returns the faults; values that were left out are `undefined`
 */
export function judged<S extends z.ZodObject>(
	schema: S,
	keys: readonly string[],
	judge: (value: Readonly<Record<string, unknown>>) => RuleBreach | undefined,
): S {
	return schema.superRefine(
		(value, context) => {
			const verdict = judge(value);
			if (verdict !== undefined) {
				context.addIssue({code: 'custom', path: [...verdict.path], message: verdict.rule});
			}
		},
		{
			when: ({value, issues}) =>
				typeof value === 'object' &&
				value !== null &&
				!Array.isArray(value) &&
				!issues.some(({path}) => path?.[0] !== undefined && keys.includes(String(path[0]))),
		},
	);
}
