import {existsSync} from 'node:fs';
import {readdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {type GenerateTraceOptions, generateTrace, inspectTrace, type Progress, UserError} from '../../src/index.ts';
import {generateTraceText} from '../../src/library/trace.ts';
import {removeTemporaryFolders, temporaryFolder} from '../cli/run-command.ts';

test.after.always(removeTemporaryFolders);

const long = {like: 'azure-code', duration: '10h', rate: 10} as const;

async function textOf(options: GenerateTraceOptions): Promise<string> {
	let text = '';
	for await (const piece of generateTraceText(options)) {
		text += piece;
	}

	return text;
}

test('a generated trace is inspected, and both report how far they are', async t => {
	const file = join(await temporaryFolder(), 'trace.csv');
	const generating: Progress[] = [];
	await generateTrace(file, {...long, onProgress: progress => generating.push(progress)});
	t.like(generating[0], {doing: 'Generating', done: 0, total: 36_000, unit: 'seconds'});
	t.deepEqual(generating.at(-1), {doing: 'Generating', done: 36_000, total: 36_000, unit: 'seconds', isOver: true});
	const times = generating.map(({done}) => done!);
	t.true(times.length > 10, `${times}`);
	t.deepEqual(
		times,
		times.toSorted((a, b) => a - b),
	);

	const reading: Progress[] = [];
	const {format, malformed, statistics} = await inspectTrace(file, {onProgress: progress => reading.push(progress)});
	t.deepEqual([format, malformed.count], ['replicast', 0]);
	t.is(statistics!.requests, (await readFile(file, 'utf8')).trim().split('\n').length - 1);
	t.true(Math.abs(statistics!.ratePerSecond! / long.rate - 1) < 0.1, String(statistics!.ratePerSecond));
	const [, first] = reading;
	t.true(first!.done! > 0 && first!.done! < 100, 'a file of some pieces is reported before its end');
	t.like(reading.at(-1), {done: 100, total: 100, isOver: true});
});

test('the text of a trace is what its file holds, and the same for the same seed', async t => {
	const file = join(await temporaryFolder(), 'trace.csv');
	const options = {duration: '10m', seed: 7};
	await generateTrace(file, options);
	const text = await textOf(options);
	t.is(text, await readFile(file, 'utf8'));
	t.not(await textOf({...options, seed: 8}), text);
});

test('an aborted generation rejects with the reason of its signal and leaves no file', async t => {
	const folder = await temporaryFolder();
	const file = join(folder, 'trace.csv');
	const reason = new Error('enough');
	const controller = new AbortController();
	const onProgress = ({done}: Progress) => done! > 18_000 && controller.abort(reason);
	await t.throwsAsync(generateTrace(file, {...long, signal: controller.signal, onProgress}), {is: reason});
	t.deepEqual(await readdir(folder), []);
	await t.throwsAsync(generateTrace(file, {signal: controller.signal}), {is: reason});
	t.false(existsSync(file));
});

test('an aborted inspection rejects with the reason of its signal, in the middle of the file too', async t => {
	const file = join(await temporaryFolder(), 'trace.csv');
	await generateTrace(file, long);
	const reason = new Error('enough');
	const controller = new AbortController();
	const reading: number[] = [];
	const onProgress = ({done}: Progress) => {
		reading.push(done!);
		if (done! > 0) {
			controller.abort(reason);
		}
	};
	await t.throwsAsync(inspectTrace(file, {signal: controller.signal, onProgress}), {is: reason});
	t.true(reading.at(-1)! < 100, `${reading}`);
	await t.throwsAsync(inspectTrace('none.csv', {signal: controller.signal}), {is: reason});
});

test('options of a trace that are out of bounds are refused', async t => {
	const file = join(await temporaryFolder(), 'trace.csv');
	await t.throwsAsync(generateTrace(file, {rate: 0}), {instanceOf: RangeError, message: /^Expected rate to be/});
	await t.throwsAsync(generateTrace(file, {seed: 0.5}), {instanceOf: RangeError, message: /^Expected seed to be/});
	await t.throwsAsync(generateTrace(file, {duration: 'long'}), {instanceOf: UserError, message: /got "long"$/});
	await t.throwsAsync(inspectTrace(file), {instanceOf: UserError, message: /trace\.csv does not exist$/});
});
