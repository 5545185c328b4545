import opentype, {type Font} from 'opentype.js';
import * as vega from 'vega';
import {type LoggerInterface, parse, View} from 'vega';
import {compile, type TopLevelSpec} from 'vega-lite';
import {printable} from '../../printable.ts';
import type {Chart, Specification} from '../charts/chart.ts';
import type {Drawn} from '../pages/page.ts';
import {typeface} from './typeface.ts';

let isMeasuring: Promise<void> | undefined;

/**
 * A chart as SVG, the same on every machine.
 *
 * @param warn - called with each warning of vega-lite and vega about the specification
 */
export async function drawSvg(
	specification: Specification,
	warn: (message: string) => void = () => {},
): Promise<string> {
	isMeasuring ??= measureText();
	await isMeasuring;
	const logger = loggerTo(warn);
	const json: object = specification;
	const {spec} = compile(json as TopLevelSpec, {logger});
	const view = new View(parse(spec), {renderer: 'none', logger});
	try {
		return printable(await view.toSVG()); // its texts are escaped, but control characters are no XML
	} finally {
		view.finalize();
	}
}

function loggerTo(warn: (message: string) => void): LoggerInterface {
	let level = 0;
	const say = (...messages: readonly unknown[]) => {
		warn(messages.map(String).join(' '));
		return logger;
	};
	const quiet = () => logger;
	const logger = {
		level(value?: number) {
			if (value === undefined) {
				return level;
			}

			level = value;
			return logger;
		},
		error: say,
		warn: say,
		info: quiet,
		debug: quiet,
	} as LoggerInterface;
	return logger;
}

/** Draws every chart, in the order given. */
export async function drawCharts(charts: readonly Chart[]): Promise<Drawn[]> {
	const drawn: Drawn[] = [];
	for (const chart of charts) {
		drawn.push({chart, svg: await drawSvg(chart.specification)});
	}

	return drawn;
}

/** Properties of a text that vega lays out. */
type TextItem = {readonly fontSize?: number; readonly fontWeight?: number | string};

/** A part of vega that its types leave out. */
type Measuring = {readonly textMetrics: {width: (item: TextItem, text: unknown) => number}};

/** Makes vega lay texts out by the widths of the typeface's glyphs; without a canvas it would guess them. */
export async function measureText(): Promise<void> {
	const {regular, semiBold} = await typeface();
	const fonts = {regular: parseFont(regular), semiBold: parseFont(semiBold)};
	const untyped: object = vega;
	const {textMetrics} = untyped as Measuring;
	textMetrics.width = ({fontSize = 11, fontWeight}, text) =>
		widthOf(String(text ?? ''), isHeavy(fontWeight) ? fonts.semiBold : fonts.regular) * fontSize;
}

function parseFont({buffer, byteOffset, byteLength}: Buffer): Font {
	return opentype.parse(buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer);
}

function isHeavy(weight: TextItem['fontWeight']): boolean {
	return weight === 'bold' || Number(weight) >= 600;
}

/** [em] */
function widthOf(text: string, font: Font): number {
	return [...text].reduce((sum, sign) => sum + font.charToGlyph(sign).advanceWidth, 0) / font.unitsPerEm;
}
