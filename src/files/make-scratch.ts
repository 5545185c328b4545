import {mkdtempSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {withFileFaults} from './file-faults.ts';
import {removeStaleFolders, temporaryPrefix} from './stale-folders.ts';

/**
 * A new folder for files that nobody is to keep, such as a kubeconfig; only this user may look into it. Whoever makes it
 * removes it; what a killed process left goes when the next one is made.
 *
 * @throws {UserError} E_FILE when the disk refuses
 */
export function makeScratch(): string {
	return withFileFaults(tmpdir(), () => {
		removeStaleFolders(tmpdir());
		return mkdtempSync(join(tmpdir(), temporaryPrefix));
	});
}
