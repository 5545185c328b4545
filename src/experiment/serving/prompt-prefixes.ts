/**
 * Beginning of a prompt, in stretches of tokens: up to token `ends[i]` the prompt is that of each other request whose prompt has
 * a stretch of `streams[i]`, all before it included.
 */
export type PromptPrefix = {readonly ends: readonly number[]; readonly streams: readonly number[]};

/** Beginnings of the prompts of a trace: the stretches of row `i` are those from `starts[i]` to `starts[i + 1]`. */
export type PromptPrefixes = PromptPrefix & {readonly starts: readonly number[]};

/** Beginning of a row's prompt; one without stretches where nothing is known of it. */
export function prefixOf({starts, ends, streams}: PromptPrefixes, row: number): PromptPrefix {
	const [from, to] = [starts[row]!, starts[row + 1]!];
	return {ends: ends.slice(from, to), streams: streams.slice(from, to)};
}

/** Rows of prefixes in an order, some of them left out. @param endOf - last token of a stretch of a row */
export function selectPrefixes(
	prefixes: PromptPrefixes,
	rows: Iterable<number>,
	endOf: (end: number, place: number) => number = end => end,
): PromptPrefixes {
	const [starts, ends, streams]: [number[], number[], number[]] = [[0], [], []];
	let place = 0;
	for (const row of rows) {
		for (let stretch = prefixes.starts[row]!; stretch < prefixes.starts[row + 1]!; stretch++) {
			ends.push(endOf(prefixes.ends[stretch]!, place));
			streams.push(prefixes.streams[stretch]!);
		}

		starts.push(ends.length);
		place++;
	}

	return {starts, ends, streams};
}

/** Most stretches of a trace that are kept. */
const mostStretches = 50_000_000;

/** Collects the beginnings of prompts row by row. */
export class PrefixRows {
	readonly #prefixes = {starts: [0], ends: [] as number[], streams: [] as number[]};

	/** @param rows - that came before and had none */
	constructor(rows: number) {
		for (let row = 0; row < rows; row++) {
			this.add(undefined);
		}
	}

	/** @throws {RangeError} when there are too many */
	add(prefix: PromptPrefix | undefined): void {
		const {starts, ends, streams} = this.#prefixes;
		if (prefix !== undefined) {
			for (let stretch = 0; stretch < prefix.ends.length; stretch++) {
				ends.push(prefix.ends[stretch]!);
				streams.push(prefix.streams[stretch]!);
			}
		}

		if (ends.length > mostStretches) {
			throw new RangeError(`more than ${mostStretches} blocks in hash_ids between from and to`);
		}

		starts.push(ends.length);
	}

	get all(): PromptPrefixes {
		return this.#prefixes;
	}
}
