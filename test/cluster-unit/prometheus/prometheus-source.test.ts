import {mkdtempSync, rmSync} from 'node:fs';
import type {IncomingMessage, ServerResponse} from 'node:http';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {PrometheusApi} from '../../../src/cluster/prometheus/prometheus-api.ts';
import {PrometheusSource} from '../../../src/cluster/prometheus/prometheus-source.ts';
import {halvesOf, mostPoints, piecesOf} from '../../../src/cluster/prometheus/split-pieces.ts';
import {UserError} from '../../../src/errors.ts';
import {FakePrometheus} from './fake-prometheus.ts';

const grid = {start: 1_764_000_000, stepSeconds: 15, steps: 1000};
const query = {text: 'up'};

type Range = {readonly start: number; readonly end: number; readonly step: number};

/** A source whose server answers a range as the test says. */
async function sourceOf(
	t: ExecutionContext,
	answer: (range: Range) => {readonly status?: number; readonly body: unknown},
) {
	const server = await FakePrometheus.start((request: IncomingMessage, response: ServerResponse) => {
		const {searchParams} = new URL(request.url!, 'http://fake');
		const [start = 0, end = 0, step = 1] = ['start', 'end', 'step'].map(name => Number(searchParams.get(name)));
		const {status = 200, body} = answer({start, end, step});
		response.writeHead(status, {'content-type': 'application/json'}).end(JSON.stringify(body));
	});
	const folder = mkdtempSync(join(tmpdir(), 'source-'));
	t.teardown(async () => {
		await server.close();
		rmSync(folder, {recursive: true});
	});
	const api = new PrometheusApi(`http://127.0.0.1:${server.port}`, {patience: {retries: 0}});
	return {server, source: new PrometheusSource(api, {grid, pieces: folder})};
}

/** An answer whose value at a time is the time. */
function sound({start, end, step}: Range, shift = 0) {
	const times = Array.from({length: Math.floor((end - start) / step) + 1}, (_, index) => start + index * step + shift);
	const values = times.map(time => [time, String(time)]);
	return {status: 'success', data: {resultType: 'matrix', result: [{metric: {}, values}]}};
}

test('a question that the server finds too large is asked in halves, and the whole is the same', async t => {
	let [most, refused] = [0, 0];
	const {source} = await sourceOf(t, range => {
		const steps = (range.end - range.start) / range.step + 1;
		if (steps > 100) {
			refused++;
			return {status: 422, body: {status: 'error', error: 'query processing would load too many samples into memory'}};
		}

		most = Math.max(most, steps);
		return {body: sound(range)};
	});
	const [[series] = []] = await source.read([query]);
	t.true(most <= 100 && refused > 0);
	t.deepEqual(
		series?.values,
		Float64Array.from({length: 1000}, (_, step) => grid.start + step * 15),
	);
});

test('a server that finds a single step too large is a fault in one line', async t => {
	const {source} = await sourceOf(t, () => ({status: 422, body: {status: 'error', error: 'limit exceeded'}}));
	await t.throwsAsync(source.read([query]), {instanceOf: UserError, message: /to answer, got limit exceeded$/});
});

test('times that were not asked for, and answers of another form, are faults', async t => {
	for (const [body, says] of [
		[(range: Range) => sound(range, 3), /another form: Expected the times of samples to be the steps/],
		[
			() => ({status: 'success', data: {resultType: 'scalar', result: [1, '1']}}),
			/Expected data.resultType to be matrix/,
		],
		[() => ({status: 'success', data: null}), /Expected data to be a map, got null/],
	] as const) {
		const {source} = await sourceOf(t, range => ({body: body(range)}));
		await t.throwsAsync(source.read([query]), {instanceOf: UserError, message: says});
	}
});

test('warnings of the server and native histograms are notes', async t => {
	const {source} = await sourceOf(t, range => {
		const answer = sound(range);
		const result = [...answer.data.result, {metric: {a: 'b'}, histograms: []}];
		return {body: {...answer, data: {...answer.data, result}, warnings: ['PromQL: odd']}};
	});
	await source.read([query]);
	t.deepEqual([...source.notes()].sort(), ['Native histograms are not read.', 'Prometheus warns: PromQL: odd']);
});

test('rates around a time need no negative offset, which old servers refuse', async t => {
	const {server, source} = await sourceOf(t, range =>
		range.step === 15 ? {body: sound(range)} : {body: {status: 'success', data: [{__name__: 'm'}]}},
	);
	const rate = {metric: 'm', matches: [], form: 'rate', window: 60, by: [], combine: 'sum'} as const;
	const [[series] = []] = await source.read([rate]);
	t.deepEqual(
		series?.values,
		Float64Array.from({length: 1000}, (_, step) => grid.start + step * 15 + 30),
	);
	t.true(server.asked.every(({path}) => !path.includes('offset')));
});

test('pieces cover the steps once, begin at multiples of their length and are shorter for many series', t => {
	for (const series of [1, 1000, 100_000]) {
		for (const start of [0, 15, 1_764_000_015]) {
			const whole = {start, stepSeconds: 15, steps: 20_000};
			const pieces = piecesOf(whole, series);
			const [{steps: length} = {steps: 0}] = pieces;
			t.true(length <= mostPoints && (length * series <= 5_000_000 || length === 360));
			t.true(pieces.every(piece => (piece.start / 15) % length === 0));
			t.true(pieces[0]!.start <= start);
			t.is(pieces.at(-1)!.start + pieces.at(-1)!.steps * 15, start + 20_000 * 15);
			t.true(pieces.every((piece, index) => index === 0 || piece.start === pieces[index - 1]!.start + length * 15));
		}
	}

	t.is(halvesOf({...grid, steps: 1}), undefined);
	t.deepEqual(
		halvesOf({...grid, steps: 3})?.map(({steps}) => steps),
		[2, 1],
	);
});
