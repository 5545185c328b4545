import {printable} from '../files/printable.ts';

/**
 * Breaks `first` followed by `text` between words into lines of at most `width` characters; the lines after the first
 * start below the text.
 */
export function wrapWords(first: string, text: string, width: number): string[] {
	const lines = [first];
	let isLineEmpty = true;
	for (const word of printable(text).split(' ')) {
		const longer = isLineEmpty ? `${lines.at(-1)}${word}` : `${lines.at(-1)} ${word}`;
		if (isLineEmpty || longer.length <= width) {
			lines.splice(-1, 1, longer);
		} else {
			lines.push(`${' '.repeat(first.length)}${word}`);
		}

		isLineEmpty = false;
	}

	return lines;
}
