import test from 'ava';
import {type FaultOptions, injectFaults} from '../../src/cluster/load/inject-faults.ts';
import {unixNow} from '../../src/cluster/observe/clock.ts';
import type {JournalEntry} from '../../src/cluster/observe/entry.ts';
import {metricsApi, restoreMetrics, stopMetrics} from '../../src/cluster/setup/metrics-api.ts';
import type {FaultPlan} from '../../src/experiment/experiment.ts';
import {makeExperiment} from '../simulator/make-experiment.ts';
import {FakeKube} from './fake-kube.ts';

const service = {name: 'metrics-server', namespace: 'kube-system', port: 443};
const apiService = () => ({metadata: {name: 'v1beta1.metrics.k8s.io', annotations: {kept: 'yes'}}, spec: {service}});

function clusterWithMetrics(): FakeKube {
	const api = new FakeKube();
	api.put(metricsApi, apiService());
	return api;
}

const serviceIn = (api: FakeKube) => (api.objects.get(metricsApi)!.spec as {service: typeof service}).service;

/** Plays faults in seconds, and says what served the metrics at each time that is asked for. */
async function play(faults: readonly FaultPlan[], times: readonly number[], abortAt?: number) {
	const api = clusterWithMetrics();
	const controller = new AbortController();
	const entries: JournalEntry[] = [];
	const start = unixNow();
	const playing = injectFaults({
		cluster: {api} as unknown as FaultOptions['cluster'],
		experiment: makeExperiment({duration: 10, faults}),
		pods: new Map(),
		start,
		write: entry => entries.push(entry),
		signal: controller.signal,
	});
	const seen: string[] = [];
	for (const time of times) {
		await new Promise(resolve => setTimeout(resolve, (start + time - unixNow()) * 1000));
		seen.push(serviceIn(api).name);
		if (time === abortAt) {
			controller.abort();
		}
	}

	await playing;
	return {seen, api, entries, took: unixNow() - start};
}

const outage = (at: number, duration: number): FaultPlan => ({kind: 'metrics-outage', at, duration});
const [there, gone] = ['metrics-server', 'replicast-metrics-outage'];

test('an outage begins at its time and lasts for its duration', async t => {
	const {seen, api, entries} = await play([outage(0.2, 0.4)], [0.1, 0.3, 0.5, 0.8]);
	t.deepEqual(seen, [there, gone, gone, there]);
	t.deepEqual(serviceIn(api), service);
	t.deepEqual(api.objects.get(metricsApi)!.metadata.annotations, {kept: 'yes'});
	t.like(entries[0], {type: 'fault', kind: 'metrics-outage', index: 0, hit: ['metrics.k8s.io']});
});

test('of outages that overlap the last one ends it', async t => {
	const {seen} = await play([outage(0.1, 0.7), outage(0.2, 0.2)], [0.3, 0.6, 1]);
	t.deepEqual(seen, [gone, gone, there]);
});

test('a replay that is aborted ends its outage at once', async t => {
	const {api, took} = await play([outage(0.1, 60)], [0.3], 0.3);
	t.is(serviceIn(api).name, there);
	t.true(took < 5, `${took}`);
});

test('an outage that a killed replay left is ended by the next one', async t => {
	const api = clusterWithMetrics();
	await stopMetrics(api);
	await stopMetrics(api);
	t.is(serviceIn(api).name, gone);
	await restoreMetrics(api);
	t.deepEqual(serviceIn(api), service);
	await restoreMetrics(api);
	t.deepEqual(serviceIn(api), service);
	await restoreMetrics(new FakeKube());
});
