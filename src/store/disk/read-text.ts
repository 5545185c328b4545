import {createHash} from 'node:crypto';
import {constants} from 'node:fs';
import {readFile, stat} from 'node:fs/promises';
import {UserError} from '../../errors.ts';

/** Opens a file to read it; one that would have to be waited for, such as /proc/kmsg, is refused instead. */
export const readOrRefuse = constants.O_RDONLY | constants.O_NONBLOCK;

const folderWords = 'a directory';
const absentWords = 'no such file';
const forbiddenWords = 'no permission to read it';

/** Sentences that begin with the path, by the reason. */
const sentences: Readonly<Record<string, string>> = {
	[absentWords]: ' does not exist',
	[forbiddenWords]: ': permission denied',
	[folderWords]: ' is a folder, not a file',
};

/** Reason why a file could not be read, in words for the user. */
export class UnreadableError extends Error {
	override readonly name = 'UnreadableError';

	/** Whether the path leads to a folder. */
	get isFolder(): boolean {
		return this.message === folderWords;
	}

	/** The fault of a file that a user named, in one line: it is absent, a folder or forbidden, or not what was `wanted`. */
	asFault(path: string, wanted = 'a readable file'): UserError {
		const said = sentences[this.message] ?? `:1:1: Expected ${wanted}, got ${this.message}`;
		return new UserError('E_FILE', `${path}${said}`, {cause: this});
	}
}

/**
 * The text of a file.
 *
 * @param path - any file; a leading byte order mark is dropped
 * @param largest - most bytes that are read
 * @throws {UnreadableError} when there is no such file, or it is no file, too large, or not UTF-8 text
 */
export async function readText(path: string, largest: number): Promise<string> {
	return textOf(await readBytes(path, largest));
}

/**
 * Text of a file that a user named, as {@link readText} reads it.
 *
 * @throws {UserError} E_FILE where it cannot be read
 */
export async function readNamedText(path: string, largest: number): Promise<string> {
	try {
		return await readText(path, largest);
	} catch (error) {
		throw error instanceof UnreadableError ? error.asFault(path) : error;
	}
}

/**
 * The text of a file, and the digest of its bytes.
 *
 * @param path - any file; a leading byte order mark is dropped from the text
 * @param largest - most bytes that are read
 * @returns `sha256` in hex
 * @throws {UnreadableError} as {@link readText} does
 */
export async function readPinnedText(path: string, largest: number): Promise<{text: string; sha256: string}> {
	const bytes = await readBytes(path, largest);
	return {text: textOf(bytes), sha256: sha256Of(bytes)};
}

/** Digest of bytes or of a text in UTF-8, in hex. */
export function sha256Of(content: Uint8Array | string): string {
	return createHash('sha256').update(content).digest('hex');
}

function textOf(bytes: Uint8Array): string {
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
	await refuseUnreadable(path, largest);
	try {
		return await readFile(path, {flag: readOrRefuse});
	} catch (error) {
		throw asUnreadable(error);
	}
}

/**
 * Refuses a path without a file to read.
 *
 * @param largest - most bytes that it may have
 * @throws {UnreadableError} when there is no such file, or it is no file or too large
 */
export async function refuseUnreadable(path: string, largest = Number.POSITIVE_INFINITY): Promise<void> {
	const status = await stat(path).catch((error: unknown) => {
		throw asUnreadable(error);
	});
	if (!status.isFile()) {
		throw new UnreadableError(status.isDirectory() ? folderWords : 'no regular file');
	}

	if (status.size > largest) {
		throw new UnreadableError(`${status.size} bytes, more than ${largest}`);
	}
}

const reasons: Readonly<Record<string, string>> = {
	ENOENT: absentWords,
	ENOTDIR: absentWords,
	EACCES: forbiddenWords,
	EPERM: forbiddenWords,
	ELOOP: 'a link to itself',
	ENAMETOOLONG: 'too long a name',
	ERR_INVALID_ARG_VALUE: absentWords,
	EAGAIN: 'nothing yet, and it would have to be waited for',
};

/** Converts an operating system's refusal to words for the user. */
export function asUnreadable(error: unknown): UnreadableError {
	const code = error instanceof Error && 'code' in error ? String(error.code) : '';
	return new UnreadableError(reasons[code] ?? `unreadable (${code === '' ? String(error) : code})`);
}
