import test from 'ava';
import {MetricsModelFile} from '../../../src/experiment/cluster-models.ts';
import {Schedule} from '../../../src/experiment/schedule.ts';
import {counterRate} from '../../../src/simulator/metrics/counter-rate.ts';
import {simulate} from '../../../src/simulator/simulate.ts';
import {makeExperiment, openWorkload, pipeline} from '../make-experiment.ts';

const samplesOf = (from: number, to: number, valueAt: (at: number) => number) =>
	Array.from({length: (to - from) / 5 + 1}, (_, index) => {
		const at = from + 5 * index;
		return {at, value: valueAt(at)};
	});

test('a rate is the increase carried on to the edges of the window', t => {
	const steady = samplesOf(943, 998, at => 100 + at * 0.3);
	t.true(Math.abs(counterRate(steady, 1000, 60)! - 0.3) < 1e-12);
	t.is(counterRate(steady.slice(0, 1), 1000, 60), undefined);
});

test('the rate of a young series is over the whole window', t => {
	// 20 s of one core, seen from the counter's 0 on: 20 of 60 s.
	const young = samplesOf(980, 1000, at => at - 980);
	t.true(Math.abs(counterRate(young, 1000, 60)! - 20 / 60) < 1e-12);
	// First seen at 2 core-s: the series is taken back to where it was 0, two seconds earlier.
	const later = samplesOf(980, 1000, at => at - 978);
	t.true(Math.abs(counterRate(later, 1000, 60)! - 22 / 60) < 1e-12);
});

test('a counter that begins again at 0 has not fallen', t => {
	const restarted = samplesOf(943, 998, at => (at < 970 ? at - 900 : at - 970));
	t.true(counterRate(restarted, 1000, 60)! > 0.8 && counterRate(restarted, 1000, 60)! < 1);
});

const prometheus = {...pipeline, housekeeping: {period: 2, idlePeriod: 2, jitter: 0}, scrape: {period: 5, jitter: 0}};
const one = {
	minReplicas: 1,
	maxReplicas: 1,
	metrics: [{type: 'Resource', name: 'cpu', target: {type: 'Utilization', averageUtilization: 50}}],
} as const;

test('what an adapter reads from Prometheus climbs over the window after the load has begun', t => {
	const workload = {
		...openWorkload(0),
		arrivals: {
			process: 'poisson',
			cv: 1,
			interpolation: 'step',
			rate: [
				{at: 0, perSecond: 0},
				{at: 150, perSecond: 20},
			],
		},
	} as const;
	const experiment = makeExperiment({
		workload,
		autoscaler: one,
		metrics: {...prometheus, rateWindow: 60},
		duration: 400,
		deployment: {service: {kind: 'time', time: {distribution: 'constant', value: 1}}},
	});
	const schedule = new Schedule(experiment, 0);
	const {tables} = simulate(experiment, {replication: 0, arm: 'dynamic', schedule, isRecorded: true});
	const {seconds, cpuCores, windowSeconds} = tables!.samples;
	const useAt = (at: number) => {
		const row = [...seconds].findLastIndex(second => second <= at);
		return cpuCores[row]!;
	};

	t.true([...windowSeconds].every(window => window === 60));
	t.true(useAt(149) === 0);
	for (const at of [165, 180, 195, 210]) {
		t.true(Math.abs(useAt(at) - (at - 150) / 60) < 0.4, `${at}: ${useAt(at)}`);
	}

	t.true(useAt(180) > 0.15 && useAt(180) < 0.75, `${useAt(180)}`);
	t.true(Math.abs(useAt(300) - 1) < 0.1, `${useAt(300)}`);
});

test('a window goes with prometheus-adapter, and is two scrapes long', t => {
	const entry = (value: unknown, unit: string) => ({value, unit, source: 'test'});
	const file = {
		apiVersion: 'replicast/v1',
		kind: 'MetricsModel',
		name: 'test',
		status: 'uncalibrated',
		date: '2026-11-28',
		housekeeping: {period: entry(10, 's'), idlePeriod: entry(15, 's'), jitter: entry(1, '1')},
		scrape: {period: entry(30, 's'), jitter: entry(0, '1')},
		sync: {period: entry(15, 's'), latency: entry({distribution: 'constant', value: 0.02}, 's')},
	};
	const messages = (parts: object) =>
		MetricsModelFile.safeParse({...file, ...parts}).error?.issues.map(
			({path, message}) => `${path.join('.')}: ${message}`,
		);
	t.is(messages({}), undefined);
	t.is(messages({pipeline: 'metrics-server'}), undefined);
	t.is(messages({pipeline: 'prometheus-adapter', rateWindow: entry(60, 's')}), undefined);
	t.deepEqual(messages({pipeline: 'prometheus-adapter'}), [
		'rateWindow: the window of the rate that prometheus-adapter asks for',
	]);
	t.deepEqual(messages({rateWindow: entry(60, 's')}), [
		'rateWindow: no window of a rate without pipeline: prometheus-adapter',
	]);
	t.deepEqual(messages({pipeline: 'prometheus-adapter', rateWindow: entry(59, 's')}), [
		'rateWindow: a window of at least two scrapes, 60 s',
	]);
});
