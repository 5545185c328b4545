/** A longer line is no line [characters]. */
const longestLine = 1 << 20;

/**
 * The lines of a text that comes in pieces, all that each piece ends, in bounded memory however long the text is.
 *
 * @param pieces - UTF-8; what is none is replaced by U+FFFD
 * @yields lines without their ends; undefined where one has more than 2^20 characters
 */
export async function* lineBatches(
	pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly (string | undefined)[], void, void> {
	const decoder = new TextDecoder();
	const splitter = new LineSplitter();
	for await (const bytes of pieces) {
		yield splitter.add(decoder.decode(bytes, {stream: true}));
	}

	yield splitter.end(decoder.decode());
}

class LineSplitter {
	/** The beginning of a line whose end has not come; undefined once it is too long. */
	#begun: string | undefined = '';

	add(text: string): (string | undefined)[] {
		const lines: (string | undefined)[] = [];
		let start = 0;
		for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
			this.#append(text.slice(start, end));
			lines.push(this.#finished());
			start = end + 1;
		}

		this.#append(text.slice(start));
		return lines;
	}

	/** What is left once the last piece has come. */
	end(text: string): (string | undefined)[] {
		const lines = this.add(text);
		return this.#begun === '' ? lines : [...lines, this.#finished()];
	}

	#append(text: string): void {
		if (this.#begun !== undefined) {
			this.#begun = this.#begun.length + text.length > longestLine ? undefined : this.#begun + text;
		}
	}

	#finished(): string | undefined {
		const line = this.#begun;
		this.#begun = '';
		return line?.endsWith('\r') ? line.slice(0, -1) : line;
	}
}
