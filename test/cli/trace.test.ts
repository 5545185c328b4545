import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {removeTemporaryFolders, replicast, temporaryFolder, writeSmall} from './run-command.ts';

test.after.always(removeTemporaryFolders);

test('a trace is generated, inspected and played', async t => {
	const cwd = await temporaryFolder();
	const generated = await replicast(
		[
			'trace',
			'generate',
			'trace.csv',
			'--like',
			'azure-code',
			'--duration',
			'10m',
			'--rate',
			'0.5',
			'--format',
			'azure',
		],
		{cwd},
	);
	t.deepEqual([generated.exitCode, generated.stdout], [0, '']);

	const inspected = await replicast(['trace', 'inspect', 'trace.csv', '--json'], {cwd});
	t.is(inspected.exitCode, 0, inspected.stderr);
	const {format, malformed, statistics} = JSON.parse(inspected.stdout);
	t.is(format, 'azure');
	t.deepEqual(malformed, {count: 0, first: []});
	t.true(statistics.requests > 150 && statistics.requests < 450, String(statistics.requests));
	t.is((await readFile(join(cwd, 'trace.csv'), 'utf8')).trim().split('\n').length, statistics.requests + 1);

	await writeSmall(join(cwd, 'mine.yaml'), text =>
		text.replace(
			/^ {2}arrivals:[\s\S]*?(?=^ {2}\w|^\w)/m,
			'  arrivals: {process: trace, file: trace.csv, transform: {tokenScale: 0.01}}\n',
		),
	);
	const run = await replicast(['run', 'mine.yaml', '--replications', '1', '--json'], {cwd});
	t.is(run.exitCode, 0, run.stderr);
	t.true(JSON.parse(run.stdout)[0].dynamic.requests.arrived > 0);
});

test('a report is for people', async t => {
	const cwd = await temporaryFolder();
	const {stdout} = await replicast(['trace', 'generate', '--duration', '20m', '--seed', '5'], {cwd});
	await writeFile(join(cwd, 'trace.csv'), stdout);
	const report = await replicast(['trace', 'inspect', 'trace.csv'], {cwd});
	t.is(report.exitCode, 0, report.stderr);
	t.regex(report.stdout, /^trace\.csv: a plain trace, [\d,]+ requests\n20 min|19 min/);
	t.regex(report.stdout, /Interarrival times: mean 0\.1\d+ s, coefficient of variation 1\.\d+/);
	t.regex(report.stdout, /prompt .*output /s);
});

test('lines that hold no request are named, and the rest is told', async t => {
	const cwd = await temporaryFolder();
	await writeFile(join(cwd, 'trace.csv'), 'atSeconds,promptTokens,outputTokens\n1,2,3\nnonsense\n2,3,4\n');
	const {stdout, stderr, exitCode} = await replicast(['trace', 'inspect', 'trace.csv', '--json'], {cwd});
	t.is(exitCode, 2);
	t.is(stderr, 'trace.csv: 1 of its lines hold no request: 3 (1 cells, not 3)\n');
	t.is(JSON.parse(stdout).statistics.requests, 2);
});

const refused = test.macro({
	async exec(t, words: readonly string[], message: RegExp) {
		const {stdout, stderr, exitCode} = await replicast(['trace', ...words], {cwd: await temporaryFolder()});
		t.deepEqual([exitCode, stdout], [2, '']);
		t.regex(stderr, message);
		t.notRegex(stderr, /\n\s+at /);
	},
	title: (_, words: readonly string[]) => `trace ${words.join(' ')} is refused`,
});

test(refused, ['inspect'], /^Expected inspect to be followed by the file of a trace, got nothing\n$/);
test(refused, ['inspect', 'none.csv'], /^Expected none\.csv to be a trace, got no such file\n$/);
test(
	refused,
	['inspect', '/etc/passwd'],
	/^Expected \/etc\/passwd to be a trace, got its first line is not that of (?!.*root)/,
);
test(
	refused,
	['generate', '--duration', 'long'],
	/^Expected --duration to be longer than 0s and at most 366d, got "long"\n$/,
);
test(refused, ['generate', '--rate', '-1'], /^Expected --rate to be a number above 0 and at most 1000000, got -1\n$/);
test(
	refused,
	['generate', '--duration', '366d', '--rate', '1000'],
	/^Expected at most 18000000 requests, got about 3\.2e\+10\n$/,
);
test(
	refused,
	['generate', '--like', 'mine'],
	/^replicast trace: Expected like to be one of "azure-conversation", "azure-code", got "mine"/,
);
