import {closeSync, constants, ftruncateSync, openSync, writeSync} from 'node:fs';

/**
 * Writes a file anew in place. A file that is emptied first is flushed to the disk when it is closed, on ext4 at least:
 * that takes milliseconds, and a fuzz test writes tens of thousands.
 */
export function rewriteFile(path: string, content: string | Uint8Array): void {
	const bytes = Buffer.from(content as string);
	const file = openSync(path, constants.O_WRONLY | constants.O_CREAT);
	try {
		writeSync(file, bytes, 0, bytes.length, 0);
		ftruncateSync(file, bytes.length);
	} finally {
		closeSync(file);
	}
}
