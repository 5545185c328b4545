import test from 'ava';
import {evaluateQuery} from '../../src/promql/evaluate.ts';
import {parseQuery} from '../../src/promql/parse-query.ts';
import {nameLabel, type Sample, type Series} from '../../src/promql/series.ts';

/*
 * Cases of prometheus promql/promqltest/testdata: functions.test, histograms.test, operators.test, aggregators.test,
 * staleness.test. `0+10x3` are 0 10 20 30; `_` is no sample, `stale` a stale marker.
 */

function samplesOf(text: string, step: number): Sample[] {
	const values = text.split(/\s+/).flatMap(word => {
		const run = /^(-?[\d.]+)\+([\d.]+)x(\d+)$/.exec(word);
		return run === null
			? [word]
			: Array.from({length: Number(run[3]) + 1}, (_, index) => String(Number(run[1]) + index * Number(run[2])));
	});
	return values.flatMap((word, index) =>
		word === '_' ? [] : [{at: index * step, value: word === 'stale' ? undefined : Number(word)}],
	);
}

function load(step: number, lines: Readonly<Record<string, string>>): readonly Series[] {
	return Object.entries(lines).map(([text, values]) => {
		const [, name = '', inside = ''] = /^([\w:]+)(?:\{(.*)\})?$/.exec(text)!;
		const labels = [...inside.matchAll(/(\w+)="([^"]*)"/g)].map(([, label, value]) => [label!, value!] as const);
		return {labels: new Map([[nameLabel, name], ...labels]), samples: samplesOf(values, step)};
	});
}

const minutes = 60_000;

function ask(series: readonly Series[], at: number, query: string): Record<string, number> | number {
	const value = evaluateQuery(parseQuery(query), {
		now: at,
		lookback: 5 * minutes,
		seriesOf: name => series.filter(({labels}) => labels.get(nameLabel) === name),
	});
	return typeof value === 'number'
		? value
		: Object.fromEntries(
				value.map(element => [
					[...element.labels].map(([label, text]) => `${label}=${text}`).join(','),
					Number(element.value.toPrecision(12)),
				]),
			);
}

test('increase carries on to the edges of its window, to zero at most, and counts resets', t => {
	const series = load(5 * minutes, {
		'requests_total{path="/foo"}': '0+10x10',
		'requests_total{path="/bar"}': '0+18x5 0+18x5',
		'requests_total{path="/dings"}': '10+10x10',
		'requests_total{path="/bumms"}': '1+10x10',
	});
	t.deepEqual(ask(series, 50 * minutes, 'increase(requests_total[100m])'), {
		'path=/foo': 100,
		'path=/bar': 162,
		'path=/dings': 105,
		'path=/bumms': 101,
	});
	const reset = load(5 * minutes, {'requests_total{path="/foo"}': '0 1 2 3 2 3 4'});
	t.deepEqual(ask(reset, 30 * minutes, 'increase(requests_total[30m])'), {'path=/foo': 7});
});

test('rate is per second, gives nothing for one sample, and reaches back half a gap at most', t => {
	const series = load(5 * minutes, {reset_middle_total: '0+27x4 0+27x5', reset_end_total: '0+10x9 0 10'});
	t.deepEqual(ask(series, 50 * minutes, 'rate(reset_middle_total[50m])'), {'': 0.08});
	t.deepEqual(ask(series, 50 * minutes, 'rate(reset_end_total[5m])'), {});
	t.deepEqual(ask(series, 50 * minutes, 'rate(reset_end_total[6m])'), {'': 0});
	const cutoff = load(4 * minutes, {
		'cut_total{start="0m"}': '0+240x10',
		'cut_total{start="1m"}': '60+240x10',
		'cut_total{start="2m"}': '120+240x10',
		'cut_total{start="5m"}': '300+240x10',
	});
	t.deepEqual(ask(cutoff, 10 * minutes, 'rate(cut_total[20m])'), {
		'start=0m': 0.5,
		'start=1m': 0.55,
		'start=2m': 0.6,
		'start=5m': 0.6,
	});
	t.deepEqual(ask(cutoff, 50 * minutes, 'rate(cut_total{start="0m"}[20m])'), {'start=0m': 0.6});
});

