import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';
import {setTimeout as sleep} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import test from 'ava';
import {execa} from 'execa';
import {kedaManifestUrl} from '../../src/cluster/keda/install-keda.ts';
import {metricsApi, restoreMetrics, stopMetrics} from '../../src/cluster/setup/metrics-api.ts';
import type {ShadowTally} from '../../src/shadow/tally.ts';
import {startReplicast} from '../cli/run-command.ts';

/* A file with KEDA's manifest where it cannot be fetched: KEDA_MANIFEST. */

const cluster = `replicast-shadow-${process.pid}`;
const root = fileURLToPath(new URL('../../..', import.meta.url));
const keda = process.env['KEDA_MANIFEST'] ?? kedaManifestUrl;
const images = ['node:24-bookworm-slim', 'prom/prometheus:v2.42.0'];
const kedaImages = /^ *image: *"?(\S+?)"?$/gm;
let folder: string;
let env: {KUBECONFIG: string};

const kubectl = async (...words: string[]) => (await execa('kubectl', words, {env})).stdout;

test.before(async () => {
	folder = await mkdtemp(join(tmpdir(), 'replicast-shadow-'));
	env = {KUBECONFIG: join(folder, 'kubeconfig')};
	await execa(
		'kind',
		['create', 'cluster', '--name', cluster, '--config', join(root, 'k8s/kind.yaml'), '--wait', '120s'],
		{
			env,
		},
	);
	const there = keda === kedaManifestUrl ? '' : await readFile(keda, 'utf8');
	for (const image of [...images, ...[...there.matchAll(kedaImages)].map(([, image]) => image!)]) {
		await execa('kind', ['load', 'docker-image', image, '--name', cluster], {reject: false}); // pulled where it is not here
	}

	await kubectl('apply', '-f', join(root, 'k8s/metrics-server.yaml'), '-f', join(root, 'k8s/namespace.yaml'));
	await kubectl('apply', '--server-side', '-f', keda);
	await kubectl('apply', '-f', join(root, 'k8s/keda/prometheus.yaml'));
	await kubectl('wait', '--for=condition=Available', '--timeout=180s', 'deployment', '--all', '-n', 'keda');
	await kubectl(
		'wait',
		'--for=condition=Available',
		'--timeout=180s',
		'deployment/metrics-server',
		'-n',
		'kube-system',
	);
	await kubectl('apply', '-f', join(root, 'test/cluster/fixtures/shadow.yaml'));
	await kubectl('wait', '--for=condition=Available', '--timeout=120s', 'deployment/web', '-n', 'replicast');
});

test.after.always(async () => {
	await execa('kind', ['delete', 'cluster', '--name', cluster]);
	await rm(folder, {recursive: true, force: true});
});

/** Follows an autoscaler for 6 min. */
async function watch(name: string): Promise<ShadowTally & {readonly share: number}> {
	const out = join(folder, name);
	const words = ['decide', '--live', '--watch', name, '-n', 'replicast', '--for', '6m', '--out', out];
	const {exitCode, stderr} = await startReplicast(words, {env});
	if (exitCode !== 0) {
		throw new Error(stderr);
	}

	return JSON.parse(await readFile(join(out, 'summary.json'), 'utf8')) as ShadowTally & {share: number};
}

/** The metrics API as `kubectl` reads and merges it. */
const api = {
	find: async <T>() => JSON.parse(await kubectl('get', '--raw', metricsApi)) as T,
	get: async <T>() => JSON.parse(await kubectl('get', '--raw', metricsApi)) as T,
	merge: async (_path: string, patch: object) =>
		kubectl('patch', 'apiservice', 'v1beta1.metrics.k8s.io', '--type=merge', '-p', JSON.stringify(patch)),
};

test('the decisions of an HPA and of a ScaledObject are reproduced beside them, through a rollout and an outage', async t => {
	const watches = Promise.all([watch('web'), watch('worker')]);
	const disturbed = (async () => {
		await sleep(100_000);
		await kubectl('rollout', 'restart', 'deployment/web', '-n', 'replicast');
		await sleep(60_000);
		await stopMetrics(api as never);
		await sleep(35_000);
		await restoreMetrics(api as never);
	})();
	const [[web, worker]] = await Promise.all([watches, disturbed]);
	t.log(JSON.stringify({web: web.misses, worker: worker.misses}));
	t.true(web.share >= 0.99);
	t.true(web.checked >= 15);
	t.true(web.changes > 0);
	t.true(worker.share >= 0.99);
	t.true(worker.checked >= 3);
	t.true(worker.steps > 0);
	t.is(worker.reproducedSteps, worker.steps);
});
