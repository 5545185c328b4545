import {crc32} from 'node:zlib';

const inchesPerMetre = 1 / 0.0254;
/** Signature and header of a PNG, which every other part follows [bytes]. */
const headLength = 33;

/**
 * A PNG that says how large it is on paper.
 *
 * @see https://www.w3.org/TR/png-3/#11pHYs
 */
export function withDensity(png: Uint8Array, dotsPerInch: number): Uint8Array {
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
