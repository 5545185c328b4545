import opentype, {type Font} from 'opentype.js';
import * as vega from 'vega';
import {typeface} from './typeface.ts';

/** What vega tells of a text that it lays out. */
type TextItem = {readonly fontSize?: number; readonly fontWeight?: number | string};

/** A part of vega that its types leave out. */
type Measuring = {readonly textMetrics: {width: (item: TextItem, text: unknown) => number}};

/** From now on vega lays texts out by the widths of the typeface's glyphs; without a canvas it would guess them. */
export async function measureText(): Promise<void> {
	const {regular, semiBold} = await typeface();
	const fonts = {regular: parse(regular), semiBold: parse(semiBold)};
	const {textMetrics} = vega as unknown as Measuring;
	textMetrics.width = ({fontSize = 11, fontWeight}, text) =>
		widthOf(String(text ?? ''), isHeavy(fontWeight) ? fonts.semiBold : fonts.regular) * fontSize;
}

function parse({buffer, byteOffset, byteLength}: Buffer): Font {
	return opentype.parse(buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer);
}

function isHeavy(weight: TextItem['fontWeight']): boolean {
	return weight === 'bold' || Number(weight) >= 600;
}

/** [em] */
function widthOf(text: string, font: Font): number {
	return [...text].reduce((sum, sign) => sum + font.charToGlyph(sign).advanceWidth, 0) / font.unitsPerEm;
}
