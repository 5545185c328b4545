import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {UserError} from '../errors.ts';
import {indexPage} from '../report/pages/index-page.ts';
import {refuseUnwritable} from '../store/disk/refuse-unwritable.ts';
import {writeFileAtomically} from '../store/disk/write-atomically.ts';
import {findPages} from '../store/results/find-pages.ts';

/** Index of a folder of reports that was written. */
type ReportIndex = {
	/** Path of the page. */
	readonly path: string;
	readonly pages: number;
	readonly pictures: number;
};

/**
 * Writes `index.html` into a folder of reports: it leads to every page and picture below, with the answer of each page.
 *
 * @throws {UserError} E_FILE when the folder is not there, or cannot be written
 */
export async function indexReports(folder = 'reports'): Promise<ReportIndex> {
	if (!existsSync(folder)) {
		throw new UserError('E_FILE', `Expected ${folder} to be a folder of reports, got no such folder`);
	}

	refuseUnwritable(folder, []);
	const found = await findPages(folder);
	const {pageFonts} = await import('../report/drawing/typeface.ts');
	const path = join(folder, 'index.html');
	writeFileAtomically(path, indexPage(found, await pageFonts()));
	return {path, pages: found.pages.length, pictures: found.pictures.length};
}
