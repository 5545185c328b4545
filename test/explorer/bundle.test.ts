import {readdir} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';
import test from 'ava';
import {build} from 'esbuild';

const source = fileURLToPath(new URL('../../../src/', import.meta.url));

/** Folders that docs/architecture.md does not call pure. */
const impure = ['backend', 'browser', 'cli', 'cluster', 'files', 'library', 'parallel', 'rendering', 'shards'];

test('the pure folders go into a browser with nothing external', async t => {
	const entries = await readdir(source, {withFileTypes: true});
	const pure = entries.filter(entry => entry.isDirectory() && !impure.includes(entry.name)).map(({name}) => name);
	t.true(pure.includes('simulator') && pure.includes('explorer'));
	const files = (await Promise.all(pure.map(async folder => readdir(`${source}${folder}`)))).flatMap((names, index) =>
		names.filter(name => /(?<!\.d)\.ts$/.test(name)).map(name => `./${pure[index]}/${name}`),
	);
	const contents = files.map((file, index) => `export * as part${index} from '${file}';`).join('\n');
	const {errors, outputFiles} = await build({
		stdin: {contents, resolveDir: source, loader: 'ts'},
		bundle: true,
		platform: 'browser',
		format: 'esm',
		write: false,
		logLevel: 'silent',
	});
	t.deepEqual(errors, []);
	t.notRegex(outputFiles[0]!.text, /^import |\brequire\("/m);
});

test('what the browser does not have fails there', async t => {
	await t.throwsAsync(
		build({
			stdin: {contents: "export * from './files/read-text.ts';", resolveDir: source, loader: 'ts'},
			bundle: true,
			platform: 'browser',
			write: false,
			logLevel: 'silent',
		}),
		{message: /Could not resolve "node:fs/},
	);
});
