import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import anyTest, {type ExecutionContext} from 'ava';
import {build} from 'esbuild';
import type {Chart} from '../../src/report/charts/chart.ts';
import {removeTemporaryFolders, replicast, temporaryFolder} from '../cli/run-command.ts';
import {checkCharts} from '../report/charts/specification.ts';
import {shellLines} from './pages.ts';

const test = anyTest.serial;

anyTest.after.always(removeTemporaryFolders);

const root = fileURLToPath(new URL('../../../', import.meta.url));
const read = async (name: string) => readFile(join(root, 'docs', 'how-to', `${name}.md`), 'utf8');

/** The calls of a page, in its order. */
const callsIn = (page: string): string[][] =>
	shellLines(page)
		.map(line => line.replace(/ +#.*$/, '').split(' '))
		.filter(([first]) => first === 'replicast')
		.map(words => words.slice(1));

const blockOf = (page: string, language: string) =>
	new RegExp(`^ *\`\`\`${language}\\n([\\s\\S]*?)^ *\`\`\``, 'm').exec(page)![1]!.replaceAll(/^ {3}/gm, '');

/** Follows a call of a page; what takes long is shortened by options that the page leaves out. */
async function follow(t: ExecutionContext, words: readonly string[], cwd: string): Promise<string> {
	const isLong = words[0] === 'run' || words[0] === 'tune';
	const short = isLong && !words.includes('--replications') ? ['--replications', '2'] : [];
	const shorter = words.map((word, index) => (words[index - 1] === '--budget' ? '20' : word));
	const {stdout, stderr, exitCode} = await replicast([...shorter, ...short], {cwd});
	t.is(exitCode, 0, `${words.join(' ')}\n${stderr}`);
	return stdout;
}

test('write an experiment', async t => {
	const cwd = await temporaryFolder();
	const [init, ...others] = callsIn(await read('write-an-experiment'));
	await follow(t, init!, cwd);
	t.true(others.length >= 4);
	for (const words of others) {
		await follow(t, words, join(cwd, 'mine'));
	}
});

test('add a price book', async t => {
	const cwd = await temporaryFolder();
	const page = await read('add-a-price-book');
	await follow(t, ['init'], cwd);
	await writeFile(join(cwd, 'our-rack.yaml'), blockOf(page, 'yaml'));
	const calls = callsIn(page);
	t.true(calls.length >= 2);
	for (const words of calls) {
		await follow(t, words, cwd);
		t.true((await readFile(join(cwd, 'reports', 'simulated', 'first', 'report.md'), 'utf8')).includes('our-rack'));
	}
});

test('bring your own cluster: the manifests of the page are printed without a cluster', async t => {
	const cwd = await temporaryFolder();
	await follow(t, ['init'], cwd);
	const calls = callsIn((await read('bring-your-own-cluster')).replaceAll(/ \\\n\s+/g, ' '));
	const printing = calls.filter(words => words.includes('--print-manifests'));
	t.is(printing.length, 1);
	const printed = await follow(t, printing[0]!, cwd);
	t.regex(printed, /registry\.example\.com\/replicast-backend:1/);
	t.regex(printed, /namespace: replicast/);
	const doctor = await replicast(['doctor'], {cwd});
	t.regex(doctor.stdout, /kubectl/);
});

test('add a chart: the chart of the page compiles without a warning', async t => {
	const code = blockOf(await read('add-a-chart'), 'ts');
	const {outputFiles} = await build({
		stdin: {contents: code, resolveDir: join(root, 'src', 'report', 'charts'), loader: 'ts'},
		...({bundle: true, write: false, format: 'esm', platform: 'node'} as const),
	});
	const file = join(await temporaryFolder(), 'chart.mjs');
	await writeFile(file, outputFiles[0]!.text);
	const {waitingChart} = (await import(file)) as {
		waitingChart: (name: string, points: readonly {seconds: number; pods: number}[]) => Chart;
	};
	const chart = waitingChart('mine', [
		{seconds: 0, pods: 1},
		{seconds: 60, pods: 0},
	]);
	t.is(chart.units['minutes'], 'min');
	await checkCharts(t, [chart]);
});
