import {readFile, stat} from 'node:fs/promises';

/** Why a file could not be read, in words for the user. */
export class UnreadableError extends Error {
	override readonly name = 'UnreadableError';
}

/**
 * The text of a file.
 *
 * @param path - any file; a leading byte order mark is dropped
 * @param largest - most bytes that are read
 * @throws {UnreadableError} when there is no such file, or it is no file, too large, or not UTF-8 text
 */
export async function readText(path: string, largest: number): Promise<string> {
	const bytes = await readBytes(path, largest);
	let text: string;
	try {
		text = new TextDecoder('utf-8', {fatal: true}).decode(bytes);
	} catch {
		throw new UnreadableError('not UTF-8 text');
	}

	if (text.includes('\0')) {
		throw new UnreadableError('a binary file');
	}

	return text;
}

async function readBytes(path: string, largest: number): Promise<Uint8Array> {
	try {
		const status = await stat(path);
		if (!status.isFile()) {
			throw new UnreadableError(status.isDirectory() ? 'a directory' : 'no regular file');
		}

		if (status.size > largest) {
			throw new UnreadableError(`${status.size} bytes, more than ${largest}`);
		}

		return await readFile(path);
	} catch (error) {
		throw error instanceof UnreadableError ? error : new UnreadableError(reasonOf(error));
	}
}

const reasons: Readonly<Record<string, string>> = {
	ENOENT: 'no such file',
	ENOTDIR: 'no such file',
	EACCES: 'no permission to read it',
	EPERM: 'no permission to read it',
	ELOOP: 'a link to itself',
	ENAMETOOLONG: 'too long a name',
	ERR_INVALID_ARG_VALUE: 'no such file',
};

function reasonOf(error: unknown): string {
	const code = error instanceof Error && 'code' in error ? String(error.code) : '';
	return reasons[code] ?? `unreadable (${code === '' ? String(error) : code})`;
}
