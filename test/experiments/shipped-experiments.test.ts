import {readdir, readFile} from 'node:fs/promises';
import {basename} from 'node:path';
import test from 'ava';
import {parse} from 'yaml';
import {fileSchemas} from '../../src/experiment/json-schemas.ts';
import {listShippedExperiments} from '../../src/store/disk/package.ts';
import {readExperiment} from '../../src/store/experiments/read-experiment.ts';
import {schemaNames, schemaText} from '../../src/store/experiments/write-schemas.ts';

const experiments = (await readdir('experiments')).filter(name => name.endsWith('.yaml') && !name.startsWith('claims'));
const gpuExperiments = experiments.filter(name => name.startsWith('vllm-'));
const models = (await readdir('models')).filter(name => name.endsWith('.yaml'));

const isScaling = (name: string) => ['dynamic-scaling', 'ramp', 'spike'].includes(name);

for (const name of experiments.filter(name => !gpuExperiments.includes(name))) {
	test(`${name} is an experiment, with and without its bench profile`, async t => {
		const path = `experiments/${name}`;
		t.is((await readExperiment(path)).name, basename(name, '.yaml'));
		const bench = await readExperiment(path, {profile: 'bench'});
		t.is(bench.deployment.llm.model, 'smollm2:135m');
		t.true(bench.duration <= (bench.name === 'dynamic-scaling' ? 720 : 240));
		t.deepEqual(
			bench.deployment.containers.map(({requests}) => requests),
			[
				{cpu: 0.025, memory: 64 * 2 ** 20},
				// With less, memory would keep five pods whatever the load.
				{cpu: 0.125, memory: (isScaling(bench.name) ? 448 : 256) * 2 ** 20},
			],
		);
	});
}

for (const name of gpuExperiments) {
	test(`${name} has an engine on a GPU for each pod`, async t => {
		const {deployment, name: own} = await readExperiment(`experiments/${name}`);
		t.is(own, basename(name, '.yaml'));
		t.is(deployment.service.kind, 'engine');
		t.is(deployment.containers[0]!.requests['nvidia.com/gpu'], 1);
	});
}

for (const name of experiments) {
	test(`${name} names the schema that editors check it by`, async t => {
		const [first] = (await readFile(`experiments/${name}`, 'utf8')).split('\n');
		t.is(first, '# yaml-language-server: $schema=../schemas/experiment.schema.json');
	});
}

const schemaOfKind: Readonly<Record<string, keyof typeof fileSchemas>> = {
	ServiceModel: 'service-model',
	ServerModel: 'server-model',
	EngineModel: 'engine-model',
	StartupModel: 'startup-model',
	MetricsModel: 'metrics-model',
	PrometheusModel: 'prometheus-model',
	PriceBook: 'price-book',
	EnergyModel: 'energy-model',
};

for (const name of models) {
	test(`${name} is a model file and names its schema`, async t => {
		const text = await readFile(`models/${name}`, 'utf8');
		const value = parse(text) as {kind: string};
		const schema = schemaOfKind[value.kind]!;
		const {error} = fileSchemas[schema].safeParse(value);
		t.is(error, undefined);
		t.true(text.startsWith(`# yaml-language-server: $schema=../schemas/${schema}.schema.json\n`));
	});
}

test('the shipped experiments are the five questions in order, each with its variants', async t => {
	const paths = listShippedExperiments();
	t.deepEqual(
		paths.map(path => basename(path, '.yaml')),
		[
			'performance-under-load',
			'dynamic-scaling',
			'ramp',
			'spike',
			'resource-consumption',
			'cost-efficiency',
			'multi-tenant',
			'multi-tenant-noisy-neighbour',
			'self-healing',
		],
	);
	for (const path of paths) {
		t.like(await readExperiment(path), {seed: 42, replications: 20, fixed: {replicas: 6}, prices: {perPodHour: 0.029}});
	}
});

test('the poster’s pods request 500m and 1024Mi', async t => {
	for (const path of listShippedExperiments()) {
		const {deployment} = await readExperiment(path);
		const total = (resource: 'cpu' | 'memory') =>
			deployment.containers.reduce((sum, {requests}) => sum + requests[resource]!, 0);
		t.is(total('cpu'), 0.5);
		t.is(total('memory'), 1024 * 2 ** 20);
	}
});

test('every model is used up: the models that hold by default are read where none is named', async t => {
	const {deployment, metrics, prices, energy} = await readExperiment('experiments/dynamic-scaling.yaml', {
		set: ['deployment.service={distribution: exponential, mean: 1s}'],
	});
	t.like(deployment, {service: {kind: 'time'}, startup: {name: 'startup-kind'}});
	t.deepEqual(
		[typeof metrics === 'object' && metrics.name, prices.name, energy.name],
		['metrics-pipeline', 'prices-poster', 'energy-cloud'],
	);
});

for (const name of schemaNames) {
	test(`schemas/${name}.schema.json is what the schema command writes`, async t => {
		t.is(await readFile(`schemas/${name}.schema.json`, 'utf8'), schemaText(name));
	});
}
