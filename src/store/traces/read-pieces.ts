import {open, stat} from 'node:fs/promises';
import {Readable} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import {createGunzip} from 'node:zlib';
import {asUnreadable, readOrRefuse, refuseUnreadable, UnreadableError} from '../disk/read-text.ts';

/** Receives the progress of reading a long file. */
type Listener = (path: string, fraction: number) => void;

let listener: Listener = () => {};

/** Sets the receiver of the progress of reading long files. */
export function onReading(tell: Listener): void {
	listener = tell;
}

/**
 * The bytes of a file, piece by piece; one that gzip compressed is decompressed.
 *
 * @param see - called with each piece of the file as it stands, and the fraction of the file up to its end
 * @throws {UnreadableError} when it cannot be read, or would have to be waited for
 */
export async function* readPieces(
	path: string,
	see: (bytes: Uint8Array, fraction: number) => void = () => {},
): AsyncGenerator<Uint8Array, void, void> {
	const pieces = filePieces(path, see);
	try {
		const first = await pieces.next();
		if (first.done !== true) {
			const all = startingWith(first.value, pieces);
			yield* isGzip(first.value) ? decompressed(all) : all;
		}
	} finally {
		await pieces.return();
	}
}

/** Whether bytes begin as those of gzip do (RFC 1952, 2.3.1). */
export function isGzip(bytes: Uint8Array): boolean {
	return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

async function* startingWith(
	first: Uint8Array,
	rest: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, void> {
	yield first;
	yield* rest;
}

async function* decompressed(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
	const gunzip = createGunzip({chunkSize: 1 << 20});
	const ending = pipeline(Readable.from(pieces, {objectMode: false}), gunzip);
	ending.catch(() => {}); // told below, once what was sound has been read
	try {
		yield* gunzip as AsyncIterable<Uint8Array>;
		await ending;
	} catch (error) {
		throw error instanceof UnreadableError ? error : new UnreadableError('no sound gzip file');
	}
}

async function* filePieces(
	path: string,
	see: (bytes: Uint8Array, fraction: number) => void,
): AsyncGenerator<Uint8Array, void, void> {
	await refuseUnreadable(path);
	try {
		const {size} = await stat(path);
		let read = 0;
		const file = await open(path, readOrRefuse);
		for await (const bytes of file.createReadStream({highWaterMark: 1 << 20}) as AsyncIterable<Uint8Array>) {
			read += bytes.length;
			const fraction = size === 0 ? 0 : Math.min(1, read / size);
			see(bytes, fraction);
			yield bytes;
			listener(path, fraction);
		}
	} catch (error) {
		throw asUnreadable(error);
	}
}
