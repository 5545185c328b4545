import test from 'ava';
import {meanMetricAge, metricAgeOf} from '../../../src/calibration/recordings/metric-age.ts';
import {metricsParameters} from '../../../src/calibration/recordings/metrics-parameters.ts';
import type {Parameter} from '../../../src/calibration/recordings/parameter.ts';
import type {SettingEstimate} from '../../../src/calibration/recordings/setting-estimate.ts';
import type {MetricsModel} from '../../../src/experiment/experiment.ts';
import {readExperiment} from '../../../src/store/experiments/read-experiment.ts';

const own = await readExperiment('experiments/ramp.yaml');
const model = own.metrics as MetricsModel;
const [pipeline, scrapePeriod] = metricsParameters.map(parameter => parameter(own) as Parameter);

function estimate(parameter: Parameter, value: number, possible: readonly number[]): SettingEstimate {
	const isIdentified = possible.length < parameter.values.length;
	return {parameter, found: value, value, possible, isIdentified};
}

test('the age is half the window and the waits: two scrapes, the kubelet’s readings or the window of a query', t => {
	const base = {...model, housekeeping: {...model.housekeeping, period: 10}, scrape: {...model.scrape, period: 60}};
	t.is(meanMetricAge(base), 5 + 30 + 30);
	t.is(meanMetricAge({...base, hasKubeletRate: true}), 5 + 30 + 5);
	t.is(meanMetricAge({...base, rateWindow: 120}), 5 + 60);
});

test('the interval of the age covers the sources and periods that are possible, those that go together', t => {
	const waiting = model.housekeeping.period / 2;
	// Prometheus over 60 s does not go with a scrape every 60 s.
	const choice = (name: string) => pipeline!.choices!.indexOf(name);
	const [server, minute] = [choice('metrics-server from 0.4 on'), choice('Prometheus with a rate over 60 s')];
	const found = metricAgeOf(
		[estimate(pipeline!, server, [server, minute]), estimate(scrapePeriod!, 60, [15, 60])],
		own,
	);
	t.deepEqual(found, {seconds: waiting + 60, low: waiting + 15, high: waiting + 60, isIdentified: true});
	const all = [pipeline!, scrapePeriod!].map(one => estimate(one, one.start, one.values));
	t.false(metricAgeOf(all, own)!.isIdentified);
	t.is(metricAgeOf(all.slice(0, 1), own), undefined);
});