test('irate takes the last two samples, delta falls too', t => {
	const series = load(5 * minutes, {
		'requests_total{path="/foo"}': '0+10x10',
		'requests_total{path="/bar"}': '0+10x5 0+10x5',
		'gauge{path="/foo"}': '0 50 100 150 200',
		'gauge{path="/bar"}': '200 150 100 50 0',
	});
	t.deepEqual(ask(series, 50 * minutes, 'irate(requests_total[50m])'), {
		'path=/foo': Number((1 / 30).toPrecision(12)),
		'path=/bar': Number((1 / 30).toPrecision(12)),
	});
	t.deepEqual(ask(series, 30 * minutes, 'irate(requests_total{path="/bar"}[50m])'), {'path=/bar': 0});
	t.deepEqual(ask(series, 20 * minutes, 'delta(gauge[20m])'), {'path=/foo': 200, 'path=/bar': -200});
});

test('functions over a window', t => {
	const series = load(10_000, {metric: '1 2 3 4 NaN 6', gap: '5 _ 1 stale 2'});
	t.deepEqual(ask(series, 30_000, 'avg_over_time(metric[1m])'), {'': 2.5});
	t.deepEqual(ask(series, 30_000, 'sum_over_time(metric[1m])'), {'': 10});
	t.deepEqual(ask(series, 50_000, 'max_over_time(metric[1m])'), {'': 6});
	t.deepEqual(ask(series, 50_000, 'min_over_time(metric[1m])'), {'': 1});
	t.deepEqual(ask(series, 40_000, 'count_over_time(gap[1m])'), {'': 3});
	t.deepEqual(ask(series, 30_000, 'last_over_time(gap[1m])'), {'__name__=gap': 1});
});

test('a series ends at a stale marker and 5 min after its last sample; windows are open at their start', t => {
	const series = load(10_000, {metric: '0 1 stale 2'});
	t.deepEqual(ask(series, 10_000, 'metric'), {'__name__=metric': 1});
	t.deepEqual(ask(series, 20_000, 'metric'), {});
	t.deepEqual(ask(series, 40_000, 'metric'), {'__name__=metric': 2});
	t.deepEqual(ask(series, 329_999, 'metric'), {'__name__=metric': 2});
	t.deepEqual(ask(series, 330_000, 'metric'), {});
	t.deepEqual(ask(series, 30_000, 'count_over_time(metric[1m])'), {'': 3});
	t.deepEqual(ask(series, 20_000, 'count_over_time(metric[10s])'), {});
	t.deepEqual(ask(series, 20_000, 'count_over_time(metric[20s])'), {'': 1});
});

const histograms = load(5 * minutes, {
	'x_bucket{le="0.1", start="positive"}': '0+5x10',
	'x_bucket{le=".2", start="positive"}': '0+7x10',
	'x_bucket{le="1e0", start="positive"}': '0+11x10',
	'x_bucket{le="+Inf", start="positive"}': '0+12x10',
	'x_bucket{le="-.2", start="negative"}': '0+1x10',
	'x_bucket{le="-0.1", start="negative"}': '0+2x10',
	'x_bucket{le="0.3", start="negative"}': '0+2x10',
	'x_bucket{le="+Inf", start="negative"}': '0+3x10',
	'request_bucket{job="job1", instance="ins1", le="0.1"}': '0+1x10',
	'request_bucket{job="job1", instance="ins1", le="0.2"}': '0+3x10',
	'request_bucket{job="job1", instance="ins1", le="+Inf"}': '0+4x10',
	'request_bucket{job="job1", instance="ins2", le="0.1"}': '0+2x10',
	'request_bucket{job="job1", instance="ins2", le="0.2"}': '0+5x10',
	'request_bucket{job="job1", instance="ins2", le="+Inf"}': '0+6x10',
	'request_bucket{job="job2", instance="ins1", le="0.1"}': '0+3x10',
	'request_bucket{job="job2", instance="ins1", le="0.2"}': '0+4x10',
	'request_bucket{job="job2", instance="ins1", le="+Inf"}': '0+6x10',
	'request_bucket{job="job2", instance="ins2", le="0.1"}': '0+4x10',
	'request_bucket{job="job2", instance="ins2", le="0.2"}': '0+7x10',
	'request_bucket{job="job2", instance="ins2", le="+Inf"}': '0+9x10',
});

