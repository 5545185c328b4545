import {join} from 'node:path';
import test from 'ava';
import {transformTrace} from '../../../src/experiment/transform-trace.ts';
import {TraceTransform} from '../../../src/experiment/workload-schema.ts';
import {traceStatistics} from '../../../src/statistics/trace-statistics.ts';
import {readTrace, readTracePart} from '../../../src/store/traces/read-trace.ts';
import {inFolder} from '../scratch.ts';

const read = async (text: string, unit?: 'ms') =>
	inFolder({trace: text}, async folder => readTrace(join(folder, 'trace'), {unit}));
const lines = (rows: readonly object[]) => rows.map(row => `${JSON.stringify(row)}\n`).join('');
const mooncake = (rows: readonly (readonly [at: number, prompt: number, ids: readonly number[]])[]) =>
	lines(rows.map(([timestamp, input_length, hash_ids]) => ({timestamp, input_length, output_length: 10, hash_ids})));

const three = mooncake([
	[0, 1200, [5, 6, 7]],
	[9000, 1024, [5, 8]],
	[20_000, 1100, [5, 8, 9]],
]);

test('the blocks of 512 tokens that hash_ids name are read, a block the same only where those before it are', async t => {
	const {columns, malformed} = await read(
		mooncake([
			[0, 1200, [5, 6, 7]],
			[9000, 1024, [5, 8]],
			[20_000, 1100, [9, 8]],
		]),
		'ms',
	);
	t.is(malformed.count, 0);
	const {starts, ends, streams} = columns.prefixes!;
	t.deepEqual(starts, [0, 3, 5, 7]);
	t.deepEqual(ends, [512, 1024, 1200, 512, 1024, 512, 1024]);
	t.is(streams[0], streams[3]);
	t.is(new Set(streams).size, 6, 'block 8 behind another beginning is another one');
});

test('inspect counts the blocks and tokens that an earlier prompt began with', async t => {
	const {prefixes} = traceStatistics((await read(three, 'ms')).columns);
	t.deepEqual(prefixes, {blocks: 8, repeatedBlocks: 3, repeatedTokens: (512 + 1024) / 3324});
});

test('rows out of order keep their beginnings', async t => {
	const [first, ...others] = three.trimEnd().split('\n');
	const inOrder = (await read(three, 'ms')).columns.prefixes!;
	const {columns} = await read(`${[...others, first].join('\n')}\n`, 'ms');
	t.deepEqual(columns.prefixes!.ends, inOrder.ends);
	const same = ({streams}: typeof inOrder) => streams.map(stream => streams.indexOf(stream));
	t.deepEqual(same(columns.prefixes!), same(inOrder));
});

test('a part of a trace, scaled and cut, keeps its beginnings within its prompts', async t => {
	const transform = TraceTransform.parse({from: '5s', tokenScale: 0.5, maxPromptTokens: 520});
	const {columns} = await inFolder({trace: three}, async folder =>
		readTracePart(join(folder, 'trace'), {unit: 'ms'}, transform),
	);
	const whole = {...transform, from: 0};
	const {prefixes, promptTokens} = transformTrace(columns, whole);
	t.deepEqual(promptTokens, [512, 520]);
	t.deepEqual(prefixes!.ends, [256, 512, 256, 512, 520]);
	t.deepEqual(prefixes!.streams.slice(0, 2), prefixes!.streams.slice(2, 4));
});

test('Bailian’s blocks have 16 tokens', async t => {
	const rows = [
		{chat_id: 1, parent_chat_id: -1, timestamp: 1, input_length: 40, output_length: 9, hash_ids: [1, 2, 3]},
		{chat_id: 2, parent_chat_id: -1, timestamp: 2.5, input_length: 20, output_length: 9, hash_ids: [1, 2]},
	];
	const {columns} = await read(lines(rows));
	t.deepEqual(columns.prefixes!.ends, [16, 32, 40, 16, 20]);
});

test('a table has them in a cell, and priorities', async t => {
	const {columns} = await read(
		'timestamp_s,prompt_tokens,output_tokens,priority,hash_ids\n0,600,5,2,1 2\n1,600,5,-1,"[1|3]"\n2,50,5,,\n',
	);
	t.deepEqual([...columns.priority!], [2, -1, 0]);
	t.deepEqual(columns.prefixes!.ends, [512, 600, 512, 600]);
	t.deepEqual(columns.prefixes!.starts, [0, 2, 4, 4]);
});

test('shared_prefix_tokens are common to all, or to an earlier request and this one', async t => {
	const common = await read('at_s,prompt_tokens,output_tokens,shared_prefix_tokens\n0,90,5,64\n1,80,5,32\n2,70,5,0\n');
	t.deepEqual(common.columns.prefixes, {starts: [0, 1, 2, 2], ends: [64, 32], streams: [0, 0]});
	const rows = '0,90,5,0,\n1,80,5,48,0\n2,70,5,64,1\n3,70,5,16,1\n';
	const chained = await read(`at_s,prompt_tokens,output_tokens,shared_prefix_tokens,shared_with_request\n${rows}`);
	t.deepEqual(chained.columns.prefixes, {
		starts: [0, 1, 3, 6, 8],
		ends: [95, 48, 85, 48, 64, 75, 16, 75],
		streams: [1, 1, 2, 1, 2, 3, 1, 4],
	});
});

test('ids that are none, of far too many blocks, or a prefix longer than its prompt are faults', async t => {
	const faults = async (text: string) =>
		(await read(text, text.startsWith('{') ? 'ms' : undefined)).malformed.first.map(({fault}) => fault);
	const plain = mooncake([[0, 10, [1]]]);
	t.deepEqual(await faults(plain + mooncake([[9000, 600, ['x' as unknown as number]]])), ['hash_ids']);
	const many = Array.from({length: 38}, (_, id) => id);
	t.deepEqual(await faults(plain + mooncake([[9000, 600, many]])), [
		'hash_ids, 38 blocks of 512 tokens for 600 tokens',
	]);
	t.deepEqual(await faults('at_s,prompt_tokens,output_tokens,shared_prefix_tokens\n0,9,5,10\n1,9,9,9\n'), [
		'shared_prefix_tokens',
	]);
	t.deepEqual(await faults('at_s,prompt_tokens,output_tokens,priority\n0,9,5,high\n1,9,9,9\n'), ['priority']);
});
