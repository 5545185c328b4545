// npm run docs: writes docs/reference/ from the commands and the schemas, the table of rooms into docs/architecture.md, the pictures of
// docs/nodes.md from its experiments and the figures of the validation into README.md and src/forecast/standing/; with --check says whether they are up to date.
import {mkdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import process from 'node:process';
import {pitfallPictures} from './nodes/pitfalls.js';
import {commandPage} from './reference/command-page.js';
import {filePage} from './reference/file-page.js';
import {roomsTable} from './rooms/rooms-table.js';
import {readValidation, validationFigures} from './validation/figures.js';
import {readmeFigures} from './validation/readme-figures.js';
import {standingSource} from './validation/standing-source.js';

const docs = new URL('../docs/', import.meta.url);
const read = async name => readFile(new URL(name, docs), 'utf8').catch(() => '');

const architecture = (await read('architecture.md')).replace(
	/(<!-- rooms: npm run docs -->\n)[\s\S]*?(\n<!-- \/rooms -->)/,
	(_, begin, end) => `${begin}${roomsTable()}${end}`,
);
const validation = await readValidation();
const readme = (await read('../README.md')).replace(
	/(<!-- figures:begin -->\n)[\s\S]*?(<!-- figures:end -->)/,
	(_, begin, end) => `${begin}${readmeFigures(validationFigures(validation))}\n${end}`,
);
const pages = {
	'reference/commands.md': await commandPage(),
	'reference/files.md': await filePage(),
	...(await pitfallPictures()),
	'architecture.md': architecture,
	'../README.md': readme,
	'../src/forecast/standing/validated.ts': await standingSource(validation, validationFigures(validation)),
};

await mkdir(new URL('reference/', docs), {recursive: true});
await mkdir(new URL('pictures/nodes/', docs), {recursive: true});
for (const [name, text] of Object.entries(pages)) {
	if (!process.argv.includes('--check')) {
		await writeFile(new URL(name, docs), text);
	} else if ((await read(name)) !== text) {
		process.stderr.write(`Expected ${join('docs', name)} to be what npm run docs writes, got something else\n`);
		process.exitCode = 1;
	}
}
