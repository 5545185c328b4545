import test from 'ava';
import type {TimedSeries} from '../../src/history/on-grid.ts';
import {type HistoryQuestion, readFromSource} from '../../src/history/read-from-source.ts';
import {SampleStore} from '../../src/history/sample-store.ts';
import {chatMetrics, type MadeMetric} from '../cluster-unit/prometheus/open-metrics.ts';

const start = 1_764_000_000;
const grid = {start, stepSeconds: 15, steps: 80};
const pods = ['chat-7d9f8-aaaaa', 'chat-7d9f8-bbbbb'];

/** Samples of metrics, with more labels on all of them. */
function samplesOf(metrics: readonly MadeMetric[], more: Record<string, string> = {}): TimedSeries[] {
	const times = Float64Array.from({length: grid.steps}, (_, step) => start + step * grid.stepSeconds);
	return metrics.flatMap(({name, series}) =>
		series.map(({labels, at}) => ({
			labels: {__name__: name, ...labels, ...more},
			times,
			values: times.map(time => at(time) ?? Number.NaN),
		})),
	);
}

async function read(series: readonly TimedSeries[], question: Partial<HistoryQuestion> = {}) {
	const store = new SampleStore({place: 'a test', series, given: new Map(), grid, notes: []});
	return readFromSource(store, {grid, ...question});
}

const chat = chatMetrics({start, pods, load: 0.5});
const middle = 40;

test('two clusters with the same names are kept apart, and the one that is meant has to be named', async t => {
	const series = [
		...samplesOf(chat, {cluster: 'east'}),
		...samplesOf(chatMetrics({start, pods, load: 2}), {cluster: 'west'}),
	];
	await t.throwsAsync(read(series), {
		message: 'Expected the workload to be one of shop/chat of cluster east, shop/chat of cluster west, got none',
	});
	const east = await read(series, {cluster: 'east'});
	const west = await read(series, {cluster: 'west'});
	t.true(Math.abs(east.series.requestRate![middle]! - 1) < 1e-9);
	t.true(Math.abs(west.series.requestRate![middle]! - 4) < 1e-9);
	t.true(west.queries.every(({query}) => query.includes('cluster="west"')));
});

test('requests of pods that two jobs scrape count once, and a note says so', async t => {
	const series = [...samplesOf(chat, {job: 'pods'}), ...samplesOf(chat, {job: 'services'})];
	const {series: found, notes} = await read(series);
	t.true(Math.abs(found.requestRate![middle]! - 1) < 1e-9);
	t.true(Math.abs(found.cpu![middle]! - 0.4) < 1e-9);
	t.is(found.currentReplicas?.[middle], 2);
	t.true(notes.some(note => note.includes('The jobs pods and services scrape the same pods')));
});

test('a note says that requests are counted when they are answered', async t => {
	const {notes} = await read(samplesOf(chat));
	t.true(notes.includes('The requests of vLLM are counted when they are answered, not when they arrive.'));
});

test('what metrics do not say of the HPA of a ScaledObject is said', async t => {
	const hpa = {namespace: 'shop', horizontalpodautoscaler: 'keda-hpa-chat'};
	const one = (name: string, labels: Record<string, string>, value: number): MadeMetric => ({
		name,
		series: [{labels: {...hpa, ...labels}, at: () => value}],
	});
	const {autoscaler, notes, workload, missing} = await read(
		samplesOf([
			one('kube_horizontalpodautoscaler_spec_max_replicas', {}, 7),
			one(
				'kube_horizontalpodautoscaler_spec_target_metric',
				{metric_name: 's0-queue', metric_target_type: 'average'},
				2.5,
			),
		]),
	);
	t.is(workload.name, 'chat');
	t.true(JSON.stringify(autoscaler?.document).includes('"averageValue":"2500m"'));
	t.true(notes.some(note => note.startsWith('KEDA made the HPA of the ScaledObject chat')));
	t.true(notes.some(note => note.startsWith('No metric says the type of s0-queue')));
	t.deepEqual(missing?.find(({series}) => series === 'requestRate')?.reason, 'no metric of a known server');
});

