import {appendFile, copyFile, cp, mkdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {provenanceOf} from '../../src/records/provenance.ts';
import {packageRoot} from '../../src/store/disk/package.ts';
import {type ReadOptions, readExperiment} from '../../src/store/experiments/read-experiment.ts';
import {inFolder} from './scratch.ts';

const models = {
	'service.yaml': 'smollm2-135m.yaml',
	'startup.yaml': 'startup-kind.yaml',
	'metrics.yaml': 'metrics-pipeline.yaml',
	'prices.yaml': 'prices-fargate.yaml',
	'energy.yaml': 'energy-cloud.yaml',
};

const manifest = `apiVersion: apps/v1
kind: Deployment
metadata: {name: chat}
spec:
  replicas: 2
  selector: {matchLabels: {app: chat}}
  template:
    metadata: {labels: {app: chat}}
    spec:
      containers:
        - name: ollama
          image: ollama/ollama
          resources: {requests: {cpu: 500m, memory: 1Gi}, limits: {cpu: 1, memory: 2Gi}}
`;

const hpa = `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: chat}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: chat}
  minReplicas: 1
  maxReplicas: 4
  metrics:
    - {type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 70}}}
`;

const experiment = (name: string, arrivals: string) => `apiVersion: replicast/v1
name: ${name}
seed: 7
replications: 2
duration: 5m
workload:
  loop: open
  arrivals: ${arrivals}
  requests: {promptTokens: {distribution: constant, value: 20}, outputTokens: {distribution: constant, value: 8}}
  timeout: 30s
deployment: {manifest: chat.yaml, service: service.yaml, startup: startup.yaml}
autoscaler: hpa.yaml
metrics: metrics.yaml
prices: prices.yaml
energy: energy.yaml
profiles:
  busy: {warmup: 10s}
`;

const trace = `TIMESTAMP,ContextTokens,GeneratedTokens
2024-05-10 00:00:00.0,20,8
2024-05-10 00:00:03.5,30,8
2024-05-10 00:01:00.0,25,9
`;

const files = ['traced.yaml', ...Object.keys(models), 'chat.yaml', 'hpa.yaml', 'trace.csv'];

/** Two experiments, one of a trace, with a file of their own for everything that may stand in one. */
async function inWorkplace(use: (folder: string) => Promise<void>): Promise<void> {
	const own = {
		'traced.yaml': experiment('traced', '{process: trace, file: trace.csv}'),
		'drawn.yaml': experiment('drawn', '{process: poisson, interpolation: step, rate: [{at: 0s, perSecond: 0.2}]}'),
		'chat.yaml': manifest,
		'hpa.yaml': hpa,
		'trace.csv': trace,
	};
	await inFolder(own, async folder => {
		for (const [name, shipped] of Object.entries(models)) {
			await copyFile(join(packageRoot(), 'models', shipped), join(folder, name));
		}

		await use(folder);
	});
}

async function provenance(path: string, options: ReadOptions = {}) {
	return provenanceOf(await readExperiment(path, options), {version: '1.2.3'});
}

test('names every file that an experiment is read from, by the digest of its bytes', async t => {
	await inWorkplace(async folder => {
		const {files: pinned, resolved, set, kubernetes} = await provenance(join(folder, 'traced.yaml'));
		t.deepEqual(pinned.map(({file}) => file).sort(), [...files].sort());
		t.deepEqual(pinned[0], {...pinned[0]!, kind: 'Experiment', name: 'traced', file: 'traced.yaml'});
		t.like(
			pinned.find(({kind}) => kind === 'ServiceModel'),
			{name: 'smollm2:135m', status: 'calibrated', file: 'service.yaml'},
		);
		t.deepEqual([set, kubernetes], [[], {release: '1.34', assumed: true}]);
		t.regex(resolved, /^[0-9a-f]{64}$/);
	});
});

for (const file of files) {
	test(`one more byte in ${file} changes the provenance, and only of that file`, async t => {
		await inWorkplace(async folder => {
			const path = join(folder, 'traced.yaml');
			const before = await provenance(path);
			await appendFile(join(folder, file), '\n');
			const after = await provenance(path);
			const changed = after.files.filter(({sha256}, index) => sha256 !== before.files[index]!.sha256);
			t.deepEqual(
				changed.map(({file: name}) => name),
				[file],
			);
		});
	});
}

test('another value in a model changes the digest of all inputs, though not the hash of the experiment', async t => {
	await inWorkplace(async folder => {
		const path = join(folder, 'drawn.yaml');
		const before = await readExperiment(path);
		for (const [name, from, to] of [
			['service.yaml', 'value: 0.01409', 'value: 0.01408'],
			['prices.yaml', 'value: 0.04048', 'value: 0.05'],
			['energy.yaml', /value: [\d.]+/, 'value: 0.5'],
		] as const) {
			const text = await readFile(join(folder, name), 'utf8');
			t.not(text.replace(from, to), text, name);
			await writeFile(join(folder, name), text.replace(from, to));
			const after = await readExperiment(path);
			t.is(after.hash, before.hash);
			t.not(provenanceOf(after, {version: '1'}).resolved, provenanceOf(before, {version: '1'}).resolved, name);
			await writeFile(join(folder, name), text);
		}
	});
});

test('names each change of the command line, in order, and digests what it comes to', async t => {
	await inWorkplace(async folder => {
		const path = join(folder, 'drawn.yaml');
		const set = ['deployment.service.memory.weights=251000000', 'kubernetes="1.35"'];
		const plain = await provenance(path);
		const changed = await provenance(path, {set});
		t.deepEqual(changed.set, set);
		t.deepEqual(changed.files, plain.files);
		t.deepEqual(changed.kubernetes, {release: '1.35', assumed: false});
		const digests = await Promise.all(
			[{}, {set}, {set: set.slice(0, 1)}, {profile: 'busy'}, {seed: 8}, {replications: 3}].map(
				async options => (await provenance(path, options)).resolved,
			),
		);
		t.is(new Set(digests).size, digests.length);
	});
});

test('equal inputs have equal provenance, wherever they stand', async t => {
	await inWorkplace(async folder => {
		await mkdir(join(folder, 'deep/er'), {recursive: true});
		for (const name of [...files, 'drawn.yaml']) {
			await cp(join(folder, name), join(folder, 'deep/er', name));
		}

		t.deepEqual(await provenance(join(folder, 'drawn.yaml')), await provenance(join(folder, 'deep/er/drawn.yaml')));
		const [here, there] = await Promise.all(
			['traced.yaml', 'deep/er/traced.yaml'].map(async name => provenance(join(folder, name))),
		);
		// The path of the trace stands in the document, so that it is found again.
		t.deepEqual({...here, document: ''}, {...there, document: ''});
	});
});
