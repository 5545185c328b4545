import test from 'ava';
import type {HpaSpec} from '../../src/autoscaler/hpa-spec.ts';
import {replicate} from '../../src/forecast/replicate.ts';
import {summarize} from '../../src/forecast/summarize.ts';
import {type ExperimentParts, makeExperiment, openWorkload} from '../simulator/make-experiment.ts';

const autoscaler: HpaSpec = {
	minReplicas: 2,
	maxReplicas: 6,
	metrics: [{type: 'Resource', name: 'cpu', target: {type: 'Utilization', averageUtilization: 70}}],
};

function forecast(parts: ExperimentParts = {}, replications = 3) {
	const experiment = makeExperiment({
		duration: 900,
		workload: {...openWorkload(1.5), timeout: 60},
		autoscaler,
		fixed: {replicas: 6},
		slo: {p95: 5},
		...parts,
	});
	const results = Array.from({length: replications}, (_, replication) =>
		replicate(experiment, replication, {record: false}),
	);
	return summarize(experiment, results);
}

test('the fixed arm costs its pods, exactly, and dynamic saves the difference', t => {
	const {dynamic, fixed, savings} = forecast();
	t.is(fixed!.costPerHour.mean, 6);
	t.is(fixed!.podHours.mean, 1.5);
	t.is(fixed!.replicas.max, 6);
	t.true(Math.abs(savings!.perHour.mean! - (6 - dynamic.costPerHour.mean!)) < 1e-9);
	t.true(Math.abs(savings!.perDay.mean! - 24 * savings!.perHour.mean!) < 1e-9);
	t.true(Math.abs(savings!.perMonth.mean! - 30 * savings!.perDay.mean!) < 1e-9);
	t.true(Math.abs(savings!.perYear.mean! - 365 * savings!.perDay.mean!) < 1e-6);
	t.true(Math.abs(savings!.fraction.mean! - savings!.perHour.mean! / 6) < 1e-9);
});

test('both arms see the same requests', t => {
	const {dynamic, fixed} = forecast();
	t.is(dynamic.requests.arrived, fixed!.requests.arrived);
});

test('without a fixed deployment there is nothing to compare', t => {
	const experiment = makeExperiment({duration: 60, autoscaler});
	const summary = summarize(experiment, [replicate(experiment, 0, {record: false})]);
	t.is(summary.fixed, null);
	t.is(summary.savings, null);
	t.is(summary.dynamic.latencySeconds.mean.low, null);
});

test('another CPU target leaves the schedule and its hash as they were', t => {
	const other = forecast({autoscaler: {...autoscaler, maxReplicas: 3}});
	t.is(other.scheduleHash, forecast().scheduleHash);
	t.not(forecast({seed: 2}).scheduleHash, other.scheduleHash);
});

test('dynamic with as many pods at least as at most is the fixed deployment', t => {
	const {dynamic, fixed} = forecast({autoscaler: {...autoscaler, minReplicas: 6}});
	t.deepEqual(dynamic, fixed!);
});

test('the warm-up is left out of cost and latency, not of the counts', t => {
	const {fixed} = forecast({warmup: 450, prices: {name: 'test', currency: 'USD', kind: 'per-pod', perPodHour: 2}});
	t.is(fixed!.podHours.mean, 0.75);
	t.is(fixed!.costPerHour.mean, 12);
	const whole = forecast().fixed!;
	t.is(fixed!.requests.arrived, whole.requests.arrived);
	t.not(fixed!.latencySeconds.mean.mean, whole.latencySeconds.mean.mean);
});

test('a run in which nothing completes has no latency, and availability 0', t => {
	const {dynamic} = forecast({
		workload: {...openWorkload(1), timeout: 1},
		deployment: {service: {kind: 'time', time: {distribution: 'constant', value: 5}}},
	});
	t.is(dynamic.latencySeconds.p95.mean, null);
	t.is(dynamic.availability.mean, 0);
	t.is(dynamic.requests.completed, 0);
});

test('pods that request nothing have no utilization', t => {
	const containers = [{name: 'ollama', requests: {}, limits: {cpu: 1}}];
	const {dynamic} = forecast({autoscaler: 'none', deployment: {containers}});
	t.deepEqual(dynamic.cpuUtilization, {mean: null, low: null, high: null});
	t.deepEqual(dynamic.memoryUtilization, {mean: null, low: null, high: null});
});

test('as many replications as are allowed can be summed up', t => {
	const experiment = makeExperiment({
		duration: 1,
		workload: openWorkload(0.01),
		fixed: {replicas: 1},
		prices: {
			name: 'nodes',
			currency: 'USD',
			kind: 'nodes',
			perNodeHour: 1,
			capacity: {cpu: 4, memory: 2 ** 34},
			allocatable: {cpu: 3.9, memory: 2 ** 33},
			mostPods: 10,
			leastNodes: 0,
			startSeconds: 0,
			removalSeconds: 0,
			split: {perCoreHour: 1, perGibibyteHour: 1},
		},
	});
	const result = replicate(experiment, 0, {record: false});
	const {replications, dynamic, economics} = summarize(
		experiment,
		Array.from({length: 100_000}, () => result),
	);
	t.is(replications, 100_000);
	t.is(dynamic.replicas.max, 1);
	t.is(economics.billing[0]!.dynamic.mostNodes, 1);
});