test('histogram_quantile lies inside its bucket', t => {
	const quantile = (q: string, of = 'x_bucket') => ask(histograms, 50 * minutes, `histogram_quantile(${q}, ${of})`);
	t.deepEqual(quantile('-0.1'), {'start=positive': -Infinity, 'start=negative': -Infinity});
	t.deepEqual(quantile('1.01'), {'start=positive': Infinity, 'start=negative': Infinity});
	t.deepEqual(quantile('NaN'), {'start=positive': NaN, 'start=negative': NaN});
	t.deepEqual(quantile('0'), {'start=positive': 0, 'start=negative': -0.2});
	t.deepEqual(quantile('1'), {'start=positive': 1, 'start=negative': 0.3});
	t.deepEqual(quantile('0.2'), {'start=positive': 0.048, 'start=negative': -0.2});
	t.deepEqual(quantile('0.5'), {'start=positive': 0.15, 'start=negative': -0.15});
	t.deepEqual(quantile('0.8', 'rate(x_bucket[10m])'), {'start=positive': 0.72, 'start=negative': 0.3});
	t.deepEqual(quantile('0.3', 'sum(rate(request_bucket[10m])) by (le)'), {'': 0.075});
	t.deepEqual(quantile('0.5', 'avg(rate(request_bucket[10m])) by (le)'), {'': 0.127777777778});
	t.deepEqual(quantile('0.3', 'sum by (le, job) (rate(request_bucket[10m]))'), {
		'job=job1': 0.1,
		'job=job2': 0.0642857142857,
	});
	t.deepEqual(quantile('0.5', 'sum without (job, instance) (rate(request_bucket[10m]))'), {'': 0.127777777778});
});

const requests = load(5 * minutes, {
	'http{job="api", instance="0", group="production"}': '0+10x10',
	'http{job="api", instance="1", group="production"}': '0+20x10',
	'http{job="api", instance="0", group="canary"}': '0+30x10',
	'http{job="app", instance="0", group="production"}': '0+50x10',
	'vector_a{l="x"}': '10',
	'vector_a{l="y"}': '20',
	'vector_b{l="x"}': '40',
});

test('aggregations and operators', t => {
	const at = (query: string) => ask(requests, 50 * minutes, query);
	t.deepEqual(at('sum(http)'), {'': 1100});
	t.deepEqual(at('SUM BY (group) (http{job="api"})'), {'group=production': 300, 'group=canary': 300});
	t.deepEqual(at('avg by (job) (http)'), {'job=api': 200, 'job=app': 500});
	t.deepEqual(at('count(http{group=~"pro.*"})'), {'': 3});
	t.deepEqual(at('max(http) - min(http)'), {'': 400});
	t.deepEqual(at('sum(http{group!="canary"}) / count(http{group!~"can.*|x"})'), {'': 266.666666667});
	t.deepEqual(at('sum by (job, le) (http)'), {'job=api': 600, 'job=app': 500});
	t.deepEqual(at('2 - sum(http) % 3'), {'': 0});
	t.deepEqual(at('1 + 2 * 3 > bool 6'), 1);
	t.deepEqual(at('clamp_max(sum(http), 7) + clamp_min(sum(http), 2000) + scalar(vector(1e3))'), {'': 3007});
	t.deepEqual(at('-http{job="app"}'), {'job=app,instance=0,group=production': -500});
	t.deepEqual(at('sum(http > 400)'), {'': 500});
	t.deepEqual(at('sum(http > bool 250)'), {'': 2});
});

test('vectors match by their labels; or takes the other side where one has nothing', t => {
	const at = (query: string) => ask(requests, 60_000, query);
	t.deepEqual(at('vector_a * vector_b'), {'l=x': 400});
	t.deepEqual(at('vector_a < vector_b'), {'__name__=vector_a,l=x': 10});
	t.deepEqual(at('sum(nothing) or vector(0)'), {'': 0});
	t.deepEqual(at('sum(vector_a) or vector(0)'), {'': 30});
	t.deepEqual(at('vector_a unless vector_b'), {'__name__=vector_a,l=y': 20});
	t.deepEqual(at('vector_a and on(l) vector_b'), {'__name__=vector_a,l=x': 10});
	t.deepEqual(at('absent(nothing{job="a", x=~"y"})'), {'job=a': 1});
	t.deepEqual(at('absent(vector_a)'), {});
	t.deepEqual(at('scalar(vector_a)'), NaN);
	t.throws(() => at('vector_a / on(x) vector_b'), {message: /several with the same labels/});
});
