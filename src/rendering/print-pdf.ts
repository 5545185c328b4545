import {readFileSync, rmSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {pathToFileURL} from 'node:url';
import {execa} from 'execa';
import {withFileFaults} from '../files/file-faults.ts';
import {makeScratch} from '../files/make-scratch.ts';
import {writeFileAtomically} from '../files/write-atomically.ts';
import {sandboxOptions} from './find-chromium.ts';

const longestMs = 60_000;

/**
 * Prints a page of a file with a browser; the page itself says how large its paper is. The PDF is there whole or not
 * at all.
 *
 * @throws {UserError} E_FILE when the disk refuses
 */
export async function printPdf(
	browser: string,
	{page, pdf}: {readonly page: string; readonly pdf: string},
): Promise<void> {
	const scratch = makeScratch();
	const printed = join(scratch, 'page.pdf');
	try {
		await execa(
			browser,
			[
				'--headless',
				...sandboxOptions(),
				'--disable-gpu',
				'--no-first-run',
				`--user-data-dir=${join(scratch, 'profile')}`,
				'--no-pdf-header-footer',
				`--print-to-pdf=${printed}`,
				pathToFileURL(resolve(page)).href,
			],
			{timeout: longestMs},
		);
		writeFileAtomically(
			pdf,
			withFileFaults(printed, () => readFileSync(printed)),
		);
	} finally {
		rmSync(scratch, {recursive: true, force: true, maxRetries: 3});
	}
}
