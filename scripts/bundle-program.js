// Bundles the command line, the library and the worker threads into dist/: few files load faster than the 300 that one
// command needs of the sources and of three packages. All else of package.json's dependencies is loaded from there.
import {execFile} from 'node:child_process';
import {existsSync} from 'node:fs';
import {readdir, readFile, rm, stat, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {build} from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const chunks = 'dist/chunks';

// What every command that reads an experiment loads first. Each has its files as ECMAScript modules, of which only the
// parts that are used are taken.
const taken = ['yargs', 'yaml', 'zod'];

const {dependencies} = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
const left = Object.keys(dependencies).filter(name => !taken.includes(name));
const workers = (await readdir(path.join(root, 'src/library/pool'))).filter(name => name.endsWith('-worker.ts'));

const {metafile} = await build({
	absWorkingDir: root,
	entryPoints: [
		{in: 'src/cli.ts', out: 'cli'},
		{in: 'src/index.ts', out: 'index'},
		// Beside the chunks, as they stand beside each other in the sources.
		...workers.map(name => ({in: `src/library/pool/${name}`, out: `pool/${path.basename(name, '.ts')}`})),
	],
	outdir: 'dist',
	chunkNames: 'chunks/[name]-[hash]',
	bundle: true,
	splitting: true,
	platform: 'node',
	target: 'node20',
	format: 'esm',
	external: left.flatMap(name => [name, `${name}/*`]),
	alias: {
		// Its modules are those for browsers, the same sources.
		yaml: path.join(root, 'node_modules/yaml/browser/index.js'),
		// yargs measures its help even when nobody asked for it; string-width begins with 20 ms for Intl.Segmenter.
		'string-width': 'fast-string-width',
	},
	legalComments: 'none',
	charset: 'utf8',
	metafile: true,
	logLevel: 'warning',
});

// Those of earlier builds go, but for chunks that a command which runs at the moment may load yet.
const longestCommand = 24 * 3_600_000; // [ms]
for (const name of await readdir(path.join(root, 'dist'), {recursive: true})) {
	const file = path.join(root, 'dist', name);
	const isOther = /^(?:browser|backend-image|shard-image)\b/.test(name) || !name.endsWith('.js');
	const mayRun =
		path.dirname(file) === path.join(root, chunks) && Date.now() - (await stat(file)).mtimeMs < longestCommand;
	if (!isOther && !mayRun && !(`dist/${name.split(path.sep).join('/')}` in metafile.outputs)) {
		await rm(file);
	}
}

await writeFile(path.join(root, 'dist/LICENSES.txt'), await licensesOf(Object.keys(metafile.inputs)));

// A result names the commit that it was computed by; an archive without a repository has none to name.
const commitFile = path.join(root, 'dist/commit.json');
const commit = await commitOf(root);
await (commit === undefined ? rm(commitFile, {force: true}) : writeFile(commitFile, `${JSON.stringify({commit})}\n`));

/** The commit of a checkout, `-dirty` after it when files that are built have changed. */
async function commitOf(folder) {
	if (!existsSync(path.join(folder, '.git'))) {
		return undefined;
	}

	const git = async (...words) => (await promisify(execFile)('git', ['-C', folder, ...words])).stdout.trim();
	try {
		const changed = await git('status', '--porcelain', '--', 'src', 'models', 'package.json', 'package-lock.json');
		return `${await git('rev-parse', 'HEAD')}${changed === '' ? '' : '-dirty'}`;
	} catch {
		return undefined; // no git, or a repository that it will not read
	}
}

/** The licences of the packages whose files were taken in. */
async function licensesOf(inputs) {
	const folders = inputs.flatMap(input => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? []);
	const texts = [...new Set(folders)].sort().map(async folder => {
		const names = await readdir(path.join(root, folder));
		const name = names.find(other => /^licen[cs]e/i.test(other));
		if (name === undefined) {
			throw new Error(`Expected ${folder} to have a licence, got ${names.join(', ')}`);
		}

		return `${folder.replace(/^.*node_modules\//, '')}\n\n${await readFile(path.join(root, folder, name), 'utf8')}`;
	});
	return (await Promise.all(texts)).join(`\n${'-'.repeat(80)}\n\n`);
}
