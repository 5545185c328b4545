import test from 'ava';
import {kedaSpecOf} from '../../src/autoscaler/keda/scaled-object.ts';
import {KedaSteps} from '../../src/shadow/keda-steps.ts';
import {prometheus, scaledObject} from '../autoscaler/keda/make-scaled-object.ts';

const spec = kedaSpecOf(scaledObject({minReplicaCount: 0, triggers: [prometheus()]}));
const metric = spec.triggers[0]!.metric!;

/** Steps with a trigger that was asked at each of the times; it had the milli value from some time since the ask before. */
function stepsWith(asked: readonly (readonly [since: number, at: number, milli: number])[]): KedaSteps {
	const steps = new KedaSteps(spec);
	for (const [since, at, milli] of asked) {
		steps.see({type: 'metrics', since, at, metrics: {externalMetrics: {[metric]: milli}}} as never);
	}

	return steps;
}

test('a value that shows only after the step counts, as it may have been there at its poll', t => {
	const steps = stepsWith([[0, 10, 0]]);
	t.true(steps.add({at: 20, from: 0, to: 1}));
	t.deepEqual(steps.take(21), [], 'the trigger has not been asked again yet');
	steps.see({type: 'metrics', since: 19.8, at: 20.7, metrics: {externalMetrics: {[metric]: 30_000}}} as never);
	t.like(steps.take(22)[0], {at: 20, to: 1, isReproduced: true});
	t.deepEqual(steps.take(30), []);
});

test('a value that came after the step does not', t => {
	const steps = stepsWith([
		[0, 10, 0],
		[20.1, 20.7, 30_000],
	]);
	steps.add({at: 20, from: 0, to: 1});
	t.like(steps.take(22)[0], {decided: [0], isReproduced: false});
});

test('a change that another made, and one between larger counts, is no step', t => {
	const steps = stepsWith([[0, 10, 0]]);
	t.false(steps.add({at: 20, from: 0, to: 1, by: 'kubectl'}));
	t.false(steps.add({at: 20, from: 3, to: 2, by: 'keda'}));
	t.deepEqual(steps.take(100), []);
});
