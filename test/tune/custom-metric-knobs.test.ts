import test from 'ava';
import type {HpaSpec} from '../../src/autoscaler/hpa-spec.ts';
import {bindMetrics} from '../../src/experiment/custom-metrics/bind-metrics.ts';
import {metricKey} from '../../src/experiment/custom-metrics/custom-metrics.ts';
import type {Experiment} from '../../src/experiment/experiment.ts';
import {Schedule} from '../../src/experiment/schedule.ts';
import {autoscalerControls} from '../../src/explorer/autoscaler-controls.ts';
import {experimentWith, setOptionsOf} from '../../src/explorer/settings.ts';
import {unreachableTargets, whyWithoutValue} from '../../src/forecast/custom-metric-warnings.ts';
import {findAnswer} from '../../src/forecast/find-answer.ts';
import {simulate} from '../../src/simulator/simulate.ts';
import {knobsOf} from '../../src/tune/knobs.ts';
import {presentScaling, resolveSpace} from '../../src/tune/resolve-space.ts';
import {SpaceFile} from '../../src/tune/space-file.ts';
import {makeExperiment} from '../simulator/make-experiment.ts';

const cpu = {type: 'Resource', name: 'cpu', target: {type: 'Utilization', averageUtilization: 70}} as const;

function mapped(metrics: HpaSpec['metrics'] = [cpu], minReplicas = 1): Experiment {
	const wanted = [
		{type: 'External' as const, name: 'in_flight'},
		{type: 'Pods' as const, name: 'vllm:num_requests_running'},
		{type: 'Pods' as const, name: 'vllm:kv_cache_usage_perc'},
	].map(({type, name}) => ({type, name, key: metricKey(type, name), path: []}));
	const {faults: _, ...bound} = bindMetrics(wanted, {in_flight: 'in-flight'});
	const prometheus = {name: 'test', scrape: {interval: 15, discovery: 5}, lookback: 300, relist: 600};
	return makeExperiment({autoscaler: {minReplicas, maxReplicas: 6, metrics}, customMetrics: {prometheus, ...bound}});
}

const gauge = (name: string, averageValueMilli: number): HpaSpec['metrics'][number] => ({
	type: 'Pods',
	name,
	target: {type: 'AverageValue', averageValueMilli},
});

test('a space chooses among metrics and their targets', t => {
	const experiment = mapped();
	const knobs = knobsOf(experiment);
	const present = presentScaling(experiment);
	t.is(knobs.get('metric')!.read(present), 'cpu');
	t.is(knobs.get('in_flight.target')!.read(present), 'none');
	const targeted = knobs.get('in_flight.target')!.write(present, 1.5);
	t.is(knobs.get('metric')!.read(targeted), 'all');
	const only = knobs.get('metric')!.write(targeted, 'in_flight');
	t.deepEqual(only.autoscaler.metrics, [
		{type: 'External', name: 'in_flight', target: {type: 'AverageValue', averageValueMilli: 1500}},
	]);
	t.deepEqual(knobs.get('metric')!.write(targeted, 'memory'), targeted, 'a metric without a target cannot stay alone');
	const settings = {metric: {choices: ['cpu', 'in_flight']}, 'in_flight.target': {choices: ['500m', 2]}};
	const file = SpaceFile.parse({kind: 'TuningSpace', name: 'x', settings});
	const space = resolveSpace(file, experiment, {hasTolerance: false});
	t.deepEqual('settings' in space && space.settings.map(({name, values}) => [name, values]), [
		['in_flight.target', [0.5, 2]],
		['metric', ['cpu', 'in_flight']],
	]);
	t.false(knobsOf(makeExperiment({autoscaler: {minReplicas: 1, maxReplicas: 2, metrics: [cpu]}})).has('metric'));
});

test('the explorer switches between metrics and gives the options for the same', t => {
	const experiment = mapped();
	const controls = autoscalerControls(experiment);
	t.true(controls.some(({name}) => name === 'metric'));
	const settings = new Map<string, number | string>([
		['in_flight.target', 2],
		['metric', 'in_flight'],
	]);
	const changed = experimentWith(experiment, controls, settings);
	t.deepEqual(setOptionsOf(changed, controls, settings), [
		'autoscaler.metrics=[{"type":"External","external":{"metric":{"name":"in_flight"},"target":{"type":"AverageValue","averageValue":"2"}}}]',
	]);
	t.throws(() => experimentWith(experiment, controls, new Map([['cpu.averageUtilization', 'none']])), {
		message: 'Expected a metric to have a target, got none',
	});
});

test('a target above all that a metric can show is said', t => {
	const [warning] = unreachableTargets(mapped([gauge('vllm:num_requests_running', 4000)]));
	t.regex(warning!, /The target of vllm:num_requests_running, 4, is never passed: it shows at most 1 a pod/);
	t.deepEqual(unreachableTargets(mapped([gauge('vllm:num_requests_running', 500)])), []);
	t.deepEqual(unreachableTargets(mapped()), []);
});

test('a metric that nothing exports has its reason, and one of the pods at zero', t => {
	t.regex(whyWithoutValue(mapped([gauge('vllm:kv_cache_usage_perc', 500)]), 0), /^; nothing exports vllm:kv_cache/);
	t.regex(whyWithoutValue(mapped([gauge('vllm:num_requests_running', 500)], 0), 0), /at zero pods it does not exist/);
	t.is(whyWithoutValue(mapped([gauge('vllm:num_requests_running', 500)]), 0), '');
	t.is(whyWithoutValue(mapped(), 0), '');
});

test('the answer names a metric that nothing exports, and one whose target is out of reach', t => {
	const missed = {...mapped([gauge('vllm:num_requests_running', 4000)]), slo: {p95: 0.1}};
	const run = simulate(missed, {replication: 0, arm: 'dynamic', schedule: new Schedule(missed, 0), isRecorded: false});
	t.like(findAnswer(missed, [{dynamic: run}]).cause, {kind: 'out-of-reach', metric: 'vllm:num_requests_running'});
	const dead = {...mapped([gauge('vllm:kv_cache_usage_perc', 500)]), slo: {p95: 0.1}};
	const left = simulate(dead, {replication: 0, arm: 'dynamic', schedule: new Schedule(dead, 0), isRecorded: false});
	t.like(findAnswer(dead, [{dynamic: left}]).cause, {kind: 'no-metric', metric: 'vllm:kv_cache_usage_perc'});
});
