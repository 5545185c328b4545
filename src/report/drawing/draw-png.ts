import {crc32} from 'node:zlib';
import {initWasm, Resvg} from '@resvg/resvg-wasm';
import {readDependency} from '../../store/disk/package.ts';
import {fontFamily} from '../charts/palette.ts';
import {typeface} from './typeface.ts';

const inchesPerMetre = 1 / 0.0254;
/** Signature and header of a PNG, which every other part follows [bytes]. */
const headLength = 33;

/**
 * A PNG that says how large it is on paper.
 *
 * @see https://www.w3.org/TR/png-3/#11pHYs
 */
function withDensity(png: Uint8Array, dotsPerInch: number): Uint8Array {
	const dotsPerMetre = Math.round(dotsPerInch * inchesPerMetre);
	const chunk = Buffer.alloc(21);
	chunk.writeUInt32BE(9, 0);
	chunk.write('pHYs', 4, 'latin1');
	chunk.writeUInt32BE(dotsPerMetre, 8);
	chunk.writeUInt32BE(dotsPerMetre, 12);
	chunk.writeUInt8(1, 16);
	chunk.writeUInt32BE(crc32(chunk.subarray(4, 17)), 17);
	return Buffer.concat([png.subarray(0, headLength), chunk, png.subarray(headLength)]);
}

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
