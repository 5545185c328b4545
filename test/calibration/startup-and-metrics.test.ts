import test from 'ava';
import {mean, median} from 'simple-statistics';
import {joined} from '../../src/calibration/fit-calibration.ts';
import {metricDelays, metricPeriods} from '../../src/calibration/metric-delays.ts';
import {observedDistribution} from '../../src/calibration/model-document.ts';
import {startupTimes} from '../../src/calibration/startup-times.ts';
import type {Recording} from '../../src/records/record.ts';
import {longestSpan} from '../../src/records/table-limits.ts';
import {record} from './records.ts';

const records = [0, 1, 2, 3, 4, 5, 6].map(replication => record({}, replication).recording);
const times = joined(records.map(recording => startupTimes(recording)));
const delays = joined(records.map(metricDelays));
const close = (value: number, expected: number, within: number) => Math.abs(value - expected) <= within;

test('the stages of starts have the distributions that they were drawn from', t => {
	t.true(times.pods > 20, `${times.pods}`);
	const started = times.modelLoad.filter(time => time > 0); // the first pods were there all along
	t.true(close(mean(started), 3, 0.3), `${mean(started)}`);
	t.true(started.every(time => time >= 2 && time <= 4));
	const created = times.create.filter(time => time > 0);
	t.true(created.length > 0 && created.every(time => close(time, 0.1, 1e-6)));
	t.true(times.containers.filter(time => time > 0).every(time => time >= 1 && time <= 1.5));
	t.true(times.probe.every(time => time >= 0 && time <= 2));
	t.true(times.firstServed.length > 20);
});

test('of pods under load the first ones are left out', t => {
	const underLoad = joined(records.map(recording => startupTimes(recording, 'under load')));
	t.is(times.pods - underLoad.pods, records.length * 2);
	t.true(underLoad.modelLoad.every(time => time >= 2 && time <= 4));
});

test('scrapes and reconciles have the periods that they were made with', t => {
	const {scrape, sync, latencies} = metricPeriods(delays);
	t.true(close(scrape, 15, 0.1), `${scrape}`);
	t.is(sync, 15);
	t.true(latencies.every(latency => latency >= 0.0099 && latency <= 0.0501));
	t.true(close(mean(latencies), 0.03, 0.003));
});

test('ages, spans and the time until a new pod counts are those of the metric chain', t => {
	t.true(close(median([...delays.ages]), 16, 3), `${median([...delays.ages])}`);
	t.true(delays.windows.every(window => window > 0 && window <= 61));
	t.true(close(mean([...delays.firstCounted]), 45, 8), `${mean([...delays.firstCounted])}`);
	t.true(delays.duration > 7 * 960 && delays.duration < 7 * 1000, `${delays.duration}`); // from before time 0 on
});

test('a sample without a span of its own tells nothing of the spans', t => {
	const [whole] = records as [Recording];
	const {samples} = whole.tables;
	const windows = samples.windowSeconds.map((window, row) => (row < 4 ? longestSpan : window));
	const spoilt = {...whole, tables: {...whole.tables, samples: {...samples, windowSeconds: windows}}};
	const {windows: left, duration} = metricDelays(spoilt);
	t.is(left.length, metricDelays(whole).windows.length - 4);
	t.true(left.every(window => window <= 61));
	t.true(duration < 1000, `${duration}`);
});

test('few values are kept as they are, many as quantiles, and none is below 0', t => {
	t.deepEqual(observedDistribution([0.3, 0.1, -0.0002]), {distribution: 'empirical', values: [0, 0.1, 0.3]});
	const many = observedDistribution(Array.from({length: 1000}, (_, index) => index / 1000));
	t.true(many.distribution === 'empirical' && many.values.length === 50);
	t.true(many.distribution === 'empirical' && close(mean([...many.values]), 0.5, 0.001));
});
