import {open, stat} from 'node:fs/promises';
import {asUnreadable, readOrRefuse, refuseUnreadable} from '../disk/read-text.ts';

/** Receives the progress of reading a long file. */
type Listener = (path: string, fraction: number) => void;

let listener: Listener = () => {};

/** Sets the receiver of the progress of reading long files. */
export function onReading(tell: Listener): void {
	listener = tell;
}

/**
 * The bytes of a file, piece by piece.
 *
 * @param see - called with each piece before it is handed on, and the fraction of the file up to its end
 * @throws {UnreadableError} when it cannot be read, or would have to be waited for
 */
export async function* readPieces(
	path: string,
	see: (bytes: Uint8Array, fraction: number) => void = () => {},
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
