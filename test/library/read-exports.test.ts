import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {UserError} from '../../src/errors.ts';
import {readHistory} from '../../src/library/learn/read-history.ts';
import {chatMetrics} from '../cluster-unit/prometheus/open-metrics.ts';

const start = 1_764_000_000;
const pods = ['chat-7d9f8-aaaaa', 'chat-7d9f8-bbbbb'];

/** Saved answers of a workload, as a server gives them for a day by steps of 15 s. */
function answers(from: number, until: number): Record<string, object> {
	return Object.fromEntries(
		chatMetrics({start, pods, load: 0.5}).map(({name, series}) => [
			name,
			{
				status: 'success',
				data: {
					resultType: 'matrix',
					result: series.map(({labels, at}) => ({
						metric: {__name__: name, ...labels},
						values: Array.from({length: (until - from) / 15}, (_, index) => [
							from + index * 15,
							String(at(from + index * 15)),
						]),
					})),
				},
			},
		]),
	);
}

function folderOf(t: ExecutionContext, files: Record<string, unknown>): string {
	const folder = mkdtempSync(join(tmpdir(), 'exports-'));
	t.teardown(() => rmSync(folder, {recursive: true}));
	for (const [name, content] of Object.entries(files)) {
		writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
	}

	return folder;
}

test('a folder of answers, each for a part of the time, is queried as the server would be', async t => {
	const files = [answers(start, start + 1800), answers(start + 1800, start + 3600)].flatMap((part, index) =>
		Object.entries(part).map(([name, answer]) => [`${name.replaceAll(':', '_')}-${index}.json`, answer]),
	);
	const folder = folderOf(t, Object.fromEntries(files));
	const {series, steps, workload, latency, containers, nodes, source, autoscaler} = await readHistory({
		exports: folder,
		out: folder,
	});
	t.is(steps, 240);
	t.deepEqual(workload, {kind: 'Deployment', name: 'chat', namespace: 'shop'});
	t.true(source.startsWith('the saved answers of '));
	const middle = 120;
	t.true(Math.abs(series.requestRate![middle]! - 1) < 1e-9);
	t.true(Math.abs(series.cpu![middle]! - 0.4) < 1e-9);
	t.is(series.running?.[middle], 4);
	t.is(series.maxReplicas?.[middle], 6);
	t.true(Math.abs(latency!.ratesUpTo[1]![middle]! - 0.5) < 1e-9);
	t.deepEqual(containers, [{name: 'vllm', requests: {cpu: 0.5, memory: 1e9}, limits: {}}]);
	t.deepEqual(nodes, [{name: 'one', cpu: 4, memory: 16e9}]);
	t.true(autoscaler?.isFromMetrics);
});

test('one file with a map of answers of any queries gives the series that they are called after', async t => {
	const values = (factor: number) =>
		Array.from({length: 4}, (_, index) => [start + index * 30, String(index * factor)]);
	const answer = (...result: object[]) => ({status: 'success', data: {resultType: 'matrix', result}});
	const folder = folderOf(t, {
		'all.json': {
			requestRate: answer({metric: {}, values: values(1)}),
			cpuOfContainers: answer(
				{metric: {container: 'a'}, values: values(2)},
				{metric: {container: 'b'}, values: values(3)},
			),
			latency: answer({metric: {le: '1'}, values: values(1)}, {metric: {le: '+Inf'}, values: values(1)}),
		},
	});
	const history = await readHistory({exports: join(folder, 'all.json'), out: folder});
	t.deepEqual([...history.series.requestRate!], [0, 1, 2, 3]);
	t.deepEqual([...history.series.cpu!], [0, 5, 10, 15]);
	t.deepEqual(Object.keys(history.cpuOfContainers), ['a', 'b']);
	t.is(history.stepSeconds, 30);
	t.deepEqual(history.latency?.bounds, [1, Number.POSITIVE_INFINITY]);
	t.true(history.latency?.secondsRate.every(Number.isNaN));
	t.true(history.notes.some(note => note.includes('do not say which workload')));
	t.true(history.missing?.some(({series}) => series === 'memory'));
});

test('manifests go before what metrics say of the objects', async t => {
	const manifest = `apiVersion: apps/v1
kind: Deployment
metadata: {name: chat}
spec:
  template:
    spec:
      containers: [{name: vllm, resources: {requests: {cpu: 2}}, env: [{name: KEY, value: hidden}]}]
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: chat-hpa}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: chat}
  maxReplicas: 9
  metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}}]
`;
	const folder = folderOf(t, {'all.json': answers(start, start + 600), 'chat.yaml': manifest});
	const history = await readHistory({
		exports: join(folder, 'all.json'),
		manifests: [join(folder, 'chat.yaml')],
		out: folder,
	});
	t.is(history.workload.namespace, 'shop');
	t.is(history.autoscaler?.name, 'chat-hpa');
	t.false(history.autoscaler?.isFromMetrics);
	t.deepEqual(history.containers, [{name: 'vllm', requests: {cpu: 2}, limits: {}}]);
	t.false(JSON.stringify(history.workload).includes('hidden'));
});

const nameless = {status: 'success', data: {resultType: 'matrix', result: [{metric: {}, values: [[1, '1']]}]}};

for (const [name, content, says] of [
	['an empty file', '', /:1:1: Expected JSON, got an empty file$/],
	['a page', '<html></html>', /:1:1: Expected JSON, got HTML or XML$/],
	['half of a file', '{"status":\n"succ', /:2:\d+: Expected JSON, got other text$/],
	[
		'an error of the server',
		{status: 'error', error: 'bad\nquery'},
		/:1:1: Expected an answer of query_range, got "bad\\nquery"/,
	],
	[
		'a scalar',
		{status: 'success', data: {resultType: 'scalar', result: [1, '1']}},
		/:1:1: Expected data.resultType to be matrix/,
	],
	[
		'series without a name',
		nameless,
		/:1:1: Expected series of a metric, or a name of a file such as requestRate\.json/,
	],
	[
		'no series',
		{status: 'success', data: {resultType: 'matrix', result: []}},
		/:1:1: Expected answers of query_range with series, got none$/,
	],
] as const) {
	test(`${name} is refused in one line with its place`, async t => {
		const folder = folderOf(t, {'answer.json': content});
		const error = await t.throwsAsync(readHistory({exports: join(folder, 'answer.json'), out: folder}), {
			instanceOf: UserError,
		});
		t.regex(error.message, says);
		t.false(error.message.includes('\n'));
	});
}

test('options that do not say what to read are refused', async t => {
	await t.throwsAsync(readHistory({out: '.'}), {message: /got neither$/});
	await t.throwsAsync(readHistory({out: '.', exports: 'a', prometheus: 'http://b'}), {message: /got both$/});
	for (const [options, says] of [
		[{since: 'soon'}, /Expected since to be a duration/],
		[{since: '2026-13-01'}, /Expected since to be a time/],
		[{step: '0s'}, /Expected step to be whole seconds/],
		[{since: '1s', until: '1d'}, /at least two steps/],
		[{since: '2000-01-01', step: '1s'}, /Expected a step of at least \d+s/],
		[{workload: 'A B'}, /Expected the workload to be NAMESPACE\/NAME, got "A B"/],
	] as const) {
		await t.throwsAsync(readHistory({out: '.', prometheus: 'http://127.0.0.1:1', ...options}), {
			instanceOf: UserError,
			message: says,
		});
	}
});
