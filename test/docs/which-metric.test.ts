import {readFile} from 'node:fs/promises';
import test from 'ava';
import {experimentHash} from '../../src/experiment/experiment-hash.ts';
import {Schedule} from '../../src/experiment/schedule.ts';
import {armEconomics} from '../../src/forecast/economics.ts';
import {simulate} from '../../src/simulator/simulate.ts';
import {readExperiment} from '../../src/store/experiments/read-experiment.ts';

/** Comparison of the metrics on one experiment, as scripts/which-metric makes it for the page. */
type Comparison = readonly {
	readonly metric: {readonly name: string};
	readonly chosen: {readonly cost: {readonly mean: number}; readonly p95: {readonly mean: number}};
}[];

test('docs/which-metric.md has the figures that npm run which-metric computes', async t => {
	const page = await readFile('docs/which-metric.md', 'utf8');
	const script = new URL('../../../scripts/which-metric/compare-metrics.js', import.meta.url).href;
	const {compareMetrics} = (await import(script)) as {compareMetrics: (path: string) => Promise<Comparison>};
	const results = await compareMetrics('experiments/self-healing.yaml');
	const own = page.slice(page.indexOf('\n## self-healing\n'));
	t.is(results.length, 4);
	for (const {metric, chosen} of results) {
		const row = own.split('\n').find(line => line.startsWith(`| ${metric.name} |`));
		t.true(row?.includes(`$${Number(chosen.cost.mean.toPrecision(3))} `), `${metric.name}: ${row}`);
		t.true(row?.includes(` ${Number(chosen.p95.mean.toPrecision(3))} s `), `${metric.name}: ${row}`);
	}
});

test('the poster of the vLLM experiments has the figures that scripts/vllm/write-poster.js would write', async t => {
	const {experiments, figures} = JSON.parse(await readFile('docs/pictures/vllm/poster.json', 'utf8')) as {
		experiments: Readonly<Record<string, string>>;
		figures: readonly {readonly kpi: string; readonly value: number}[];
	};
	t.is(Object.keys(experiments).length, 4);
	for (const [name, hash] of Object.entries(experiments)) {
		t.is(experimentHash(await readExperiment(`experiments/${name}.yaml`)), hash, name);
	}

	const experiment = await readExperiment('experiments/vllm-warm-pod.yaml');
	const runs = Array.from({length: experiment.replications}, (_, replication) =>
		simulate(experiment, {
			replication,
			arm: 'dynamic',
			schedule: new Schedule(experiment, replication),
			isRecorded: false,
		}),
	);
	const shown = figures.find(({kpi}) => kpi === 'vllm-warm-pod: Cost per million output tokens');
	t.is(armEconomics(experiment, runs).costPerMillionOutputTokens.mean, shown!.value);
	t.true((await readFile('docs/engines.md', 'utf8')).includes('](pictures/vllm/poster.png)'));
});
