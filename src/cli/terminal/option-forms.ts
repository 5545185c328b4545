import type {Argv} from 'yargs';
import {UserError} from '../../errors.ts';

/** Options of a command as yargs hands them to its handler, inferred from the command's builder. */
export type ArgumentsOf<Builder> = Builder extends (yargs: Argv) => Argv<infer Arguments> ? Arguments : never;

type Bounds = {readonly min: number; readonly max: number};

/** An option that is given once, as a whole number in plain digits. */
export function wholeNumber(name: string, {min, max}: Bounds) {
	return {
		type: 'string' as const,
		requiresArg: true,
		coerce(given: unknown): number {
			const value = typeof given === 'number' || /^\d+$/.test(String(given)) ? Number(given) : Number.NaN;
			if (!(value >= min && value <= max)) {
				throw new RangeError(`Expected --${name} to be an integer from ${min} to ${max}, got ${quote(given)}`);
			}

			return value;
		},
	};
}

/** An option of one or more whole numbers in plain digits, with commas between them; each once, ascending. */
export function wholeNumbers(name: string, {min, max}: Bounds) {
	return {
		type: 'string' as const,
		requiresArg: true,
		coerce(given: unknown): number[] {
			const parts = Array.isArray(given) ? [''] : String(given).split(',');
			const wrong = parts.find(part => !(/^\d+$/.test(part) && Number(part) >= min && Number(part) <= max));
			if (wrong !== undefined) {
				throw new RangeError(
					`Expected --${name} to be integers from ${min} to ${max} such as 1,2,4, got ${quote(given)}`,
				);
			}

			return [...new Set(parts.map(Number))].sort((a, b) => a - b);
		},
	};
}

/** An option that is given once, as a text that is not empty. */
export function oneText(name: string) {
	return {
		type: 'string' as const,
		requiresArg: true,
		coerce(given: unknown): string {
			if (typeof given !== 'string' || given === '') {
				throw new RangeError(`Expected --${name} to be given once with a value, got ${quote(given)}`);
			}

			return given;
		},
	};
}

/** An option that is given once, as one of `words`. Yargs would take a word of digits for a number, were its type not said. */
export function oneOf<Word extends string>(name: string, words: readonly Word[]) {
	return {
		type: 'string' as const,
		requiresArg: true,
		choices: words,
		coerce(given: unknown): Word {
			const word = words.find(each => each === given);
			if (word === undefined) {
				throw new RangeError(`Expected --${name} to be one of ${words.join(', ')}, got ${quote(given)}`);
			}

			return word;
		},
	};
}

/** An option of one or more of `words`, with commas between them or the option repeated. */
export function severalOf<Word extends string>(name: string, words: readonly Word[]) {
	return {
		type: 'string' as const,
		array: true as const,
		nargs: 1,
		coerce(given: readonly string[]): readonly Word[] {
			const parts = given.flatMap(text => text.split(','));
			const chosen = words.filter(word => parts.includes(word));
			const unknown = parts.find(part => !words.some(word => word === part));
			if (unknown !== undefined || chosen.length === 0) {
				throw new RangeError(`Expected --${name} to be some of ${words.join(', ')}, got ${quote(unknown)}`);
			}

			return chosen;
		},
	};
}

/** `--set`, which may be given several times: changes of values, in the order in which they are given. */
export function changesOf(what: string, example: string) {
	return {
		type: 'string' as const,
		array: true as const,
		nargs: 1,
		default: [],
		describe: `Change a value of the ${what}: path=value, for example ${example}`,
	};
}

/** Examples of a command's help, by what is typed: each below a comment that says what it does, so that it stands in one line. */
export function examplesOf(examples: Readonly<Record<string, string>>): [string, string][] {
	return Object.entries(examples).flatMap(([words, meaning]): [string, string][] => [
		[`# ${meaning}`, ''],
		[words, ''],
	]);
}

/** @throws {UserError} E_USAGE with the first option that has no meaning without another */
export function refuseStray(options: object, wanted: string, names: readonly string[]): void {
	const given = new Map(Object.entries(options));
	const stray = names.find(name => ![undefined, false].includes(given.get(name) as undefined));
	if (stray !== undefined) {
		throw new UserError('E_USAGE', `Expected --${wanted} beside --${stray}, got --${stray} alone`);
	}
}

function quote(given: unknown): string {
	return Array.isArray(given) ? given.map(quote).join(' and ') : JSON.stringify(given);
}

/** Option of commands that can write a page with charts. */
export const htmlOption = {
	type: 'boolean',
	default: false,
	describe: 'Also write a page with charts, one file that loads nothing',
} as const;
