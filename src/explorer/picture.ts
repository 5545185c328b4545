import type {Colour} from '../charts/palette.ts';
import {escapeHtml} from '../pages/escape-html.ts';
import {variableOf} from '../pages/page.ts';

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
export function textAt(x: number, y: number, text: string, options: TextOptions = {}): string {
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

export function framed(
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
