import {createHash} from 'node:crypto';
import {existsSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {malformedWords} from '../../src/experiment/transform-trace.ts';
import {type TimeUnit, type TraceFormat, traceFormats} from '../../src/experiment/workload-schema.ts';
import {traceStatistics} from '../../src/statistics/trace-statistics.ts';
import {readExperiment} from '../../src/store/experiments/read-experiment.ts';
import {readTrace} from '../../src/store/traces/read-trace.ts';
import {traceText} from '../../src/store/traces/write-trace.ts';
import {faultsOf, inFolder, sound} from './scratch.ts';

// Made up, in the forms in which the traces are published.
const azure = `TIMESTAMP,ContextTokens,GeneratedTokens
2023-11-16 18:15:46.6805900,374,44
2023-11-16 18:15:50.9951690,396,109
2023-11-16 18:15:51.2224670,879,55
2023-11-16 18:15:48.0000000,91,16
`;
const azure2024 = `TIMESTAMP,ContextTokens,GeneratedTokens
2024-05-10 00:00:00.009930+00:00,2162,5
2024-05-10 00:00:01+00:00,2399,6
`;
const burstgpt = `Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type
5,ChatGPT,472,18,490,Conversation log
45,ChatGPT,1087,230,1317,Conversation log
118,GPT-4,417,0,417,API log
120,GPT-4,1360,308,1668,API log
`;
const burstgptSessions = `Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens,Total tokens,Log Type
19440110.0,1722ac82,43,GPT-4,906,446,1352,Conversation log
19440161.5,d5983bf9,2,ChatGPT,36,29,65,Conversation log
`;
const mooncake = `{"timestamp": 27482, "input_length": 6955, "output_length": 52, "hash_ids": [46, 47, 48]}
{"timestamp": 30535, "input_length": 6472, "output_length": 26, "hash_ids": [46, 60]}
`;
const bailian = `{"chat_id": 159, "parent_chat_id": -1, "timestamp": 61.114, "input_length": 521, "output_length": 132, "type": "text", "turn": 1, "hash_ids": [1089, 1090]}
{"chat_id": 160, "parent_chat_id": -1, "timestamp": 62.5, "input_length": 90, "output_length": 20, "type": "search", "turn": 1, "hash_ids": [7]}
{"chat_id": 161, "parent_chat_id": 159, "timestamp": 3661.114, "input_length": 700, "output_length": 80, "type": "text", "turn": 2, "hash_ids": [1089, 1090, 1091]}
`;
const plain = 'atSeconds,promptTokens,outputTokens\r\n0.5,10,4\r\n1.5,20,5\r\n2.5,30,6\r\n3.5,40,7\r\n';

const read = async (text: string | Uint8Array, format?: TraceFormat) =>
	inFolder({'trace.csv': text}, async folder => readTrace(join(folder, 'trace.csv'), {format}));

const reads = test.macro({
	async exec(t, text: string, format: TraceFormat, columns: readonly [number[], number[], number[]]) {
		for (const named of [undefined, format]) {
			const trace = await read(text, named);
			t.is(trace.format, format);
			t.deepEqual(
				[[...trace.columns.at], [...trace.columns.promptTokens], [...trace.columns.outputTokens]],
				[...columns],
			);
			t.is(trace.malformed.count, 0);
			t.is(trace.sha256, createHash('sha256').update(text).digest('hex'));
		}
	},
	title: (name, _text, format) => `${name ?? format}: seconds from the first request, in the order of time`,
});

test('azure, 2023', reads, azure, 'azure', [
	[0, 1.31941, 4.314579, 4.541877],
	[374, 91, 396, 879],
	[44, 16, 109, 55],
]);
test('azure, 2024', reads, azure2024, 'azure', [
	[0, 0.99007],
	[2162, 2399],
	[5, 6],
]);
test('burstgpt', reads, burstgpt, 'burstgpt', [
	[0, 40, 115],
	[472, 1087, 1360],
	[18, 230, 308],
]);
test('burstgpt with sessions', reads, burstgptSessions, 'burstgpt', [
	[0, 51.5],
	[906, 36],
	[446, 29],
]);
test('mooncake', reads, mooncake, 'mooncake', [
	[0, 3.053],
	[6955, 6472],
	[52, 26],
]);

test('bailian', reads, bailian, 'bailian', [
	[0, 1.386, 3600],
	[521, 90, 700],
	[132, 20, 80],
]);

test('the turns of a Bailian trace are conversations, chained by their parents', async t => {
	t.deepEqual([...(await read(bailian)).columns.conversation!], [0, 1, 0]);
	const cut = bailian.split('\n').slice(1).join('\n');
	t.deepEqual([...(await read(cut)).columns.conversation!], [0, 1], 'a parent that is not there begins one');
	const {malformed} = await read(bailian.replace('"chat_id": 160', '"chat_id": "a"'));
	t.deepEqual(malformed, {count: 1, first: [{line: 2, fault: 'chat_id'}]});
});

const times = test.macro({
	async exec(t, text: string, expected: readonly number[], unit?: TimeUnit) {
		const {columns, malformed} = await inFolder({'trace.csv': text}, async folder =>
			readTrace(join(folder, 'trace.csv'), {unit}),
		);
		t.is(malformed.count, 0);
		t.deepEqual([...columns.at], [...expected]);
	},
	title: name => `times are taken for what they are: ${name}`,
});

const own = (header: string, ...cells: string[]) => `${header}\n${cells.map(cell => `${cell},5,6`).join('\n')}\n`;
const named = (time: string) => `${time},prompt_tokens,output_tokens`;

test('a unit in the name of the column', times, own(named('arrival_time_ms'), '100', '1600.5'), [0, 1.5005]);
test('another unit in the name', times, own(named('timestamp_us'), '100', '1500100'), [0, 1.5]);
test('seconds in the name', times, own(named('arrivalSeconds'), '100', '101.5'), [0, 1.5]);
test('a header in capitals', times, own('ARRIVAL_TIME_NS,INPUT_LENGTH,OUTPUT_LENGTH', '7', '1500000007'), [0, 1.5]);
test('seconds since 1970', times, own(named('timestamp'), '1715472000', '1715472001.5'), [0, 1.5]);
test('milliseconds since 1970', times, own(named('ts'), '1715472000000', '1715472001500'), [0, 1.5]);
test('microseconds since 1970', times, own(named('created_at'), '1715472000000000', '1715472001500000'), [0, 1.5]);
test('nanoseconds since 1970', times, own(named('time'), '1715472000000000000', '1715472001500000000'), [0, 1.5]);
test('text', times, own(named('time'), '2024-05-12T00:00:00Z', '2024-05-12 00:00:01.5Z'), [0, 1.5]);
test(
	'text with time zones',
	times,
	own(named('time'), '2024-05-12T02:00:00+02:00', '2024-05-11T19:00:01.5-0500', '2024-05-12T05:30:02+05:30'),
	[0, 1.5, 2],
);
test('numbers whose unit the user names', times, own(named('time'), '100', '1600'), [0, 1.5], 'ms');
test(
	'lines of JSON',
	times,
	'{"Arrival-Time-ms": 100, "prompt_tokens": 1, "output_tokens": 2}\n{"Arrival-Time-ms": 1600, "prompt_tokens": 1, "output_tokens": 2}\n',
	[0, 1.5],
);
test('quoted cells apart by semicolons', times, '"time_s";"isl";"osl"\n"1.5";3;4\n"2";3;4\n', [0, 0.5]);
test('falling times', times, own(named('time_s'), '9', '8', '2.5'), [0, 5.5, 6.5]);
test('a Mooncake trace in seconds', times, mooncake, [0, 3053], 's');

const twoReadings = test.macro({
	async exec(t, text: string, message: RegExp) {
		const error = await t.throwsAsync(read(text), {instanceOf: RangeError, message});
		t.regex(error.message, /: say which with workload\.arrivals\.unit, or --unit of trace inspect$/);
	},
	title: name => `times that fit two readings are refused, both named: ${name}`,
});

const likeMooncake = (...stamps: number[]) =>
	stamps.map(stamp => `{"timestamp": ${stamp}, "input_length": 10, "output_length": 4}\n`).join('');

test(
	'a Mooncake trace with parts of milliseconds',
	twoReadings,
	likeMooncake(12.5, 312.25, 3612.5),
	/^timestamp fits milliseconds \(unit ms: 0\.56 requests\/s over 3\.6s\) or seconds \(unit s: 0\.00056 requests\/s over 1h\)/,
);
test(
	'a Mooncake trace with thousands of requests a second',
	twoReadings,
	likeMooncake(...Array.from({length: 100_000}, (_, index) => index)),
	/^timestamp fits milliseconds \(unit ms: 1000 requests\/s over \d+s\) or seconds \(unit s: 1 requests\/s over 2h/,
);
test('a short Mooncake trace', twoReadings, likeMooncake(12, 312, 912, 3612), /unit ms: 0\.83 .* \(unit s: 0\.00083 /);
test(
	'a Mooncake trace in seconds since 1970',
	twoReadings,
	likeMooncake(1_715_472_000, 1_715_472_900),
	/^timestamp fits milliseconds .* or seconds/,
);
test(
	'a BurstGPT trace in milliseconds',
	twoReadings,
	burstgpt.replaceAll(/^(\d+),/gm, '$1000,'),
	/^Timestamp fits seconds \(unit s: 0\.000017 .*\) or milliseconds \(unit ms: 0\.017/,
);
test(
	'a table that does not say',
	twoReadings,
	own(named('arrival_time'), '0', '1500', '2500'),
	/^arrival_time fits seconds \(unit s: 0\.0008 .*\) or milliseconds \(unit ms: 0\.8 .*\) or microseconds/,
);

test('times of two kinds in one trace are malformed', async t => {
	const mixed = await read(own(named('time_s'), '1', '2024-05-12T00:00:00Z'));
	t.deepEqual(mixed.malformed, {count: 1, first: [{line: 3, fault: 'time_s'}]});
	const zones = await read(own(named('time'), '2024-05-12T00:00:00Z', '2024-05-12T00:00:00', '2024-02-30T00:00:00Z'));
	t.deepEqual(zones.malformed.first, [
		{line: 3, fault: 'time'},
		{line: 4, fault: 'time'},
	]);
});

test('a trace of a header alone has no requests', async t => {
	t.is((await read('TIMESTAMP,ContextTokens,GeneratedTokens\n')).columns.at.length, 0);
	t.is((await read(`${named('time')}\n`)).columns.at.length, 0);
});

test('a plain trace keeps its own zero', async t => {
	t.deepEqual([...(await read(plain)).columns.at], [0.5, 1.5, 2.5, 3.5]);
});

test('requests of BurstGPT that failed are counted and left out', async t => {
	t.is((await read(burstgpt)).failed, 1);
	t.is((await read(azure.replace(',44', ',0'))).failed, 0);
});

test('malformed rows are counted and named, without what stands in them', async t => {
	const {malformed, columns} = await read(`${plain}4.5,secret,7\n5.5,1\n\n-1,2,3\n1e3,2,3\n6,7,8`);
	t.is(
		malformedWords(malformed),
		'4 of its lines hold no request: 6 (promptTokens), 7 (2 cells, not 3), 9 (atSeconds), 10 (atSeconds)',
	);
	t.is(columns.at.at(-1), 6);
	const json = await read(`${mooncake}{"timestamp": 1}\n{"timestamp": -1, "input_length": 1}\n[\nnull\n`);
	t.is(
		malformedWords(json.malformed),
		'4 of its lines hold no request: 3 (input_length), 4 (timestamp), 5 (no JSON), 6 (timestamp)',
	);
	const many = await read(plain + 'x\n'.repeat(30));
	t.regex(malformedWords(many.malformed), /^30 of its lines hold no request: 6 \(1 cells, not 3\), .*15 \(.*\), …$/);
});

test('a line without end is malformed, and takes no memory', async t => {
	const {malformed, columns} = await read(`${plain}${'7'.repeat(5_000_000)}\n9,9,9\n`);
	t.deepEqual(malformed, {count: 1, first: [{line: 6, fault: 'too long'}]});
	t.is(columns.at.at(-1), 9);
});

test('another form than the one that is named, and no form at all, are refused', async t => {
	await t.throwsAsync(read(plain, 'azure'), {
		instanceOf: RangeError,
		message: 'a first line that is not that of an Azure LLM inference trace (TIMESTAMP,ContextTokens,GeneratedTokens)',
	});
	await t.throwsAsync(read('secret,b,c\n'), {message: /^a first line that is not that of an Azure(?!.*secret)/});
	await t.throwsAsync(read(''), {message: /^a first line that is not that of/});
	await t.throwsAsync(read(Uint8Array.of(0, 255, 254, 10, 1)), {message: /^a first line that is not that of/});
});

for (const format of traceFormats) {
	test(`what is written as ${format} is read again`, async t => {
		const rows = [
			{at: 0, promptTokens: 1, outputTokens: 2},
			{at: 0.123, promptTokens: 300, outputTokens: 9},
			{at: 86_400.999, promptTokens: 9_999_999, outputTokens: 7},
		];
		const {columns, malformed} = await read([...traceText(rows, format)].join(''), format);
		t.is(malformed.count, 0);
		t.deepEqual(
			rows,
			[...columns.at].map((at, row) => ({
				at,
				promptTokens: columns.promptTokens[row]!,
				outputTokens: columns.outputTokens[row]!,
			})),
		);
	});
}

const traced = sound.replace(
	/ {4}process: poisson\n {4}rate.*\n/,
	'    process: trace\n    file: trace.csv\n    transform: {to: 3s}\n',
);

test('an experiment plays a trace', async t => {
	await inFolder({'file.yaml': traced, 'trace.csv': plain}, async folder => {
		const {workload} = await readExperiment(join(folder, 'file.yaml'));
		t.like(workload, {loop: 'open', arrivals: {process: 'trace', at: [0.5, 1.5, 2.5]}});
		const named = await readExperiment(join(folder, 'file.yaml'), {set: ['workload.arrivals.format=replicast']});
		t.deepEqual(named.workload, workload);
	});
});

test('a trace that cannot be read is told at its name', async t => {
	const rule = 'file.yaml:7:11: Expected workload.arrivals.file to be the path of a trace, got trace.csv';
	t.deepEqual(await faultsOf(t, {'file.yaml': traced}), [`${rule} (no such file)`]);
	t.deepEqual(await faultsOf(t, {'file.yaml': traced, 'trace.csv': `${plain}x\n`}), [
		`${rule} (1 of its lines hold no request: 6 (1 cells, not 3))`,
	]);
	t.deepEqual(await faultsOf(t, {'file.yaml': traced.replace('{to: 3s}', '{from: 5s, to: 3s}'), 'trace.csv': plain}), [
		'file.yaml:8:31: Expected workload.arrivals.transform.to to be later than from, 5s, got "3s"',
	]);
	const unknown = traced.replace('    transform', '    format: csv\n    transform');
	t.deepEqual(await faultsOf(t, {'file.yaml': unknown, 'trace.csv': plain}), [
		'file.yaml:8:13: Expected workload.arrivals.format to be one of azure, burstgpt, bailian, mooncake, replicast, table, got "csv"',
	]);
});

test('a million rows are read in seconds', async t => {
	const rows = Array.from({length: 1_000_000}, (_, index) => ({
		at: index / 8,
		promptTokens: index % 4096,
		outputTokens: index % 511,
	}));
	const text = [...traceText(rows, 'azure')].join('');
	const start = performance.now();
	const {columns} = await read(text);
	const seconds = (performance.now() - start) / 1000;
	t.is(columns.at.length, 1_000_000);
	t.log(`${seconds.toFixed(1)} s`);
	t.true(seconds < 10, `${seconds} s`);
});

// Where the published traces were downloaded to.
const folderOfTraces = process.env['REPLICAST_TRACES'] ?? 'traces';

const published = test.macro({
	async exec(t, file: string, expected: {requests: number; rate: number; cv: number; prompt: number; output: number}) {
		const path = join(folderOfTraces, file);
		if (!existsSync(path)) {
			t.pass(`${file} is not here; the form has its own tests`);
			return;
		}

		const {columns, malformed} = await readTrace(path);
		const {requests, ratePerSecond, interarrival, promptTokens, outputTokens} = traceStatistics(columns);
		t.is(malformed.count, 0);
		t.is(requests, expected.requests);
		t.is(ratePerSecond!.toFixed(2), expected.rate.toFixed(2));
		t.is(interarrival!.cv.toPrecision(3), expected.cv.toPrecision(3));
		t.is(Math.round(promptTokens.mean), expected.prompt);
		t.is(outputTokens.mean.toFixed(1), expected.output.toFixed(1));
	},
	title: (_, file) => `${file} is read whole`,
});

test(published, 'AzureLLMInferenceTrace_conv.csv', {
	requests: 19_366,
	rate: 5.53,
	cv: 1.09,
	prompt: 1155,
	output: 211.1,
});
test(published, 'AzureLLMInferenceTrace_code.csv', {requests: 8819, rate: 2.57, cv: 13.2, prompt: 2048, output: 27.9});
