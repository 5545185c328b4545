// npm run docs: writes docs/reference/ from the commands and the schemas, or with --check says whether it is up to date.
import {mkdir, readFile, writeFile} from 'node:fs/promises';
import process from 'node:process';
import {commandPage} from './reference/command-page.js';
import {filePage} from './reference/file-page.js';

const pages = {'commands.md': await commandPage(), 'files.md': await filePage()};
const folder = new URL('../docs/reference/', import.meta.url);

await mkdir(folder, {recursive: true});
for (const [name, text] of Object.entries(pages)) {
	const path = new URL(name, folder);
	if (!process.argv.includes('--check')) {
		await writeFile(path, text);
	} else if ((await readFile(path, 'utf8').catch(() => '')) !== text) {
		process.stderr.write(`Expected docs/reference/${name} to be what npm run docs writes, got something else\n`);
		process.exitCode = 1;
	}
}
