import test from 'ava';
import fc from 'fast-check';
import {toleranceOf} from '../../src/autoscaler/arithmetic.ts';
import {evaluateMetric} from '../../src/autoscaler/evaluate-metric.ts';
import {explain} from '../../src/autoscaler/explain.ts';
import type {MetricSpec} from '../../src/autoscaler/hpa-spec.ts';
import {policyDownLimit, policyUpLimit} from '../../src/autoscaler/limit.ts';
import {
	defaultControllerConfig,
	type PodMetricsView,
	type ReconcileInput,
	reconcile,
} from '../../src/autoscaler/reconcile.ts';
import {anyInput, anyState, matchedInput} from './random-input.ts';

const runs = {numRuns: 2000, seed: 4};

const isInside = ({spec, specReplicas}: ReconcileInput) =>
	specReplicas >= spec.minReplicas && specReplicas <= spec.maxReplicas;

test('INV-3 replicas stay within bounds, unless the target is at 0', t => {
	fc.assert(
		fc.property(anyInput, anyState, (input, state) => {
			const {desiredReplicas} = reconcile(input, state);
			return input.specReplicas === 0
				? desiredReplicas === 0
				: desiredReplicas >= input.spec.minReplicas && desiredReplicas <= input.spec.maxReplicas;
		}),
		runs,
	);
	t.pass();
});

test('the order of pods and of their metrics does not matter', t => {
	const shuffled = anyInput.chain(input =>
		fc.record({
			input: fc.constant(input),
			pods: fc.shuffledSubarray([...input.pods], {minLength: input.pods.length}),
			podMetrics: fc.shuffledSubarray([...(input.podMetrics ?? [])], {minLength: input.podMetrics?.length ?? 0}),
		}),
	);
	fc.assert(
		fc.property(shuffled, anyState, ({input, pods, podMetrics}, state) => {
			t.deepEqual(reconcile({...input, pods, podMetrics}, state), reconcile(input, state));
		}),
		runs,
	);
});

test('a change from inside the bounds never exceeds what the policies allow', t => {
	fc.assert(
		fc.property(anyInput.filter(isInside), anyState, (input, state) => {
			const {desiredReplicas} = reconcile(input, state);
			const {behavior} = input.spec;
			if (behavior === undefined) {
				return desiredReplicas <= Math.max(2 * input.specReplicas, 4);
			}

			const ups = behavior.scaleUp.policies.map(policy => policyUpLimit(policy, input, state));
			const downs = behavior.scaleDown.policies.map(policy => policyDownLimit(policy, input, state));
			const most = {Max: Math.max(...ups), Min: Math.min(...ups), Disabled: 0}[behavior.scaleUp.selectPolicy];
			const least = {Max: Math.min(...downs), Min: Math.max(...downs), Disabled: 99}[behavior.scaleDown.selectPolicy];
			return (
				desiredReplicas <= Math.max(most, input.specReplicas) && desiredReplicas >= Math.min(least, input.specReplicas)
			);
		}),
		runs,
	);
	t.pass();
});

test('a decision changes nothing that it is given', t => {
	fc.assert(
		fc.property(anyInput, anyState, (input, state) => {
			const before = structuredClone({input, state});
			reconcile(input, state);
			explain(input, state);
			t.deepEqual({input, state}, before);
		}),
		{numRuns: 300, seed: 4},
	);
});

test('an explanation tells the decision itself', t => {
	fc.assert(
		fc.property(anyInput, anyState, (input, state) => {
			const {decision, reach, metrics} = explain(input, state);
			t.deepEqual(decision, reconcile(input, state));
			for (const [index, {outcome}] of metrics.entries()) {
				t.is(outcome.proposal, decision.metrics[index]?.proposal);
			}

			if (decision.recommendation !== undefined) {
				t.true(decision.desiredReplicas === input.specReplicas || decision.desiredReplicas <= reach.highest);
			}
		}),
		{numRuns: 300, seed: 4},
	);
});

