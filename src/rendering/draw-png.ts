import {initWasm, Resvg} from '@resvg/resvg-wasm';
import {fontFamily} from '../charts/theme.ts';
import {readDependency} from '../files/read-dependency.ts';
import {withDensity} from './png-density.ts';
import {typeface} from './typeface.ts';

const dotsPerInch = 300;
const millimetresPerInch = 25.4;

let isReady: Promise<void> | undefined;

/**
 * A picture as PNG of 300 dots an inch, the same bytes on every machine.
 *
 * @param width - on paper [mm]
 */
export async function drawPng(svg: string, {width}: {readonly width: number}): Promise<Uint8Array> {
	isReady ??= readDependency('@resvg/resvg-wasm/index_bg.wasm').then(async module => initWasm(module));
	await isReady;
	const {regular, semiBold} = await typeface();
	const drawing = new Resvg(svg, {
		fitTo: {mode: 'width', value: Math.round((width / millimetresPerInch) * dotsPerInch)},
		font: {fontBuffers: [regular, semiBold], defaultFontFamily: fontFamily, sansSerifFamily: fontFamily},
	});
	const image = drawing.render();
	try {
		return withDensity(image.asPng(), dotsPerInch);
	} finally {
		image.free();
		drawing.free();
	}
}
