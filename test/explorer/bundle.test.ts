import {readdir} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';
import test from 'ava';
import {build} from 'esbuild';

const source = fileURLToPath(new URL('../../../src/', import.meta.url));

type Rooms = Readonly<Record<string, {readonly pure: boolean}>>;

const {rooms} = (await import(new URL('../../../scripts/rooms/rooms.js', import.meta.url).href)) as {rooms: Rooms};

/** The room of a file of `src/`: the longest name that it stands below. */
function roomOf(file: string): string {
	const names = Object.keys(rooms).filter(name => file.startsWith(`${name}/`));
	return names.sort((a, b) => b.length - a.length)[0] ?? '';
}

// The tables of a terminal are drawn by a package for Node; all else that the pure rooms need runs in a browser.
const terminalTables = 'cli-table3';

test('the pure rooms go into a browser with nothing external but the tables of a terminal', async t => {
	const sources = await readdir(source, {recursive: true});
	const files = sources
		.filter(name => /(?<!\.d)\.ts$/.test(name) && rooms[roomOf(name)]?.pure === true)
		.map(name => `./${name}`);
	t.true(files.includes('./simulator/simulate.ts') && files.includes('./explorer/explored.ts'));
	const contents = files.map((file, index) => `export * as part${index} from '${file}';`).join('\n');
	const {errors, outputFiles} = await build({
		stdin: {contents, resolveDir: source, loader: 'ts'},
		bundle: true,
		platform: 'browser',
		format: 'esm',
		write: false,
		logLevel: 'silent',
		external: [terminalTables],
	});
	t.deepEqual(errors, []);
	const imports = [...outputFiles[0]!.text.matchAll(/^import .* from "([^"]+)";$/gm)].map(([, name]) => name);
	t.deepEqual([...new Set(imports)], [terminalTables]);
	t.notRegex(outputFiles[0]!.text, /\brequire\("/m);
});

test('what the browser does not have fails there', async t => {
	await t.throwsAsync(
		build({
			stdin: {contents: "export * from './store/disk/read-text.ts';", resolveDir: source, loader: 'ts'},
			bundle: true,
			platform: 'browser',
			write: false,
			logLevel: 'silent',
		}),
		{message: /Could not resolve "node:fs/},
	);
});
