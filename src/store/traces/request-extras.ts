import type {PromptPrefix} from '../../experiment/serving/prompt-prefixes.ts';
import {bareName} from './trace-names.ts';
import type {TraceRow} from './trace-row.ts';

/** Columns of a trace beside the time and the tokens of its requests, by their names in any case and with any of `_-. `. */
type ExtraColumns = {
	readonly hashIds?: string | undefined;
	readonly sharedTokens?: string | undefined;
	readonly sharedWith?: string | undefined;
	readonly priority?: string | undefined;
};

/** Reads what a line says of its request beside its tokens into `row`. @returns the name of a column at fault */
export type ReadExtras = (cell: (name: string) => unknown, row: TraceRow) => string | undefined;

/**
 * Reader of the extra columns among a trace's; undefined where it has none.
 *
 * @param blockTokens - of a block of `hash_ids`
 */
export function extrasReader(names: readonly string[], blockTokens: number): ReadExtras | undefined {
	const named = (...wanted: string[]) => names.find(name => wanted.includes(bareName(name)));
	const columns: ExtraColumns = {
		hashIds: named('hashids', 'blockhashes', 'blockids'),
		sharedTokens: named('sharedprefixtokens', 'sharedprompttokens'),
		sharedWith: named('sharedwithrequest'),
		priority: named('priority'),
	};
	if (columns.hashIds === undefined && columns.sharedTokens === undefined && columns.priority === undefined) {
		return undefined;
	}

	const prefixes = prefixReader(columns, blockTokens);
	return (cell, row) => {
		const prefix = prefixes?.(cell, row);
		row.prefix = typeof prefix === 'string' ? undefined : prefix;
		if (typeof prefix === 'string') {
			return prefix;
		}

		return columns.priority === undefined ? undefined : readPriority(cell(columns.priority), row, columns.priority);
	};
}

function readPriority(value: unknown, row: TraceRow, name: string): string | undefined {
	const priority = isEmpty(value) ? 0 : integerIn(value);
	row.priority = priority;
	return Number.isNaN(priority) || Math.abs(priority) > 1e9 ? name : undefined;
}

type ReadPrefix = (cell: (name: string) => unknown, row: Readonly<TraceRow>) => PromptPrefix | string | undefined;

function prefixReader({hashIds, sharedTokens, sharedWith}: ExtraColumns, blockTokens: number): ReadPrefix | undefined {
	if (hashIds !== undefined) {
		const chain = new BlockChain();
		return (cell, {promptTokens: prompt}) => {
			const ids = idsIn(cell(hashIds));
			if (ids === undefined || ids.length === 0) {
				return ids === undefined ? hashIds : undefined;
			}

			const most = Math.ceil(prompt / blockTokens);
			if (ids.length > 2 * most + 2) {
				return `${hashIds}, ${ids.length} blocks of ${blockTokens} tokens for ${prompt} tokens`;
			}

			const streams = chain.streamsOf(ids.slice(0, most));
			return {ends: streams.map((_, index) => Math.min(prompt, (index + 1) * blockTokens)), streams};
		};
	}

	return sharedTokens === undefined ? undefined : sharedReader(sharedTokens, sharedWith);
}

/** Stream of what all prompts have in common where no request is named that one shares with. */
const commonStream = 0;
/** Requests that another one may name. */
const mostRemembered = 1_000_000;

function sharedReader(sharedTokens: string, sharedWith: string | undefined): ReadPrefix {
	const earlier = new Map<number, PromptPrefix>();
	let line = -1;
	return (cell, {promptTokens, outputTokens}) => {
		line++;
		const value = cell(sharedTokens);
		const tokens = isEmpty(value) ? 0 : integerIn(value);
		if (!(tokens >= 0 && tokens <= promptTokens)) {
			return sharedTokens;
		}

		if (sharedWith === undefined) {
			return tokens === 0 ? undefined : {ends: [tokens], streams: [commonStream]};
		}

		const other = cell(sharedWith);
		const before = tokens === 0 ? undefined : earlier.get(isEmpty(other) ? Number.NaN : integerIn(other));
		if (tokens > (before?.ends.at(-1) ?? 0)) {
			return sharedWith;
		}

		const own = continued(before, tokens, {line, length: promptTokens + outputTokens});
		earlier.set(line, own);
		earlier.delete(line - mostRemembered);
		return own;
	};
}

/** A context that begins as another one does, with its answer, and goes on by itself. */
function continued(
	before: PromptPrefix | undefined,
	shared: number,
	{line, length}: {readonly line: number; readonly length: number},
): PromptPrefix {
	const {ends = [], streams = []} = before ?? {};
	const kept = ends.findIndex(end => end >= shared) + 1;
	return {
		ends: [...ends.slice(0, kept).map(end => Math.min(end, shared)), length],
		streams: [...streams.slice(0, kept), line + 1],
	};
}

/** Most different beginnings of prompts of a trace. */
const mostBlocks = 10_000_000;

/**
 * Numbers beginnings of prompts by their blocks' ids: a block is the same as another one only where all before it are too, as
 * vLLM's hash of a block covers the hash of the block before.
 */
class BlockChain {
	readonly #numbers = new Map<number, number>();
	readonly #following = new Map<number, number>();

	/** @throws {RangeError} when there are too many */
	streamsOf(ids: readonly number[]): number[] {
		let last = 0;
		return ids.map(id => {
			const number = numberIn(this.#numbers, id);
			last = 1 + numberIn(this.#following, last * 2 ** 24 + number);
			return last;
		});
	}
}

function numberIn(numbers: Map<number, number>, key: number): number {
	const known = numbers.get(key);
	if (known !== undefined) {
		return known;
	}

	if (numbers.size === mostBlocks) {
		throw new RangeError(`more than ${mostBlocks} different blocks in hash_ids`);
	}

	numbers.set(key, numbers.size);
	return numbers.size - 1;
}

/** Ids of blocks: a JSON array, or in a table's cell numbers between blanks or bars. */
function idsIn(value: unknown): number[] | undefined {
	if (isEmpty(value)) {
		return [];
	}

	const items: unknown[] =
		typeof value === 'string'
			? value
					.replaceAll(/[[\]]/g, '')
					.trim()
					.split(/[\s|]+/)
			: [value].flat();
	const ids = items.map(integerIn);
	return ids.some(id => Number.isNaN(id)) ? undefined : ids;
}

function isEmpty(value: unknown): boolean {
	return value === undefined || value === null || value === '';
}

function integerIn(value: unknown): number {
	const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
	return Number.isSafeInteger(number) ? (number as number) : Number.NaN;
}
