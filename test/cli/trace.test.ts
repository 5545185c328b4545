import {existsSync} from 'node:fs';
import {readdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import process from 'node:process';
import {setTimeout as delay} from 'node:timers/promises';
import test from 'ava';
import {removeTemporaryFolders, replicast, startReplicast, temporaryFolder, writeSmall} from './run-command.ts';

test.after.always(removeTemporaryFolders);

test('a trace is generated, inspected and simulated', async t => {
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
	t.regex(report.stdout, /^trace\.csv: a plain trace\n[\d,]+ requests in (?:20|19) min/);
	t.regex(report.stdout, /Interarrival times: mean 1\d\d ms, coefficient of variation 1\.\d+/);
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

const bailian = [
	{chat_id: 7, parent_chat_id: -1, timestamp: 12.5, input_length: 410, output_length: 96, type: 'text', turn: 1},
	{chat_id: 8, parent_chat_id: 7, timestamp: 312.25, input_length: 620, output_length: 64, type: 'text', turn: 2},
	{chat_id: 9, parent_chat_id: -1, timestamp: 3612.5, input_length: 90, output_length: 200, type: 'search', turn: 1},
]
	.map(row => `${JSON.stringify(row)}\n`)
	.join('');

test('an hour of a Bailian trace is an hour', async t => {
	const cwd = await temporaryFolder();
	await writeFile(join(cwd, 'b.jsonl'), bailian);
	const {stdout, exitCode} = await replicast(['trace', 'inspect', 'b.jsonl'], {cwd});
	t.is(exitCode, 0);
	t.regex(
		stdout,
		/^b\.jsonl: a Qwen-Bailian trace\n3 requests in 1 h.*\n[\s\S]*\n- 1 h, .* \(times in seconds, as a Qwen-Bailian trace has them\)\n/,
	);
	const json = await replicast(['trace', 'inspect', 'b.jsonl', '--json'], {cwd});
	t.like(JSON.parse(json.stdout), {format: 'bailian', unit: 's', statistics: {durationSeconds: 3600}});
});

test('times that fit two readings are asked for; --unit and workload.arrivals.unit answer', async t => {
	const cwd = await temporaryFolder();
	await writeFile(join(cwd, 'b.jsonl'), bailian.replaceAll(/"(parent_)?chat_id":-?\d+,/g, ''));
	const asked = await replicast(['trace', 'inspect', 'b.jsonl'], {cwd});
	t.deepEqual([asked.exitCode, asked.stdout], [2, '']);
	t.regex(
		asked.stderr,
		/^Expected b\.jsonl to be a trace, got timestamp fits milliseconds \(.*\) or seconds \(.*\): say which [^\n]*\n$/,
	);
	const told = await replicast(['trace', 'inspect', 'b.jsonl', '--unit', 's'], {cwd});
	t.regex(told.stdout, /\n- 1 h, .* \(times in seconds, as --unit says\)\n/);

	await writeSmall(join(cwd, 'mine.yaml'), text =>
		text.replace(/^ {2}arrivals:[\s\S]*?(?=^ {2}\w|^\w)/m, '  arrivals: {process: trace, file: b.jsonl}\n'),
	);
	const run = await replicast(['run', 'mine.yaml', '--json'], {cwd});
	t.is(run.exitCode, 2);
	t.regex(
		run.stderr,
		/^mine\.yaml:\d+:\d+: Expected workload\.arrivals\.file to be the path of a trace, got b\.jsonl \(timestamp fits .*\n$/,
	);
	const words = ['run', 'mine.yaml', '--set', 'workload.arrivals.unit=s', '--replications', '1', '--json'];
	t.is((await replicast(words, {cwd})).exitCode, 0);
});

test('a file that would have to be waited for is refused', async t => {
	if (!existsSync('/proc/kmsg') || process.getuid?.() !== 0) {
		t.pass('only root reads /proc/kmsg');
		return;
	}

	for (const words of [
		['run', '/proc/kmsg'],
		['trace', 'inspect', '/proc/kmsg'],
	]) {
		const {stderr, exitCode} = await replicast(words);
		t.is(exitCode, 2);
		t.regex(stderr, /^[^\n]*(permission|waited for)[^\n]*\n$/);
	}
});

const unheard = test.macro({
	async exec(t, words: readonly string[], after: number) {
		const cwd = await temporaryFolder();
		if (words[1] === 'inspect') {
			const rows = Array.from({length: 4_000_000}, (_, row) => `${4_000_000 - row},1,1\n`).join('');
			await writeFile(join(cwd, 'falling.csv'), `atSeconds,promptTokens,outputTokens\n${rows}`);
		}

		const running = startReplicast(words, {cwd});
		running.stdout?.resume();
		await delay(after);
		const before = performance.now();
		running.kill('SIGINT');
		const {exitCode, signal} = await running;
		const seconds = (performance.now() - before) / 1000;
		t.true(exitCode === 130 || signal === 'SIGINT');
		t.true(seconds < 6, `${seconds} s`); // it takes a tenth of a second where the machine does nothing else
		t.deepEqual(
			(await readdir(cwd)).filter(name => name.startsWith('.')),
			[],
			'nothing half-written is left',
		);
	},
	title: (_, words: readonly string[]) => `Ctrl-C ends trace ${words.slice(1).join(' ')} at once`,
});

test.serial(unheard, ['trace', 'generate', 't.csv', '--duration', '366d', '--rate', '0.56'], 3000);
test.serial(unheard, ['trace', 'generate', '--duration', '366d', '--rate', '0.56'], 3000);
test.serial(unheard, ['trace', 'inspect', 'falling.csv'], 3000);

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
test(refused, ['inspect', 'none.csv'], /^none\.csv does not exist\n$/);
test(
	refused,
	['inspect', '/etc/passwd'],
	/^Expected \/etc\/passwd to be a trace, got a first line that is not that of (?!.*root)/,
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
	/^replicast trace: Expected --like to be one of azure-conversation, azure-code, got "mine"/,
);
