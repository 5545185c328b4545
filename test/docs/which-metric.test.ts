import {readFile} from 'node:fs/promises';
import test from 'ava';

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
