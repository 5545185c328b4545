import {existsSync, readFileSync, rmSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {pathToFileURL} from 'node:url';
import {type ExecaError, execa} from 'execa';
import {UserError} from '../../errors.ts';
import {withFileFaults} from '../../store/disk/file-faults.ts';
import {makeScratch, writeFileAtomically} from '../../store/disk/write-atomically.ts';
import {sandboxOptions} from './find-chromium.ts';

const longestMs = 60_000;

/**
 * Prints a page of a file with a browser; the page itself says how large its paper is. The PDF is there whole or not
 * at all.
 *
 * @throws {UserError} E_FILE when the browser fails, or the disk refuses
 */
export async function printPdf(
	browser: string,
	{page, pdf}: {readonly page: string; readonly pdf: string},
): Promise<void> {
	const scratch = makeScratch();
	const printed = join(scratch, 'page.pdf');
	try {
		await runBrowser(browser, [
			'--headless',
			...sandboxOptions(),
			'--disable-gpu',
			'--no-first-run',
			`--user-data-dir=${join(scratch, 'profile')}`,
			'--no-pdf-header-footer',
			`--print-to-pdf=${printed}`,
			pathToFileURL(resolve(page)).href,
		]);
		if (!existsSync(printed)) {
			throw new UserError('E_FILE', `Expected ${browser} to print ${page} as ${pdf}, got no PDF from it`);
		}

		writeFileAtomically(
			pdf,
			withFileFaults(printed, () => readFileSync(printed)),
		);
	} finally {
		rmSync(scratch, {recursive: true, force: true, maxRetries: 3});
	}
}

async function runBrowser(browser: string, words: readonly string[]): Promise<void> {
	try {
		await execa(browser, words, {timeout: longestMs});
	} catch (error) {
		const {timedOut, exitCode, signal, code} = error as ExecaError;
		const got = timedOut
			? `no answer within ${longestMs / 1000} s`
			: exitCode === undefined
				? (signal ?? code ?? 'a failure')
				: `exit status ${exitCode}`;
		const message = `Expected the browser ${browser} to print, got ${got}; name another one in CHROME_PATH`;
		throw new UserError('E_FILE', message, {cause: error});
	}
}
