import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import {stringify} from 'yaml';
import {KubeApi} from '../../src/cluster/api/kube-api.ts';
import type {JournalEntry} from '../../src/cluster/observe/entry.ts';
import {Observation} from '../../src/cluster/observe/observation.ts';
import {keepJournal} from '../../src/cluster/replay/keep-journal.ts';
import {observedColumns, observedNames} from '../../src/records/observed-columns.ts';
import {readObservedTable, readRecord} from '../../src/store/records/read-record.ts';
import {makeExperiment} from '../simulator/make-experiment.ts';
import {completed, sent} from './make-journal.ts';

/** [s since 1970] */
const start = Date.now() / 1000;

const secrets = {
	token: 'token-5up3r-s3cr3t',
	key: 'key-5up3r-s3cr3t',
	certificate: 'cert-5up3r-s3cr3t',
	env: 'env-5up3r-s3cr3t',
};
const base64 = (text: string) => Buffer.from(text).toString('base64');

/** A pod as the API tells it, with things in it that are nobody's business. */
const pod = {
	metadata: {
		name: 'llm-0',
		resourceVersion: '2',
		annotations: {note: secrets.token},
		labels: {'app.kubernetes.io/name': 'llm'},
	},
	spec: {
		containers: [
			{
				name: 'ollama',
				resources: {requests: {cpu: '125m'}},
				env: [{name: 'PASSWORD', value: secrets.env}],
			},
		],
	},
	status: {
		phase: 'Running',
		startTime: '2026-01-01T00:00:00Z',
		conditions: [
			{type: 'PodScheduled', status: 'True'},
			{type: 'Ready', status: 'True', lastTransitionTime: '2026-01-01T00:00:01Z'},
		],
		containerStatuses: [{name: 'ollama', containerID: 'containerd://1', restartCount: 0, state: {running: {}}}],
	},
};

/** An API server that has one pod; what it is asked with goes into `asked`. A watch tells nothing. */
async function startApi(t: ExecutionContext, asked: string[]): Promise<string> {
	const server = createServer((request, response) => {
		asked.push(request.headers.authorization ?? '');
		const {pathname, searchParams} = new URL(request.url!, 'http://localhost');
		if (searchParams.has('watch')) {
			response.flushHeaders();
			return;
		}

		const items = pathname === '/api/v1/namespaces/replicast/pods' ? [pod] : [];
		response.end(JSON.stringify({metadata: {resourceVersion: '1'}, items}));
	});
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	t.teardown(() => {
		server.closeAllConnections();
		server.close();
	});
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function kubeconfigFor(server: string): string {
	return stringify({
		apiVersion: 'v1',
		kind: 'Config',
		clusters: [{name: 'c', cluster: {server, 'certificate-authority-data': base64(secrets.certificate)}}],
		users: [
			{
				name: 'u',
				user: {
					token: secrets.token,
					'client-key-data': base64(secrets.key),
					'client-certificate-data': base64(secrets.certificate),
				},
			},
		],
		contexts: [{name: 'x', context: {cluster: 'c', user: 'u'}}],
		'current-context': 'x',
	});
}

test('a record holds nothing of the kubeconfig, and of the pods only what it needs', async t => {
	const folder = mkdtempSync(join(tmpdir(), 'replicast-secrets-'));
	t.teardown(() => rmSync(folder, {recursive: true, force: true}));
	const asked: string[] = [];
	const kubeconfig = join(folder, 'kubeconfig');
	writeFileSync(kubeconfig, kubeconfigFor(await startApi(t, asked)));
	const api = await KubeApi.open(kubeconfig);
	const record = join(folder, 'record', 'dynamic-0');
	const experiment = makeExperiment({hash: 'ab12', duration: 1});
	const replayed = {experiment, arm: 'dynamic', repeat: 0, versions: {}, models: {}} as const;
	await keepJournal(record, replayed, {
		signal: new AbortController().signal,
		onProgress() {},
		async replay(journal) {
			const cluster = {name: 'c', kubeconfig, api, address: {host: '127.0.0.1', port: 1}, nodes: [], isOurs: false};
			const observation = new Observation(cluster, {
				backend: 'backend',
				write: (entry: JournalEntry) => journal.write(entry),
			});
			journal.write({type: 'start', at: start});
			journal.write(sent(0, 0.1, start + 0.1));
			journal.write(completed(0, start + 0.9));
			await sleep(1200);
			await observation.stop();
			journal.write({type: 'end', at: start + 1, why: 'done'});
			checkText(t, readFileSync(join(folder, 'record', '.dynamic-0.partial', 'journal.ndjson'), 'utf8'), 'journal');
		},
	});
	api.close();
	t.true(asked.length > 3);
	const names = readdirSync(record, {recursive: true, withFileTypes: true}).filter(entry => entry.isFile());
	t.true(names.length > 10);
	for (const {parentPath, name} of names) {
		checkText(t, readFileSync(join(parentPath, name), 'latin1'), name);
	}

	// Tables are compressed: their values are looked at too.
	checkText(t, JSON.stringify(await readRecord(record)), 'tables');
	for (const name of observedNames) {
		const columns = await readObservedTable(record, name);
		t.deepEqual(Object.keys(columns!), Object.keys(observedColumns[name]));
		checkText(t, JSON.stringify(columns), name);
	}

	const states = await readObservedTable(record, 'podStates');
	t.deepEqual(states?.pod, ['llm-0']);
});

function checkText(t: ExecutionContext, text: string, where: string): void {
	for (const secret of Object.values(secrets)) {
		t.false(text.includes(secret) || text.includes(base64(secret)), `${where}: ${secret}`);
	}
}
