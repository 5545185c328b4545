import {cp, mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import anyTest, {type ExecutionContext} from 'ava';
import {dataPage, dictionaryPage, parquetFile, plainDoubles, plainTexts} from '../store/parquet-bytes.ts';
import {workplace} from './measured-workplace.ts';
import {startReplicast, temporaryFolder} from './run-command.ts';

/* A signal ends a command soon, also in the middle of a loop that never waits. */

const test = anyTest.serial;
const soonMs = 5000; // 2 s, and what a busy machine adds

async function endsSoon(
	t: ExecutionContext,
	words: readonly string[],
	{cwd, signal, afterMs, isBegun}: {cwd: string; signal: 'SIGINT' | 'SIGTERM'; afterMs: number; isBegun?: RegExp},
): Promise<void> {
	const running = startReplicast([...words], {cwd});
	let told = '';
	running.stderr?.on('data', (text: unknown) => {
		told += String(text);
	});
	const start = performance.now();
	while (isBegun !== undefined && !isBegun.test(told) && performance.now() - start < 60_000) {
		await delay(100);
	}

	await delay(afterMs);
	const sent = performance.now();
	running.kill(signal);
	const {exitCode, signal: by} = await running;
	t.true(performance.now() - sent < soonMs);
	t.true(by === signal || exitCode === (signal === 'SIGINT' ? 130 : 143), `${by} ${exitCode}`);
}

/** As many events of one pod as a record may have, in some hundred bytes. */
async function longRecord(): Promise<string> {
	const {cwd} = await workplace({repeats: 1});
	const rows = 2_000_000;
	const texts = (name: string, value: string) => ({
		name,
		type: 'STRING' as const,
		pages: [dictionaryPage(1, plainTexts(value)), dataPage(rows, 8, Uint8Array.of(0))],
	});
	const seconds = {
		name: 'seconds',
		type: 'DOUBLE' as const,
		pages: [dictionaryPage(1, plainDoubles(1)), dataPage(rows, 8, Uint8Array.of(0))],
	};
	const pods = parquetFile([texts('pod', 'llm-0'), texts('event', 'scheduled'), seconds], rows);
	await writeFile(join(cwd, 'reports', 'measured', 'small', 'dynamic-0', 'pods.parquet'), pods);
	return cwd;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
	test(`${signal} ends a comparison in the middle of a long record`, async t => {
		const cwd = await longRecord();
		await endsSoon(t, ['compare', 'small.yaml'], {cwd, signal, afterMs: 1500, isBegun: /Simulating/});
	});

	test(`${signal} ends the reading of a long record`, async t => {
		const cwd = await longRecord();
		await endsSoon(t, ['compare', 'small.yaml'], {cwd, signal, afterMs: 700});
	});

	for (const words of [
		['calibrate', '--from', 'reports/measured/small/dynamic-0', '--out', 'made'],
		['explore', 'small.yaml', '--record', 'reports/measured/small/dynamic-0', '--out', 'page.html'],
	]) {
		test(`${signal} ends ${words[0]} while it reads a long record`, async t => {
			const cwd = await longRecord();
			await endsSoon(t, words, {cwd, signal, afterMs: 500});
		});
	}

	test(`${signal} ends an import of many rows`, async t => {
		const cwd = await temporaryFolder();
		const folder = join(cwd, 'recording');
		await mkdir(folder);
		const {cwd: other} = await workplace({repeats: 1});
		await cp(join(other, 'reports', 'measured', 'small', 'dynamic-0', 'record.json'), join(folder, 'record.json'));
		const head = 'scheduledSeconds,conversation,promptTokens,outputTokens,outcome\n';
		const rows = Array.from({length: 1_500_000}, (_, row) => `${1_500_000 - row},0,8,8,failed`);
		await writeFile(join(folder, 'requests.csv'), head + rows.join('\n'));
		await endsSoon(t, ['records', 'import', 'recording', '--out', 'made'], {cwd, signal, afterMs: 2000});
	});
}
