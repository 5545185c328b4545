import test from 'ava';
import {kedaSpecOf} from '../../../src/autoscaler/keda/scaled-object.ts';
import {type TriggerReading, Triggers} from '../../../src/autoscaler/keda/triggers.ts';
import {prometheus, scaledObject} from './make-scaled-object.ts';

type Spec = Readonly<Record<string, unknown>>;

const one = {replicas: 1, readyReplicas: 1};

function triggersOf(spec: Spec, failures?: Readonly<Record<string, number>>): Triggers {
	return new Triggers(kedaSpecOf(scaledObject(spec)), failures);
}

const value = (number: number) => (): TriggerReading => ({value: number});
const failing = (): TriggerReading => ({error: 'some error'});

test('a trigger is active above its activation threshold, not at it', t => {
	const triggers = triggersOf({triggers: [prometheus({activationThreshold: '2'})]});
	t.false(triggers.poll(value(2), one).isActive);
	t.deepEqual(triggers.poll(value(2.001), one), {
		isActive: true,
		activeTriggers: ['s0-prometheus'],
		isError: false,
		isFallback: false,
	});
});

test('cpu is active alone and says nothing beside another trigger', t => {
	const cpu = {type: 'cpu', metricType: 'Utilization', metadata: {value: '60'}};
	t.true(triggersOf({triggers: [cpu]}).poll(value(0), one).isActive);
	t.false(triggersOf({triggers: [cpu, prometheus()]}).poll(value(0), one).isActive);
});

// KEDA v2.20 pkg/fallback/fallback_test.go, with its numbers.
test('a fallback serves the target times its replicas when failures exceed the threshold', t => {
	const spec = {triggers: [prometheus({threshold: '10'})], fallback: {failureThreshold: 3, replicas: 10}};
	const serve = (change: object, replicas: number, failures = 3) => {
		const fallback = {...spec.fallback, ...change};
		const triggers = triggersOf({...spec, fallback}, {'s0-prometheus': failures});
		return triggers.serve('s0-prometheus', failing, {replicas, readyReplicas: replicas});
	};
	t.deepEqual(serve({}, 5), {milli: 100_000}, 'normalised metric when failures are beyond the threshold');
	t.deepEqual(serve({}, 5, 0), {error: 'metric:s0-prometheus encountered error'}, 'bumps the number of failures');
	t.deepEqual(serve({behavior: 'currentReplicasIfHigher'}, 4), {milli: 100_000});
	t.deepEqual(serve({behavior: 'currentReplicasIfHigher'}, 12), {milli: 120_000});
	t.deepEqual(serve({behavior: 'currentReplicasIfLower'}, 4), {milli: 40_000});
	t.deepEqual(serve({behavior: 'currentReplicas'}, 6), {milli: 60_000});
	t.deepEqual(serve({behavior: 'static'}, 6), {milli: 100_000});
});

test('a fallback of a metric of type Value is divided by the ready pods', t => {
	const spec = {
		triggers: [prometheus({threshold: '10'}, {metricType: 'Value'})],
		fallback: {failureThreshold: 0, replicas: 6},
	};
	const serve = (readyReplicas: number) =>
		triggersOf(spec).serve('s0-prometheus', failing, {replicas: 4, readyReplicas});
	t.deepEqual(serve(4), {milli: 15_000});
	t.deepEqual(serve(0), {error: 'metric:s0-prometheus encountered error'});
});

test('failures are counted in a row, at polls and at questions of the HPA, and end with a value', t => {
	const triggers = triggersOf({fallback: {failureThreshold: 2, replicas: 4}});
	t.true(triggers.poll(failing, one).isError);
	t.deepEqual(triggers.serve('s0-prometheus', failing, one), {error: 'metric:s0-prometheus encountered error'});
	const state = triggers.poll(failing, one);
	t.deepEqual([state.isActive, state.isError, state.isFallback], [true, false, true]);
	t.deepEqual(triggers.serve('s0-prometheus', value(3), one), {milli: 3000});
	t.true(triggers.poll(failing, one).isError);
});

test('without a fallback an error reaches the HPA', t => {
	t.deepEqual(triggersOf({}).serve('s0-prometheus', failing, one), {error: 'metric:s0-prometheus encountered error'});
});

test('with useCachedMetrics the HPA gets the value of the last poll', t => {
	const triggers = triggersOf({triggers: [prometheus({}, {useCachedMetrics: true})]});
	t.deepEqual(triggers.serve('s0-prometheus', value(7), one), {milli: 7000}, 'before the first poll it is asked for');
	triggers.poll(value(3), one);
	t.deepEqual(triggers.serve('s0-prometheus', value(8), one), {milli: 3000});
});

// KEDA v2.20 tests/internals/scaling_modifiers/scaling_modifiers_test.go: 0+2, 3+2 and the count.
test('a formula makes the one metric and decides on activity', t => {
	const named = (name: string) => prometheus({}, {name});
	const spec = (formula: string, more: object = {}) => ({
		triggers: [named('metrics_api'), named('kw_trig')],
		advanced: {scalingModifiers: {formula, target: '2', activationTarget: '2'}},
		...more,
	});
	const readings = (api: number, kw: number) => (trigger: {readonly name?: string}) => ({
		value: trigger.name === 'kw_trig' ? kw : api,
	});
	const sum = triggersOf(spec('metrics_api + kw_trig'));
	t.deepEqual(sum.poll(readings(0, 2), one), {
		isActive: false,
		activeTriggers: [],
		composite: 2000,
		isError: false,
		isFallback: false,
	});
	t.true(sum.poll(readings(3, 2), one).isActive);
	t.deepEqual(sum.serve('composite-metric', readings(3, 2), one), {milli: 5000});
	const counted = triggersOf(spec('count([kw_trig,metrics_api],{#>1}) > 1 ? 5 : 0'));
	t.deepEqual(counted.serve('composite-metric', readings(2, 2), one), {milli: 5000});
	t.deepEqual(counted.serve('composite-metric', readings(2, 1), one), {milli: 0});
	const fallback = {failureThreshold: 0, replicas: 7};
	t.deepEqual(triggersOf(spec('metrics_api', {fallback})).serve('composite-metric', failing, one), {milli: 14_000});
});

// KEDA v2.20 pkg/scaling/modifiers/formula_test.go, TestCalculateScalingModifiersFormulaFallbackReplicas.
test('a formula goes round a trigger that has failed too often', t => {
	const triggers = triggersOf(
		{
			triggers: [prometheus({}, {name: 'trigger1'}), prometheus({}, {name: 'trigger2'})],
			advanced: {scalingModifiers: {formula: 'trigger1 ?? trigger2', target: '2'}},
			fallback: {failureThreshold: 3, replicas: 7, behavior: 'scalingModifiers'},
		},
		{'s0-prometheus': 5, 's1-prometheus': 5},
	);
	t.deepEqual(
		triggers.serve('composite-metric', failing, one),
		{milli: 14_000},
		'none is left: replicas times the target',
	);
	const secondOnly = (trigger: {readonly name?: string}): TriggerReading =>
		trigger.name === 'trigger2' ? {value: 9} : {error: 'gone'};
	t.deepEqual(triggers.serve('composite-metric', secondOnly, one), {milli: 9000});
});
