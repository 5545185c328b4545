// npm run docs: writes docs/reference/ from the commands and the schemas, and the table of rooms into docs/architecture.md; with
// --check says whether they are up to date.
import {mkdir, readFile, writeFile} from 'node:fs/promises';
import process from 'node:process';
import {commandPage} from './reference/command-page.js';
import {filePage} from './reference/file-page.js';
import {roomsTable} from './rooms/rooms-table.js';

const docs = new URL('../docs/', import.meta.url);
const read = async name => readFile(new URL(name, docs), 'utf8').catch(() => '');

const architecture = (await read('architecture.md')).replace(
	/(<!-- rooms: npm run docs -->\n)[\s\S]*?(\n<!-- \/rooms -->)/,
	(_, begin, end) => `${begin}${roomsTable()}${end}`,
);
const pages = {
	'reference/commands.md': await commandPage(),
	'reference/files.md': await filePage(),
	'architecture.md': architecture,
};

await mkdir(new URL('reference/', docs), {recursive: true});
for (const [name, text] of Object.entries(pages)) {
	if (!process.argv.includes('--check')) {
		await writeFile(new URL(name, docs), text);
	} else if ((await read(name)) !== text) {
		process.stderr.write(`Expected docs/${name} to be what npm run docs writes, got something else\n`);
		process.exitCode = 1;
	}
}