// The single value of an External or Object metric has no guard when pods are not Ready.
const isOfPods = ({type}: MetricSpec) => type !== 'External' && type !== 'Object';

const raised = (podMetrics: readonly PodMetricsView[], index: number, by: number): PodMetricsView[] =>
	podMetrics.map((pod, position) =>
		position === index
			? {
					...pod,
					containers: pod.containers.map(({name, usage}) => ({
						name,
						usage: Object.fromEntries(Object.entries(usage).map(([resource, value]) => [resource, value + by])),
					})),
					metrics: {queue: (pod.metrics?.['queue'] ?? 0) + by},
				}
			: pod,
	);

test('where the selector matches exactly the replicas and ignores none, more usage never gives fewer', t => {
	const more = fc.record({index: fc.nat({max: 7}), by: fc.integer({min: 1, max: 400})});
	fc.assert(
		fc.property(matchedInput, more, (input, {index, by}) => {
			const after = {
				...input,
				podMetrics: raised(input.podMetrics ?? [], index, by),
			};
			for (const metric of input.spec.metrics.filter(isOfPods)) {
				const low = evaluateMetric(metric, input, toleranceOf(input)).proposal;
				const high = evaluateMetric(metric, after, toleranceOf(after)).proposal;
				t.true((low ?? 0) <= (high ?? 0), JSON.stringify({metric, low, high}));
			}
		}),
		runs,
	);
});

test('where the selector matches exactly the replicas and ignores none, no proposal goes against its ratio', t => {
	fc.assert(
		fc.property(matchedInput, input => {
			for (const metric of input.spec.metrics.filter(isOfPods)) {
				const {proposal, usageRatio} = evaluateMetric(metric, input, toleranceOf(input));
				if (proposal !== undefined && usageRatio !== undefined) {
					t.true(usageRatio <= 1 || proposal >= input.specReplicas, JSON.stringify({metric, proposal, usageRatio}));
					t.true(usageRatio >= 1 || proposal <= input.specReplicas, JSON.stringify({metric, proposal, usageRatio}));
				}
			}
		}),
		runs,
	);
});

// The controller multiplies by ready pods, not by replicas, and guards the direction only where it fills in values.
const ratioOf = (usage: number, specReplicas: number, podCount: number): {proposal?: number; usageRatio?: number} => {
	const names = Array.from({length: podCount}, (_, index) => `pod-${index}`);
	const input: ReconcileInput = {
		now: 10_000,
		spec: {
			minReplicas: 1,
			maxReplicas: 100,
			metrics: [{type: 'Pods', name: 'queue', target: {type: 'AverageValue', averageValueMilli: 100}}],
		},
		controller: defaultControllerConfig,
		specReplicas,
		statusReplicas: specReplicas,
		pods: names.map(name => ({name, phase: 'Running', containers: []})),
		podMetrics: names.map(name => ({name, timestamp: 9990, window: 15, containers: [], metrics: {queue: usage}})),
	};
	return evaluateMetric(input.spec.metrics[0]!, input, toleranceOf(input));
};

test('elsewhere the controller scales against the ratio: a rollout surges, and pods below the target add replicas', t => {
	const {proposal, usageRatio} = ratioOf(80, 4, 8);
	t.is(usageRatio, 0.8);
	t.is(proposal, 7);
});

test('elsewhere the controller scales against the ratio: pods are yet to come, and pods above the target take replicas away', t => {
	const {proposal, usageRatio} = ratioOf(120, 10, 2);
	t.is(usageRatio, 1.2);
	t.is(proposal, 3);
});

test('elsewhere more usage can give fewer replicas: the band keeps the replicas, beyond it only ready pods count', t => {
	t.is(ratioOf(110, 10, 2).proposal, 10);
	t.is(ratioOf(120, 10, 2).proposal, 3);
});
