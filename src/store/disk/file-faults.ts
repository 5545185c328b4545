import {UserError} from '../../errors.ts';
import {marker} from './stale-folders.ts';

const words: Readonly<Record<string, string>> = {
	EACCES: 'permission denied',
	EPERM: 'permission denied',
	EROFS: 'a read-only file system',
	ENOSPC: 'no space left on the disk',
	EDQUOT: 'no space left in the quota',
	EFBIG: 'a file too large for the file system',
	ENOTDIR: 'a file where a folder has to be',
	EEXIST: 'a file where a folder has to be',
	EISDIR: 'a folder where a file has to be',
	ENOTEMPTY: 'a folder that another process writes to',
	ENOENT: 'no such file or folder',
	ENAMETOOLONG: 'a name that is too long',
	EMFILE: 'too many open files',
	EIO: 'an input/output error of the disk',
	EBUSY: 'a file that is in use',
	ELOOP: 'a loop of links',
};

/**
 * Runs `work`, and turns what the operating system refuses into a fault that the user can mend.
 *
 * @throws {UserError} E_FILE with the path and the reason in one line
 */
export function withFileFaults<Result>(path: string, work: () => Result): Result {
	try {
		return work();
	} catch (error) {
		throw asFileFault(path, error);
	}
}

/** `error` as a `UserError` when it came from the operating system; any other is passed through. */
export function asFileFault(path: string, error: unknown): unknown {
	if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) {
		return error;
	}

	const {code, path: where = path, dest = where} = error as NodeJS.ErrnoException & {dest?: string};
	const named = dest.includes(marker) ? path : dest; // nobody knows our temporary folders
	const reason = words[String(code)] ?? error.message;
	return new UserError('E_FILE', `Expected to use ${named}, got ${reason} (${code})`, {cause: error});
}
