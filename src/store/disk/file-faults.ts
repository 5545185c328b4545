import {UserError} from '../../errors.ts';
import {marker} from './stale-folders.ts';

/** Sentences on what the operating system refuses, by its code. */
const words: Readonly<Record<string, (path: string) => string>> = {
	EACCES: path => `${path}: permission denied`,
	EPERM: path => `${path}: permission denied`,
	EROFS: path => `${path} is in a read-only file system`,
	ENOSPC: path => `${path}: no space left on the disk`,
	EDQUOT: path => `${path}: no space left in the quota`,
	EFBIG: path => `${path} is too large for the file system`,
	ENOTDIR: path => `${path}: a file stands where a folder has to be`,
	EEXIST: path => `${path}: a file stands where a folder has to be`,
	EISDIR: path => `${path} is a folder, not a file`,
	ENOTEMPTY: path => `${path} is a folder that another process writes to`,
	ENOENT: path => `${path} does not exist`,
	ENAMETOOLONG: path => `${path}: the name is too long`,
	EMFILE: path => `${path}: too many files are open`,
	EIO: path => `${path}: the disk has an input/output error`,
	EBUSY: path => `${path} is in use`,
	ELOOP: path => `${path} is a loop of links`,
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
	const said = words[String(code)]?.(named) ?? `${named}: ${error.message}`;
	return new UserError('E_FILE', said, {cause: error});
}
