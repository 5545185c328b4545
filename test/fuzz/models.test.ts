import {readFileSync} from 'node:fs';
import anyTest from 'ava';
import fc from 'fast-check';
import {parse} from 'yaml';
import type * as z from 'zod';
import {MetricsModelFile, ServiceModelFile} from '../../src/experiment/cluster-models.ts';
import {PrometheusModelFile} from '../../src/experiment/custom-metrics/prometheus-model.ts';
import {EnergyModelFile, PriceBookFile} from '../../src/experiment/price-book.ts';
import {EngineModelFile} from '../../src/experiment/serving/engine-model.ts';
import {ServerModelFile} from '../../src/experiment/serving/server-model.ts';
import {StartupModelFile} from '../../src/experiment/serving/startup-model.ts';
import {readModel, readPriceBooks} from '../../src/store/experiments/read-model.ts';
import {applySetting} from '../../src/store/experiments/set-option.ts';
import {readSpace} from '../../src/store/inputs/read-space.ts';
import {checkTree, faultLines} from '../../src/store/yaml/describe-issues.ts';
import {plainValue, type SourceNode} from '../../src/store/yaml/source-tree.ts';
import {treeOfValue} from '../../src/store/yaml/tree-builder.ts';
import {resolveSpace} from '../../src/tune/resolve-space.ts';
import {SpaceFile} from '../../src/tune/space-file.ts';
import {scaledExperiment} from '../tune/make-space.ts';
import {hostileValues, mutatedText} from './hostile.ts';
import {inputs, inputsOr, place, readsAll, refuse, seed} from './reads-all.ts';

/* Models, price books, spaces of tune and the paths of --set, as readers.test.ts does it. */

const test = anyTest.serial;

const models: Readonly<Record<string, {readonly file: string; readonly schema: z.ZodType}>> = {
	'service models': {file: 'models/tinyllama.yaml', schema: ServiceModelFile},
	'server models': {file: 'models/web-single-thread.yaml', schema: ServerModelFile},
	'engine models': {file: 'models/engines/llama-3.1-8b-rtx-pro-6000.yaml', schema: EngineModelFile},
	'start-up models': {file: 'models/startup-kind.yaml', schema: StartupModelFile},
	'Prometheus models': {file: 'models/prometheus.yaml', schema: PrometheusModelFile},
	'metrics models': {file: 'models/metrics-pipeline.yaml', schema: MetricsModelFile},
	'energy models': {file: 'models/energy-cloud.yaml', schema: EnergyModelFile},
	'price books': {file: 'models/prices-nodes-aws-m5-large.yaml', schema: PriceBookFile},
};

/** A long text of where a number is from only makes the copies slow. */
const short = (_: string, value: unknown) => (typeof value === 'string' ? value.slice(0, 30) : value);

for (const [title, {file, schema}] of Object.entries(models)) {
	test(title, async t => {
		const text = JSON.stringify(parse(readFileSync(file, 'utf8')), short);
		const isBook = title === 'price books';
		const reader = {
			file: async (path: string) => void (await (isBook ? readPriceBooks([path]) : readModel(path, schema))),
			tree: (tree: SourceNode) => {
				const checked = checkTree(schema, tree);
				if ('faults' in checked) {
					refuse(faultLines(tree, checked.faults));
				}
			},
		};
		await readsAll(t, text, reader, inputsOr(inputs / 5)); // one reader reads them all; a whole number, or the runs never end
	});
}

const space = `apiVersion: replicast/v1
kind: TuningSpace
name: fuzz
settings:
  minReplicas: {from: 1, to: 3}
  cpu.averageUtilization: {from: 50, to: 90, step: 10}
  scaleDown.stabilizationWindowSeconds: {choices: [0, 60, 300]}
  scaleUp.pods: {choices: [none, "4/60s"]}
  ollama.requests.cpu: {from: 200m, to: 600m, step: 100m}
conditions: [2 * minReplicas <= maxReplicas, cpu.averageUtilization > 40]
`;

test('spaces of tune', async t => {
	const experiment = scaledExperiment();
	await readsAll(t, space, {
		file: async path => void (await readSpace(path, experiment, {hasTolerance: false})),
		tree: tree => {
			const checked = checkTree(SpaceFile, tree);
			const resolved = 'faults' in checked ? checked : resolveSpace(checked.value, experiment, {hasTolerance: false});
			if ('faults' in resolved) {
				refuse(faultLines(tree, resolved.faults));
			}

			const values = resolved.settings.reduce((sum, setting) => sum + setting.values.length, 0);
			if (values > 1000 * resolved.settings.length) {
				throw new Error(`Expected at most 1000 values each, got ${values}`);
			}
		},
	});
});

test('--set', async t => {
	const tree = treeOfValue(
		{
			name: 'fuzz',
			workload: {arrivals: {rate: [{at: '0s', perSecond: 0.2}]}, tenants: [{name: 'a'}]},
			deployment: {service: {work: {value: 1, unit: 's', source: 'x'}}, startup: '5s'},
			autoscaler: {minReplicas: 2, spec: {maxReplicas: 6}},
		},
		place,
	);
	const before = JSON.stringify(plainValue(tree));
	const key = fc.constantFrom(
		...['workload', 'arrivals', 'rate', 'tenants', 'deployment', 'service', 'work', 'autoscaler', 'spec', 'metrics'],
		...['minReplicas', 'prices', 'energy', '0', '1', '-1', '999999', '1e9', '4294967295', '', ' ', 'x'.repeat(5000)],
		...['__proto__', 'constructor', 'prototype', 'toString', 'length', '../../etc/passwd', '\u0000', '💥'],
	);
	const paths = fc.array(key, {minLength: 1, maxLength: 6}).map(keys => keys.join('.'));
	const values = fc.oneof(
		fc.constantFrom(...hostileValues).map(value => String(JSON.stringify(value))),
		mutatedText('{a: [1, &b 2], c: *b}'),
	);
	const settings = fc.oneof(
		{weight: 8, arbitrary: fc.tuple(paths, values).map(([path, value]) => `${path}=${value}`)},
		{weight: 1, arbitrary: mutatedText('workload.arrivals.rate.0.perSecond=2')},
	);
	let [taken, refused] = [0, 0];
	await fc.assert(
		fc.asyncProperty(settings, async text => {
			const start = performance.now();
			const {tree: changed, faults} = await applySetting(tree, text);
			if (faults.length === 0) {
				taken++;
				JSON.stringify(plainValue(changed));
			} else {
				refused++;
				for (const {message} of faults) {
					if (!/^Expected .+/.test(message)) {
						throw new Error(`Expected a fault, got ${message}`);
					}
				}
			}

			if (performance.now() - start > 1000) {
				throw new Error(`Expected to be done in a second, took ${performance.now() - start} ms`);
			}
		}),
		{numRuns: inputs, seed},
	);
	t.is(JSON.stringify(plainValue(tree)), before);
	t.is(({} as {polluted?: unknown}).polluted, undefined);
	t.true(taken > inputs / 20 && refused > inputs / 10, `${taken} taken, ${refused} refused`);
});