test('pods are chosen by their owners where those are recorded, and not by names that only look alike', async t => {
	const place = {namespace: 'shop'};
	const requests = (pod: string): MadeMetric => ({
		name: 'http_requests_total',
		series: [{labels: {...place, pod, code: '200'}, at: time => time - start}],
	});
	const owner = (pod: string, set: string): MadeMetric => ({
		name: 'kube_pod_owner',
		series: [{labels: {...place, pod, owner_kind: 'ReplicaSet', owner_name: set}, at: () => 1}],
	});
	const alike = [requests('chat-7d9f8-aaaaa'), requests('chat-agent-bbbbb'), requests('chat-api-7d9f8-ccccc')];
	const workload = {namespace: 'shop', name: 'chat'};
	const byName = await read(samplesOf(alike), {workload});
	t.true(Math.abs(byName.series.requestRate![middle]! - 2) < 1e-9);
	t.true(
		byName.notes.includes('The requests of an HTTP server are all that the pods answer, with probes and scrapes.'),
	);
	t.true(byName.notes.some(note => note.includes('taken by the form of their names, chat-*-*')));
	const byOwner = await read(samplesOf([...alike, owner('chat-7d9f8-aaaaa', 'chat-7d9f8')]), {workload});
	t.true(Math.abs(byOwner.series.requestRate![middle]! - 1) < 1e-9);
	t.true(byOwner.notes.some(note => note.includes('by the names of their ReplicaSets, chat-*')));
});

test('a rate whose window ends after the last scrape is unknown', async t => {
	const until = start + 60 * grid.stepSeconds;
	const {series} = await read(samplesOf(chat), {recordedUntil: until});
	t.false(Number.isNaN(series.requestRate![58]!));
	t.true(Number.isNaN(series.requestRate![59]!));
	t.is(series.currentReplicas?.[70], 2);
});

test('an autoscaler whose targets are not recorded is left out', async t => {
	const {autoscaler, missing} = await read(
		samplesOf(chat.filter(({name}) => name !== 'kube_horizontalpodautoscaler_spec_target_metric')),
	);
	t.is(autoscaler, undefined);
	t.true(missing?.some(({series}) => series === 'targets'));
});

test('metrics of kube-state-metrics 1 and of a Prometheus that keeps its own labels are found', async t => {
	const place = {namespace: 'monitoring', exported_namespace: 'shop'};
	const of = (name: string, labels: Record<string, string>, value: number): MadeMetric => ({
		name,
		series: [{labels: {...place, ...labels}, at: () => value}],
	});
	const pod = {exported_pod: 'chat-5c7d9f8bb-x2x4z', pod: 'ksm', exported_container: 'app', container: 'ksm'};
	const {series, containers, autoscaler, notes} = await read(
		samplesOf([
			of('kube_hpa_spec_max_replicas', {hpa: 'chat'}, 4),
			of('kube_hpa_spec_min_replicas', {hpa: 'chat'}, 2),
			of('kube_hpa_spec_target_metric', {hpa: 'chat', metric_name: 'cpu', metric_target_type: 'utilization'}, 80),
			of('kube_deployment_status_replicas', {deployment: 'chat'}, 3),
			of('kube_pod_container_resource_requests_cpu_cores', pod, 0.25),
			of('kube_pod_container_resource_limits_memory_bytes', pod, 2e9),
		]),
	);
	t.is(series.maxReplicas?.[middle], 4);
	t.is(series.currentReplicas?.[middle], 3);
	t.deepEqual(containers, [{name: 'app', requests: {cpu: 0.25}, limits: {memory: 2e9}}]);
	t.true(JSON.stringify(autoscaler?.document).includes('"minReplicas":2,"maxReplicas":4'));
	t.true(notes.some(note => note.includes('taken by the form of their names')));
});
