import {rmSync} from 'node:fs';
import {join} from 'node:path';
import process from 'node:process';
import {sheets} from '../pages/sheet.ts';
import {findChromium} from '../rendering/find-chromium.ts';
import {printPdf} from '../rendering/print-pdf.ts';

/** Prints the poster's pages as PDF where there is a browser for it, and says so where there is none. */
export async function printPoster(out: string): Promise<void> {
	const paths = sheets.map(({name}) => ({
		page: join(out, `poster-${name}.html`),
		pdf: join(out, `poster-${name}.pdf`),
	}));
	const browser = await findChromium();
	if (browser === undefined) {
		for (const {pdf} of paths) {
			rmSync(pdf, {force: true});
		}

		process.stdout.write('No PDF: no Chromium was found; install one, or name it in CHROME_PATH\n');
		return;
	}

	await Promise.all(paths.map(async ({page, pdf}) => printPdf(browser, {page, pdf})));
	process.stdout.write(`Printed ${paths.map(({pdf}) => pdf).join(' and ')}\n`);
}
