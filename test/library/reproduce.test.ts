import {appendFile, copyFile, readFile, rename, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import test from 'ava';
import {removeTemporaryFolders, replicast, temporaryFolder, writeSmall} from '../cli/run-command.ts';

test.after.always(removeTemporaryFolders);

const trace = `TIMESTAMP,ContextTokens,GeneratedTokens
2024-05-10 00:00:00.0,20,8
2024-05-10 00:00:03.5,30,8
2024-05-10 00:01:00.0,25,9
`;

/** Results of the small experiment, of a model and a price book of its own, with changes of the command line. */
async function results(change: (text: string) => string = text => text) {
	const folder = await temporaryFolder();
	await writeSmall(join(folder, 'small.yaml'), change);
	await writeFile(join(folder, 'trace.csv'), trace);
	await copyFile(
		fileURLToPath(new URL('../../../models/prices-fargate.yaml', import.meta.url)),
		join(folder, 'ours.yaml'),
	);
	const changes = ['--replications', '2', '--set', 'slo.p95=3s', '--price-book', 'ours.yaml'];
	const {stdout, exitCode, stderr} = await replicast(['run', 'small.yaml', ...changes, '--json', '--out', 'out'], {
		cwd: folder,
	});
	await writeFile(join(folder, 'printed.json'), stdout);
	return {
		folder,
		exitCode,
		stderr,
		again: async (file: string) => replicast(['run', '--reproduce', file], {cwd: folder}),
	};
}

test('whatever run writes and prints gives the same bytes again, though the experiment is gone', async t => {
	const {folder, exitCode, stderr, again} = await results();
	t.is(exitCode, 0, stderr);
	await rm(join(folder, 'small.yaml'));
	for (const file of [
		'printed.json',
		'out/small/summary.json',
		'out/small',
		'out/small/dynamic',
		'out/small/fixed/record.json',
	]) {
		const outcome = await again(file);
		t.is(outcome.exitCode, 0, `${file}: ${outcome.stdout}${outcome.stderr}`);
		t.regex(outcome.stdout, /^The same bytes: \S+ \(small\), simulated again from what it holds\.\n$/);
	}
});

test('a figure or a table that does not come out again is named, with status 3', async t => {
	const {folder, again} = await results();
	const summary = join(folder, 'out/small/summary.json');
	const text = await readFile(summary, 'utf8');
	await writeFile(summary, text.replace(/"arrived": (\d+)/, '"arrived": 1$1'));
	const figure = await again('out/small/summary.json');
	t.deepEqual([figure.exitCode, figure.stdout.split('\n').length], [3, 3]);
	t.regex(figure.stdout, /\n- dynamic\.requests\.arrived: 1(\d+) in the file, \1 now\n$/);
	await appendFile(join(folder, 'out/small/dynamic/pods.parquet'), ' ');
	const table = await again('out/small/dynamic');
	t.is(table.exitCode, 3);
	t.regex(table.stdout, /\n- the table pods\.parquet\n$/);
});

test('a trace or a price book that has changed or is gone is refused by name in one line', async t => {
	const arrivals = 'arrivals: {process: trace, file: trace.csv}\n  requests:';
	const {folder, exitCode, stderr, again} = await results(text =>
		text.replace(/arrivals:\n(?: {4}.*\n)+ {2}requests:/, arrivals).replace(/ {2}tenants:.*\n/, ''),
	);
	t.is(exitCode, 0, stderr);
	t.is((await again('printed.json')).exitCode, 0);
	await appendFile(join(folder, 'ours.yaml'), '\n');
	const book = await again('printed.json');
	t.is(book.exitCode, 2);
	t.regex(book.stderr, /^ours\.yaml: Expected the price book that was simulated, sha256 \w{12}…, got \w{12}…\n$/);
	t.is((await again('out/small/dynamic')).exitCode, 0, 'a record has no price books beside');
	await appendFile(join(folder, 'trace.csv'), '2024-05-10 00:01:01.0,25,9\n');
	const other = await again('printed.json');
	t.regex(other.stderr, /^trace\.csv: Expected the trace that was simulated, sha256 \w{12}…, got \w{12}…\n$/);
	await rename(join(folder, 'trace.csv'), join(folder, 'moved.csv'));
	const gone = await again('out/small/dynamic');
	t.deepEqual(
		[gone.exitCode, gone.stderr],
		[2, 'trace.csv: Expected the trace that was simulated, got no such file\n'],
	);
});

test('what is no result of this version is refused in one line', async t => {
	const {folder, again} = await results();
	const printed = await readFile(join(folder, 'printed.json'), 'utf8');
	const refuses = async (text: string, expected: RegExp) => {
		await writeFile(join(folder, 'other.json'), text);
		const {exitCode, stdout, stderr} = await again('other.json');
		t.deepEqual([exitCode, stdout], [2, ''], text.slice(0, 60));
		t.regex(stderr, expected);
		t.is(stderr.trimEnd().split('\n').length, 1, stderr);
	};
	await refuses('{', /Expected other\.json to be JSON/);
	await refuses('[]', /^other\.json: Expected a record or a summary of replicast run, got something else\n$/);
	await refuses('{"kind": "Tuning"}', /got a file of kind Tuning\n$/);
	await refuses(printed.replace(/"version": "[\d.]+"/, '"version": "0.0.1"'), /got one of 0\.0\.1\n$/);
	await refuses(printed.replace(/"provenance": .*$/s, '"assumed": 1}]'), /got one without: it was imported/);
	await refuses(printed.replace('\\"seed\\":7', '\\"seed\\":8'), /got one with another digest: it was changed/);
	await refuses(printed.replace('\\"seed\\":7', '\\"seed\\":\\"x\\"'), /^other\.json: Expected seed to be/);
	t.regex((await again('absent.json')).stderr, /^absent\.json: Expected a record .*, got no such file\n$/);
	const both = await replicast(['run', 'small.yaml', '--reproduce', 'printed.json'], {cwd: folder});
	t.deepEqual([both.exitCode, both.stderr.split('\n')[0]], [2, 'Expected --reproduce alone, got files beside it']);
});
