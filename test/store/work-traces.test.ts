import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import test from 'ava';
import {TraceTransform} from '../../src/experiment/workload-schema.ts';
import {decodeExplored, encodeExplored} from '../../src/explorer/explored.ts';
import {exploredTrace} from '../../src/library/explore.ts';
import {inspectTrace} from '../../src/library/trace.ts';
import {traceJson, traceReport} from '../../src/report/trace-report.ts';
import {readExperimentSource} from '../../src/store/experiments/read-experiment.ts';
import {readTrace, readTracePart} from '../../src/store/traces/read-trace.ts';

const folder = mkdtempSync(join(tmpdir(), 'replicast-work-'));
test.after.always(() => rmSync(folder, {recursive: true}));

let files = 0;
const write = (name: string, text: string | Uint8Array): string => {
	const path = join(folder, `${files++}-${name}`);
	writeFileSync(path, text);
	return path;
};

const workOf = async (name: string, text: string | Uint8Array) => {
	const {columns, format, malformed} = await readTrace(write(name, text));
	const {at, work, promptTokens, outputTokens} = columns;
	return {
		...{format, at: [...at], kind: work?.kind, seconds: [...(work?.seconds ?? [])], malformed: malformed.count},
		tokens: promptTokens.length + outputTokens.length,
	};
};

const plain = {format: 'replicast', at: [0.5, 2, 3.25], kind: 'serviceSeconds', malformed: 0, tokens: 0};
const csv = 'atSeconds,serviceSeconds\n0.5,0.25\n2,1\n3.25,1e-3\n';

test('a trace with seconds in service keeps its own time 0', async t => {
	t.deepEqual(await workOf('a.csv', csv), {...plain, seconds: [0.25, 1, 0.001]} as never);
});

test('a trace that gzip compressed is read as it is, by its bytes and not by its name', async t => {
	for (const name of ['a.csv.gz', 'a.csv']) {
		t.deepEqual((await workOf(name, gzipSync(csv))).seconds, [0.25, 1, 0.001]);
	}

	const cut = gzipSync(csv.repeat(50)).subarray(0, 60);
	await t.throwsAsync(readTrace(write('cut.csv.gz', cut)), {message: /no sound gzip file/});
});

test('a token trace that gzip compressed is read too', async t => {
	const {columns} = await readTrace(write('t.csv.gz', gzipSync('atSeconds,promptTokens,outputTokens\n1,2,3\n')));
	t.deepEqual([...columns.promptTokens, ...columns.outputTokens], [2, 3]);
	t.is(columns.work, undefined);
});

test('CPU time in milliseconds, other separators, other names and JSON', async t => {
	const cpu = {kind: 'cpuSeconds', seconds: [0.25, 1.5], malformed: 0};
	const like = async (text: string) => {
		const {kind, seconds, malformed} = await workOf('x', text);
		return {kind, seconds, malformed};
	};
	t.deepEqual(await like('arrival_s;cpu_time_ms\n1;250\n2;1500\n'), cpu as never);
	t.deepEqual(await like('{"ts_s":1,"cpuSeconds":0.25}\n{"ts_s":2,"cpuSeconds":1.5}\n'), cpu as never);
	t.deepEqual(await like('at_s,user,CPU_seconds\n1,a,0.25\n2,b,1.5\n'), cpu as never);
});

test('a row without its work, or with work that is none, is named', async t => {
	const {malformed} = await readTrace(write('bad.csv', 'atSeconds,cpuSeconds\n1,\n2,-1\n3,NaN\n4,1e9\n5,1\n6\n'));
	t.deepEqual(
		malformed.first.map(({line, fault}) => [line, fault]),
		[...[2, 3, 4, 5].map(line => [line, 'cpuSeconds']), [7, '1 cells, not 2']] as never,
	);
});

test('two kinds of work, or work beside tokens, are refused', async t => {
	for (const header of [
		'atSeconds,serviceSeconds,cpuSeconds',
		'atSeconds,promptTokens,outputTokens,serviceSeconds',
		'time_s,cpu_ms,output_tokens',
	]) {
		await t.throwsAsync(readTrace(write('both.csv', `${header}\n1,2,3,4\n`)), {
			message: /it has both .*only one of them/,
		});
	}
});

test('columns that only look like work are none', async t => {
	await t.throwsAsync(readTrace(write('n.csv', 'atSeconds,services\n1,2\n')), {
		message: /a first line that is not that of/,
	});
	const {columns} = await readTrace(write('c.csv', 'time_s,cpus,prompt_tokens,output_tokens\n1,2,3,4\n'));
	t.is(columns.work, undefined);
});

test('a transform scales and cuts a trace of work, in the order of time', async t => {
	const path = write('b.csv', 'atSeconds,cpuSeconds\n30,3\n10,1\n20,2\n40,4\n');
	const part = async (transform: object) => {
		const {columns} = await readTracePart(path, {}, TraceTransform.parse(transform));
		return [[...columns.at], [...columns.work!.seconds]];
	};
	t.deepEqual(await part({}), [
		[10, 20, 30, 40],
		[1, 2, 3, 4],
	]);
	t.deepEqual(await part({from: '15s', to: '35s'}), [
		[20, 30],
		[2, 3],
	]);
});

test('the inspection of a trace of work tells seconds, not tokens', async t => {
	const path = write('i.csv', 'atSeconds,cpuSeconds\n0,1\n2,3\n4,5\n');
	const trace = await inspectTrace(path);
	const report = traceReport(trace);
	t.is(
		report.answer![1],
		'A request takes 3.00 s of CPU time on average (p95 4.80 s); 2.25 cores are busy on average.',
	);
	t.deepEqual(report.sections[0]!.rows![1]!.slice(0, 2), ['CPU time', '3.00']);
	t.is(JSON.parse(traceJson(trace)).statistics.work.kind, 'cpuSeconds');
	t.notRegex(JSON.stringify(report), /token/);
});

test('a page that simulates keeps the work of its trace', async t => {
	const experiment = join(folder, 'web.yaml');
	write('unused', '');
	writeFileSync(join(folder, 'web.csv'), 'atSeconds,cpuSeconds\n1,0.5\n2,0.25\n');
	const shipped = readFileSync('experiments/services/web-service.yaml', 'utf8');
	const [head, tail] = [shipped.indexOf('workload:'), shipped.indexOf('deployment:')];
	const workload = 'workload:\n  arrivals: {process: trace, file: web.csv, transform: {workScale: 2}}\n';
	const text = `${shipped.slice(0, head)}${workload}${shipped.slice(tail)}`;
	writeFileSync(experiment, text.replaceAll('../../models', join(process.cwd(), 'models')));
	const source = await readExperimentSource(experiment);
	const trace = await exploredTrace(source);
	const {words, measured, models, tunings} = {words: [], measured: [], models: [], tunings: []};
	const page = encodeExplored({
		experiment: source.experiment,
		identity: source.identity,
		words,
		measured,
		models,
		tunings,
		trace: trace!,
	});
	const {workload: decoded} = decodeExplored(page).experiment;
	t.deepEqual(decoded, source.experiment.workload);
	t.deepEqual(
		decoded.loop === 'open' && decoded.arrivals.process === 'trace' && decoded.arrivals.work?.seconds,
		[1, 0.5],
	);
});
