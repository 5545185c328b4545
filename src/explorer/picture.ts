import type {Colour} from '../report/charts/palette.ts';
import {escapeHtml, variableOf} from '../report/pages/page.ts';

/** A picture as it stands in the page, and the same in words. */
export type Picture = {readonly svg: string; readonly description: string};

export const fontSize = 13;

/** Width of a text, a little more than it is [px]. */
export function widthOf(text: string): number {
	return text.length * fontSize * 0.58;
}

export function paint(colour: Colour): string {
	return `var(${variableOf(colour)})`;
}

type TextOptions = {readonly anchor?: 'start' | 'middle' | 'end'; readonly colour?: Colour; readonly isBold?: boolean};

/** @param y - of the middle of the line */
export function textElement(x: number, y: number, text: string, options: TextOptions = {}): string {
	const {anchor = 'start', colour = 'ink', isBold = false} = options;
	return `<text x="${round(x)}" y="${round(y)}" dy=".35em" text-anchor="${anchor}" fill="${paint(colour)}"${isBold ? ' font-weight="600"' : ''}>${escapeHtml(text)}</text>`;
}

type LineOptions = {readonly colour: Colour; readonly width?: number; readonly dash?: string};

export function lineFrom(from: readonly [number, number], to: readonly [number, number], options: LineOptions): string {
	const {colour, width = 1, dash} = options;
	return `<path d="M${point(from)}L${point(to)}" stroke="${paint(colour)}" stroke-width="${width}"${dash === undefined ? '' : ` stroke-dasharray="${dash}"`}/>`;
}

export function point([x, y]: readonly [number, number]): string {
	return `${round(x)} ${round(y)}`;
}

export function framedPicture(
	size: {readonly width: number; readonly height: number},
	description: string,
	marks: readonly string[],
): Picture {
	const {width, height} = size;
	const svg = `<svg role="img" aria-label="${escapeHtml(description)}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-size="${fontSize}" fill="none">${marks.join('')}</svg>`;
	return {svg, description};
}

export function round(value: number): number {
	return Math.round(value * 10) / 10;
}

/** A straight axis: data in, pixels out. */
export type Scale = {
	readonly low: number;
	readonly high: number;
	readonly at: (value: number) => number;
	/** Round values between the ends, about as many as asked for. */
	readonly ticks: readonly number[];
};

/** An axis from 0 to the first round value that is not below `most`. */
export function scaleFromZero(most: number, pixels: readonly [number, number], count: number): Scale {
	const step = stepOf(most > 0 ? most : 1, count);
	const high = Math.ceil((most > 0 ? most : 1) / step - 1e-9) * step;
	return scale([0, high], pixels, count);
}

/** An axis that ends where the data do. */
export function scale(
	[low, high]: readonly [number, number],
	[from, to]: readonly [number, number],
	count: number,
): Scale {
	const step = stepOf(high - low, count);
	const first = Math.ceil(low / step - 1e-9);
	const last = Math.floor(high / step + 1e-9);
	return {
		low,
		high,
		at: value => from + ((value - low) / (high - low)) * (to - from),
		ticks: Array.from({length: last - first + 1}, (_, index) => Number(((first + index) * step).toPrecision(12))),
	};
}

/** 1, 2 or 5 times a power of ten. */
function stepOf(span: number, count: number): number {
	const rough = span / count;
	const power = Number(`1e${Math.floor(Math.log10(rough))}`);
	return power * (rough / power > 5 ? 10 : rough / power > 2 ? 5 : rough / power > 1 ? 2 : 1);
}
