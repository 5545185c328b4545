import {createWriteStream} from 'node:fs';
import {join} from 'node:path';
import {finished} from 'node:stream/promises';
import test from 'ava';
import fc from 'fast-check';
import {scaleTrace, transformTrace} from '../../src/experiment/transform-trace.ts';
import {TraceTransform} from '../../src/experiment/workload-schema.ts';
import {readTrace, readTracePart} from '../../src/store/traces/read-trace.ts';
import {orderByTime} from '../../src/store/traces/trace-rows.ts';
import {inFolder} from './scratch.ts';

test('the part that is read is what the transform leaves of the whole, in any order of rows', async t => {
	const rows = fc.array(fc.tuple(fc.nat(40), fc.integer({min: 1, max: 9})), {minLength: 1, maxLength: 60});
	const transforms = fc.record({
		from: fc.constantFrom('0s', '4s'),
		to: fc.constantFrom('9s', '25s'),
		rateScale: fc.constantFrom(1, 0.5, 0.3),
		seed: fc.constantFrom(undefined, 7),
		timeScale: fc.constantFrom(1, 2),
	});
	await fc.assert(
		fc.asyncProperty(rows, transforms, fc.boolean(), async (given, {seed, ...keys}, isSorted) => {
			const transform = TraceTransform.parse({...keys, ...(seed !== undefined && {seed})});
			const ordered = isSorted ? [...given].sort(([a], [b]) => a - b) : given;
			const text = ordered.map(([at, tokens]) => `${at + 100},${tokens},2\n`).join('');
			await inFolder({'trace.csv': `time_s,prompt_tokens,output_tokens\n${text}`}, async folder => {
				const path = join(folder, 'trace.csv');
				const whole = await outcome(async () => transformTrace((await readTrace(path)).columns, transform));
				const part = await outcome(async () =>
					scaleTrace((await readTracePart(path, {}, transform)).columns, transform),
				);
				t.deepEqual(part, whole);
			});
		}),
		{numRuns: 100, seed: 3},
	);
});

async function outcome(work: () => Promise<unknown>): Promise<unknown> {
	try {
		return await work();
	} catch (error) {
		return (error as Error).message;
	}
}

async function writeRows(path: string, times: Iterable<number>): Promise<void> {
	const file = createWriteStream(path);
	file.write('time_s,prompt_tokens,output_tokens\n');
	let text = '';
	for (const time of times) {
		text += `${time},1000,1000\n`;
		if (text.length > 1e6) {
			file.write(text);
			text = '';
		}
	}

	file.end(text);
	await finished(file);
}

function* seconds(from: number, to: number) {
	for (let second = from; second < to; second++) {
		yield second;
	}
}

test('a long trace is read to the end of the part, unless it is put together of two', async t => {
	const transform = TraceTransform.parse({to: '1m'});
	await inFolder({}, async folder => {
		const sorted = join(folder, 'sorted.csv');
		await writeRows(sorted, seconds(1_000_000, 2_500_000));
		const start = performance.now();
		const part = await readTracePart(sorted, {}, transform);
		t.log(`${(performance.now() - start).toFixed()} ms`);
		t.is(part.columns.at.length, 60);

		const two = join(folder, 'two.csv');
		await writeRows(
			two,
			(function* () {
				yield* seconds(1_000_000, 2_000_000);
				yield* seconds(1_000_000, 1_500_000);
			})(),
		);
		t.is((await readTracePart(two, {}, transform)).columns.at.length, 120);
	});
});

test('rows are put in the order of time, those of equal times as they came', async t => {
	const at = Float64Array.from({length: 300_000}, (_, row) => (row * 7919) % 1000);
	const expected = [...at.keys()].sort((a, b) => at[a]! - at[b]! || a - b);
	t.deepEqual([...(await orderByTime(at))], expected);
});
