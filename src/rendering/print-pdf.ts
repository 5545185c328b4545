import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {pathToFileURL} from 'node:url';
import {execa} from 'execa';
import {sandboxOptions} from './find-chromium.ts';

const longestMs = 60_000;

/** Prints a page of a file with a browser; the page itself says how large its paper is. */
export async function printPdf(
	browser: string,
	{page, pdf}: {readonly page: string; readonly pdf: string},
): Promise<void> {
	const profile = await mkdtemp(join(tmpdir(), 'replicast-browser-'));
	try {
		await execa(
			browser,
			[
				'--headless',
				...sandboxOptions(),
				'--disable-gpu',
				'--no-first-run',
				`--user-data-dir=${profile}`,
				'--no-pdf-header-footer',
				`--print-to-pdf=${resolve(pdf)}`,
				pathToFileURL(resolve(page)).href,
			],
			{timeout: longestMs},
		);
	} finally {
		await rm(profile, {recursive: true, force: true});
	}
}
