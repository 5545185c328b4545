import test from 'ava';
import {replicate} from '../../../src/forecast/replicate.ts';
import {summarize} from '../../../src/forecast/summarize.ts';
import type {Chart} from '../../../src/report/charts/chart.ts';
import {runCharts} from '../../../src/report/charts/run-charts.ts';
import {readExperiment} from '../../../src/store/experiments/read-experiment.ts';
import {steps} from '../../comparison/stand-ins.ts';
import {checkCharts} from './specification.ts';

const experiment = steps({
	name: 'steps',
	workload: {
		...steps().workload,
		tenants: [
			{name: 'a', share: 2, conversations: 1},
			{name: 'b', share: 1, conversations: 1},
		],
	},
});
const results = [0, 1, 2].map(replication => replicate(experiment, replication, {record: true}));
const summary = summarize(experiment, results);
const dynamic = results[0]!.recordings!.dynamic;

const chartsOf = (count: number, evidence: 'simulated' | 'measured' = 'simulated') =>
	runCharts({
		experiment,
		summary: count === results.length ? summary : summarize(experiment, results.slice(0, count)),
		evidence,
		timelines: new Map(results.slice(0, count).map(run => [String(run.replication), run.dynamic.timeline])),
		dynamic,
	});

const named = (charts: readonly Chart[], name: string) => charts.find(chart => chart.name === name)!.data;

test('the charts of simulated runs are valid, compile without a warning and hold their data', async t => {
	const charts = chartsOf(3);
	t.deepEqual(
		charts.map(({name}) => name),
		['scaling-timeline', 'resource-utilization', 'latency', 'cost', 'energy', 'tenants'],
	);
	await checkCharts(t, charts);
});

test('so are those of a single run, and those of measured ones', async t => {
	await checkCharts(t, chartsOf(1));
	await checkCharts(t, chartsOf(3, 'measured'));
});

test('the replicas of a single run are the record’s own', t => {
	const rows = named(chartsOf(1), 'scaling-timeline').filter(({series}) => series === 'dynamic');
	const line = results[0]!.dynamic.timeline;
	t.deepEqual(
		rows.slice(0, line.length).map(({seconds, replicas}) => [seconds, replicas]),
		line.map(([at, replicas]) => [at, replicas]),
	);
	t.deepEqual(rows.at(-1), {...rows.at(-1), seconds: experiment.duration, replicas: line.at(-1)![1], low: null});
});

test('several replications are a median in its band', t => {
	const rows = named(chartsOf(3), 'scaling-timeline').filter(({series}) => series === 'dynamic');
	t.true(rows.length > 2);
	for (const {low, replicas, high} of rows) {
		t.true(Number(low) <= Number(replicas) && Number(replicas) <= Number(high));
	}
});

test('measured runs are lines of one name', t => {
	const rows = named(chartsOf(3, 'measured'), 'scaling-timeline').filter(({series}) => series === 'measured');
	t.deepEqual([...new Set(rows.map(({run}) => run))], ['0', '1', '2']);
});

test('costs are those of the summary, with its intervals', t => {
	const {mean, low, high} = summary.dynamic.costPerHour;
	const [first] = named(chartsOf(3), 'cost');
	t.deepEqual(first, {category: 'dynamic', evidence: 'simulated', value: mean, low, high});
});

test('energy is in watt-hours', t => {
	const [first] = named(chartsOf(3), 'energy');
	t.true(Math.abs(Number(first!['value']) - summary.dynamic.energyWattHours.mean!) < 1e-9);
});

test('utilization is what the decisions saw', t => {
	const cpu = named(chartsOf(3), 'resource-utilization').filter(({series}) => series === 'CPU');
	const seen = dynamic.tables.decisions.proposals.flatMap((text, row) => {
		const at = dynamic.tables.decisions.seconds[row]!;
		const [metric] = JSON.parse(text) as {utilization?: number}[];
		return at < 0 || at > experiment.duration || metric?.utilization === undefined ? [] : [[at, metric.utilization]];
	});
	t.true(seen.length > 10);
	t.deepEqual(
		cpu.map(({seconds, utilization}) => [seconds, utilization]),
		seen,
	);
});

test('an engine has charts of its first tokens and of the time per token, with the bounds of the objective', async t => {
	const engine = await readExperiment('experiments/vllm-waiting-threshold.yaml', {set: ['duration=12m']});
	const runs = [0, 1].map(replication => replicate(engine, replication, {record: false}));
	const ofEngine = summarize(engine, runs);
	const timelines = new Map(runs.map(run => [String(run.replication), run.dynamic.timeline]));
	const charts = runCharts({
		experiment: engine,
		summary: ofEngine,
		evidence: 'simulated',
		timelines,
		dynamic: undefined,
	});
	t.deepEqual(
		charts.map(({name}) => name),
		['scaling-timeline', 'latency', 'ttft', 'tpot', 'cost', 'energy'],
	);
	await checkCharts(t, charts);
	for (const [name, figures, bound] of [
		['ttft', 'ttftSeconds', 'SLO TTFT p95'],
		['tpot', 'tpotSeconds', 'SLO TPOT p95'],
	] as const) {
		const rows = named(charts, name).filter(({category}) => category === 'p95');
		const means = [ofEngine.dynamic, ofEngine.fixed!].map(arm => arm[figures].p95!.mean);
		t.deepEqual(
			rows.map(({value}) => value),
			means,
		);
		t.true(JSON.stringify(charts.find(chart => chart.name === name)!.specification).includes(bound));
	}
});

test('the bound of an objective is within the axis, however far the values are from it', t => {
	const far = {...experiment, slo: {...experiment.slo, p95: 500}};
	const charts = runCharts({
		experiment: far,
		summary,
		evidence: 'simulated',
		timelines: new Map([['0', results[0]!.dynamic.timeline]]),
		dynamic,
	});
	for (const name of ['latency', 'tenants']) {
		const {layer} = charts.find(chart => chart.name === name)!.specification as {
			layer: {encoding: {x?: {scale?: {domain?: [number, number]}}}}[];
		};
		const ends = layer.flatMap(({encoding}) => encoding.x?.scale?.domain?.[1] ?? []);
		t.true(ends.length > 0 && ends.every(end => end > 500), `${name}: ${ends.join()}`);
	}
});
