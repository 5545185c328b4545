import {readdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import anyTest from 'ava';
import {workplace} from './measured-workplace.ts';
import {removeTemporaryFolders, replicast, small, temporaryFolder} from './run-command.ts';

const test = anyTest.serial;

anyTest.after.always(removeTemporaryFolders);

const run = ['run', small, '--replications', '2', '--workers', '1'];
const names = ['cost', 'energy', 'latency', 'resource-utilization', 'scaling-timeline', 'tenants'];

test('--charts writes each chart alone, as SVG, PNG and CSV, with the figures of the summary', async t => {
	const cwd = await temporaryFolder();
	const {stdout, stderr, exitCode} = await replicast([...run, '--charts', 'pictures', '--json'], {cwd});
	t.is(exitCode, 0, stderr);
	const folder = join(cwd, 'pictures', 'small');
	t.deepEqual(
		(await readdir(folder)).sort(),
		names.flatMap(name => ['csv', 'png', 'svg'].map(end => `${name}.${end}`)),
	);
	const [summary] = JSON.parse(stdout);
	const [head, first] = (await readFile(join(folder, 'cost.csv'), 'utf8')).split('\n');
	t.is(head, 'category,evidence,value [$/h],low [$/h],high [$/h]');
	t.is(first!.split(',')[2], String(summary.dynamic.costPerHour.mean));
	t.regex(
		(await readFile(join(folder, 'scaling-timeline.csv'), 'utf8')).split('\n')[0]!,
		/^seconds \[s\],.*replicas \[pods\]/,
	);
	t.regex(await readFile(join(folder, 'latency.svg'), 'utf8'), /^<svg [\s\S]*Latency[\s\S]*<\/svg>\s*$/);
	t.deepEqual([...(await readFile(join(folder, 'latency.png'))).subarray(1, 4)], [...Buffer.from('PNG')]);
});

test('compare, tune and replay write their charts alone, too', async t => {
	const {cwd} = await workplace();
	for (const [words, folder, written] of [
		[['compare', 'small.yaml'], 'compared', ['validation-errors', 'validation-latency', 'validation']],
		[
			['tune', 'small.yaml', '--budget', '20', '--replications', '2', '--workers', '1'],
			'tuned',
			['front', 'objective', 'sensitivity'],
		],
		[['replay', 'small.yaml'], 'replayed', ['cost', 'latency', 'scaling-timeline']],
	] as const) {
		const {stderr} = await replicast([...words, '--charts', folder, '--chart-format', 'svg,csv'], {cwd});
		const files = await readdir(join(cwd, folder, 'small')).catch(() => [] as string[]);
		for (const name of written) {
			t.true(
				files.includes(`${name}.svg`) && files.includes(`${name}.csv`),
				`${words[0]}: ${name} in ${files.join(' ')} ${stderr}`,
			);
		}

		t.false(files.some(name => name.endsWith('.png')));
		const refused = await replicast([...words, '--charts', '/proc/nowhere'], {cwd});
		t.is(refused.exitCode, 2);
		t.regex(refused.stderr, /\/proc/);
	}
});

test('--chart-format chooses among them, with commas or given again', async t => {
	const cwd = await temporaryFolder();
	for (const [folder, ...formats] of [
		['comma', '--chart-format', 'svg,csv'],
		['again', '--chart-format', 'csv', '--chart-format', 'svg'],
	]) {
		const {stderr, exitCode} = await replicast([...run, '--charts', folder!, ...formats], {cwd});
		t.is(exitCode, 0, stderr);
		t.deepEqual(
			(await readdir(join(cwd, folder!, 'small'))).sort(),
			names.flatMap(name => [`${name}.csv`, `${name}.svg`]),
		);
	}
});

for (const [words, message] of [
	[['--charts', 'x', '--chart-format', 'gif'], /: Expected --chart-format to be some of svg, png, csv, got "gif"/],
	[['--charts', 'x', '--chart-format', ''], /: Expected --chart-format to be some of svg, png, csv, got ""/],
	[['--chart-format', 'svg'], /^Expected --charts with a folder beside --chart-format, got --chart-format alone\n$/],
	[['--charts', '/proc/nowhere'], /\/proc/],
] as const) {
	test(`${words.join(' ')} is refused before anything is simulated`, async t => {
		const cwd = await temporaryFolder();
		const {stderr, exitCode} = await replicast([...run, ...words], {cwd});
		t.is(exitCode, 2, stderr);
		t.regex(stderr, message);
		t.is(stderr.split('\n').length, 2);
		t.false((await readdir(cwd)).includes('x'));
	});
}
