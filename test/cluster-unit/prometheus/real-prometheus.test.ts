import {mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {readHistory} from '../../../src/library/learn/read-history.ts';
import {chatMetrics, type MadeMetric, openMetrics} from './open-metrics.ts';
import {hasPrometheus, RealPrometheus} from './real-prometheus.ts';

/** Six hours that ended four hours ago, so that Prometheus takes them for blocks. */
const end = Math.floor(Date.now() / 7_200_000) * 7200 - 7200;
const start = end - 6 * 3600;
const times = {start, end, step: 15};
const pods = ['chat-7d9f8-aaaaa', 'chat-7d9f8-bbbbb'];
const iso = (time: number) => new Date(time * 1000).toISOString().replace('.000', '');

/** A counter of one pod that is scraped every 15 s, but for half an hour in which nothing was. */
const withGap = (time: number) => (time >= start + 7200 && time < start + 9000 ? undefined : (time - start) * 0.5);
/** A counter that began again at 0 after an hour. */
const withReset = (time: number) => (time < start + 3600 ? time - start : time - start - 3600) * 3;

const metrics: MadeMetric[] = [
	...chatMetrics({start, pods, load: 0.5}),
	{
		name: 'http_requests_total',
		series: [
			{labels: {namespace: 'shop', pod: 'gaps-6c5d7-aaaaa', code: '200'}, at: withGap},
			{labels: {namespace: 'shop', pod: 'resets-6c5d7-aaaaa', code: '200'}, at: withReset},
			{
				labels: {namespace: 'shop', pod: 'resets-6c5d7-aaaaa', code: '503'},
				at: time => (time < start + 7200 ? undefined : (time - start - 7200) * 0.1),
			},
		],
	},
];

if (hasPrometheus()) {
	const server = await RealPrometheus.start(openMetrics(metrics, times));
	const scratch: string[] = [];
	const folder = () => {
		const made = mkdtempSync(join(tmpdir(), 'history-'));
		scratch.push(made);
		return made;
	};
	const span = {since: iso(start), until: iso(end - 15)};
	const read = async (workload: string | undefined, out = folder()) =>
		readHistory({prometheus: server.url, out, ...span, ...(workload !== undefined && {workload})});
	test.after.always(async () => {
		await server.close();
		for (const made of scratch) {
			rmSync(made, {recursive: true, force: true});
		}
	});

	test('the only workload with an autoscaler is found with its replicas, use, requests and times', async t => {
		const {workload, autoscaler, series, latency, containers, nodes, cpuOfContainers, ...rest} = await read(undefined);
		t.deepEqual(workload, {kind: 'Deployment', name: 'chat', namespace: 'shop'});
		t.is(rest.steps, 6 * 240);
		t.is(rest.start, start);
		const middle = 720;
		t.is(series.desiredReplicas?.[middle], 2);
		t.is(series.maxReplicas?.[middle], 6);
		t.true(Math.abs(series.requestRate![middle]! - 1) < 1e-6);
		t.is(series.failureRate?.[middle], 0);
		t.true(Math.abs(series.cpu![middle]! - 0.4) < 1e-6, 'the cgroup of the pod does not count');
		t.deepEqual(Object.keys(cpuOfContainers), ['vllm']);
		t.true(Math.abs(series.promptTokenRate![middle]! - 40) < 1e-6);
		t.is(series.running?.[middle], 4);
		t.deepEqual(latency?.bounds, [0.5, 1, 5, Number.POSITIVE_INFINITY]);
		t.true(Math.abs(latency!.ratesUpTo[0]![middle]! - 0.25) < 1e-6);
		t.true(Math.abs(latency!.secondsRate[middle]! - 2) < 1e-6);
		t.deepEqual(containers, [{name: 'vllm', requests: {cpu: 0.5, memory: 1e9}, limits: {}}]);
		t.deepEqual(nodes, [{name: 'one', cpu: 4, memory: 16e9}]);
		t.true(autoscaler?.isFromMetrics);
		t.true(JSON.stringify(autoscaler?.document).includes('"averageUtilization":70'));
		t.true(rest.queries.every(({query}) => !query.includes('rate(') || query.includes('[60s] offset -30s')));
		t.true(rest.missing?.some(name => name.series === 'memory'));
	});

	test('a gap of the scrapes stays a gap, and is said', async t => {
		const {series, notes} = await read('shop/gaps');
		const rate = series.requestRate!;
		t.true(Number.isNaN(rate[(7200 + 900) / 15]));
		t.true(Math.abs(rate[100]! - 0.5) < 1e-6);
		t.true(Math.abs(rate[1000]! - 0.5) < 1e-6);
		t.true(
			notes.some(note => /requestRate: 1 gap of 30 min/.test(note)),
			notes.join('\n'),
		);
		t.true(notes.some(note => note.includes('taken by the form of their names, gaps-*-*')));
	});

	test('a counter that begins again at 0 makes no dip, and failures are 0 before the first', async t => {
		const {series} = await read('shop/resets');
		const around = [...series.requestRate!.subarray(200, 280)];
		t.true(
			around.every(rate => rate > 2.2 && rate < 3.4),
			around.join(' '),
		);
		t.is(series.failureRate?.[100], 0);
		t.true(Math.abs(series.failureRate![1000]! - 0.1) < 1e-6);
	});

	test('saved answers give the same series as the server', async t => {
		const out = folder();
		for (const name of [
			'http_requests_total',
			'vllm:request_success_total',
			'container_cpu_usage_seconds_total',
			'vllm:num_requests_running',
		]) {
			const asked = new URLSearchParams({query: name, start: String(start), end: String(end - 15), step: '15'});
			const answer = await fetch(`${server.url}/api/v1/query_range?${asked}`);
			writeFileSync(join(out, `${name.replaceAll(':', '_')}.json`), await answer.text());
		}

		for (const workload of ['shop/chat', 'shop/gaps', 'shop/resets']) {
			const [saved, served] = [await readHistory({exports: out, out, workload}), await read(workload)];
			t.is(saved.steps, served.steps);
			// Windows of Prometheus 2 have both of their edges, so that one more sample counts beside a reset.
			const tolerance = workload === 'shop/resets' ? 1 : 1e-9;
			for (const name of ['requestRate', 'failureRate', 'cpu', 'running'] as const) {
				const [values, wanted] = [saved.series[name], served.series[name]];
				t.is(values === undefined, wanted === undefined, `${workload} ${name}`);
				const far = [...(wanted ?? [])].filter((value, step) => Math.abs(values![step]! - value) > tolerance);
				t.deepEqual(far, [], `${workload} ${name}`);
			}
		}
	});

	test('the credentials of the address get neither into the history nor to the disk', async t => {
		const out = folder();
		const secret = 's3cr3t-p4ss';
		const address = server.url.replace('://', `://user:${secret}@`);
		const doings: string[] = [];
		const history = await readHistory({
			prometheus: address,
			out,
			...span,
			onProgress: progress => doings.push(JSON.stringify(progress)),
		});
		const files = readdirSync(join(out, 'history')).map(name => readFileSync(join(out, 'history', name), 'latin1'));
		const shown = [JSON.stringify(history), ...doings, ...files].join();
		t.true(files.length > 10 && doings.length > 10);
		t.false(
			shown.includes(secret) ||
				shown.includes('user:') ||
				shown.includes(Buffer.from(`user:${secret}`).toString('base64')),
		);
	});

	test('queries of the user go before known metrics, and those that give nothing are refused', async t => {
		const options = {prometheus: server.url, ...span, workload: 'shop/chat'};
		const own = {
			rate: 'sum(rate(http_requests_total{pod=~"gaps.*"}[1m]))',
			latency: 'sum by (le) (rate(vllm:e2e_request_latency_seconds_bucket[2m]))',
		};
		const {series, latency, queries} = await readHistory({...options, out: folder(), queries: own});
		t.true(Math.abs(series.requestRate![100]! - 0.5) < 1e-6);
		t.is(latency?.bounds.length, 4);
		t.true(queries.some(({query}) => query === own.rate));
		for (const [wrong, says] of [
			[{rate: 'absent_metric'}, /Expected the query of the rate to give values, got none of absent_metric/],
			[{latency: 'up'}, /Expected the query of the latency to give rates of buckets/],
			[{rate: 'sum(('}, /got status 400: .*parse error/],
		] as const) {
			await t.throwsAsync(readHistory({...options, out: folder(), queries: wrong}), {message: says});
		}
	});

	test('a workload that is not there is refused with those that have an autoscaler', async t => {
		await t.throwsAsync(read('absent'), {
			message: /^Expected the workload to be one that has an autoscaler, shop\/chat, got absent$/,
		});
		await t.throwsAsync(read('shop/absent'), {
			message: /^Expected Prometheus at \S+ to have series of shop\/absent, got none/,
		});
	});

	test.serial(
		'a reading that was broken off goes on where it was, and a piece that is not whole is read again',
		async t => {
			const out = folder();
			const controller = new AbortController();
			const broken = readHistory({
				prometheus: server.url,
				out,
				...span,
				signal: controller.signal,
				onProgress({done = 0}) {
					if (done === 8) {
						controller.abort(new Error('enough'));
					}
				},
			});
			await t.throwsAsync(broken, {message: 'enough'});
			const kept = readdirSync(join(out, 'history')).filter(name => name.endsWith('.piece'));
			t.true(kept.length >= 8);
			const ages = new Map(kept.map(name => [name, statSync(join(out, 'history', name)).mtimeMs]));
			const [torn = ''] = kept;
			ages.delete(torn);
			truncateSync(join(out, 'history', torn), statSync(join(out, 'history', torn)).size - 8);
			const whole = await read(undefined, out);
			const after = readdirSync(join(out, 'history'));
			t.true(after.length > kept.length);
			t.true(
				[...ages].every(([name, age]) => statSync(join(out, 'history', name)).mtimeMs === age),
				'pieces are read once',
			);
			t.deepEqual(whole.series, (await read(undefined)).series);
		},
	);

	test.serial('a server that is started again in the middle is waited for', async t => {
		const restarted = readHistory({
			prometheus: server.url,
			out: folder(),
			...span,
			onProgress({done}) {
				if (done === 3) {
					void server.down().then(async () => server.up());
				}
			},
		});
		const {series} = await restarted;
		t.is(series.desiredReplicas?.[720], 2);
	});
} else {
	test('a real Prometheus is read', t => {
		t.log('skipped: this machine has no Prometheus');
		t.pass();
	});
}
