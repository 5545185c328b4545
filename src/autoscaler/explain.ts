import {age, toleranceOf} from './arithmetic.ts';
import type {AutoscalerState, Decision, ReconcileInput} from './contracts.ts';
import {evaluateMetric} from './evaluate-metric.ts';
import type {MetricSpec, ScalingPolicy} from './hpa-spec.ts';
import {policyDownLimit, policyUpLimit, scaleDownLimit, scaleUpLimit} from './limit.ts';
import type {MetricOutcome} from './pod-groups.ts';
import {type PodStanding, podStandingOf} from './pod-groups.ts';
import {reconcile} from './reconcile.ts';
import {requestsOf} from './requests.ts';
import {readSamples} from './samples.ts';
import {type StabilizationWindows, stabilizationWindows} from './stabilize.ts';

/** Kind of a pod in the count for one metric. */
export type ExplainedPod = {
	readonly name: string;
	readonly standing: PodStanding;
	/** Usage in milli-units. */
	readonly value?: number;
	/** Request in milli-units, where the target is a utilization. */
	readonly request?: number;
};

export type ExplainedMetric = {
	readonly spec: MetricSpec;
	readonly outcome: MetricOutcome;
	/** Empty for metrics that are not of pods. */
	readonly pods: readonly ExplainedPod[];
	/** Pods that have metrics and are not matched by the selector. */
	readonly strangers: readonly string[];
};

type ExplainedRecommendation = {
	readonly replicas: number;
	/** [s] */
	readonly age: number;
	readonly isInUpWindow: boolean;
	readonly isInDownWindow: boolean;
};

type ExplainedPolicy = ScalingPolicy & {
	readonly direction: 'up' | 'down';
	/** Replicas up to which, or down to which, it lets the HPA go now. */
	readonly limit: number;
	/** Pods that are left of its budget. */
	readonly left: number;
};

export type Explanation = {
	readonly decision: Decision;
	/** Ratios inside leave the replicas as they are. */
	readonly band: {readonly low: number; readonly high: number};
	readonly metrics: readonly ExplainedMetric[];
	readonly windows: StabilizationWindows;
	readonly recommendations: readonly ExplainedRecommendation[];
	/** Empty without `behavior`. */
	readonly policies: readonly ExplainedPolicy[];
	/** Replicas that the HPA may go to now, bounds included. */
	readonly reach: {readonly lowest: number; readonly highest: number};
};

/** A decision with every figure on the way to it. The metrics are empty when the controller does not look at them. */
export function explain(input: ReconcileInput, state: Readonly<AutoscalerState>): Explanation {
	const decision = reconcile(input, state);
	const tolerance = toleranceOf(input);
	const windows = stabilizationWindows(input);
	return {
		decision,
		band: {low: 1 - tolerance.down, high: 1 + tolerance.up},
		metrics: decision.metrics.map((_, index) => explainMetric(input.spec.metrics[index]!, input)),
		windows,
		recommendations: state.recommendations.map(({time, replicas}) => {
			const seconds = age(input.now, time);
			const isOnEdge = input.spec.behavior === undefined && seconds === windows.down;
			return {
				replicas,
				age: seconds,
				isInUpWindow: seconds < windows.up,
				isInDownWindow: seconds < windows.down || isOnEdge,
			};
		}),
		policies: explainPolicies(input, state),
		reach: reachOf(input, state),
	};
}

function explainMetric(spec: MetricSpec, input: ReconcileInput): ExplainedMetric {
	const outcome = evaluateMetric(spec, input, toleranceOf(input));
	if (spec.type === 'Object' || spec.type === 'External') {
		return {spec, outcome, pods: [], strangers: []};
	}

	const {pods, now, controller} = input;
	const read = readSamples(spec, input);
	const samples = typeof read === 'string' ? new Map() : read;
	const isCpu = spec.type !== 'Pods' && spec.name === 'cpu';
	const container = spec.type === 'ContainerResource' ? spec.container : undefined;
	const requests =
		spec.target.type === 'Utilization' ? requestsOf(pods, spec.name, container, controller.kubernetes) : undefined;
	const known = new Set(pods.map(({name}) => name));
	return {
		spec,
		outcome,
		pods: pods.map(pod => {
			const sample = samples.get(pod.name);
			const request = requests instanceof Map ? requests.get(pod.name) : undefined;
			return {
				name: pod.name,
				standing: podStandingOf(pod, sample, isCpu, now, controller),
				...(sample !== undefined && {value: sample.value}),
				...(request !== undefined && {request}),
			};
		}),
		strangers: [...samples.keys()].filter(name => !known.has(name)),
	};
}

function explainPolicies(input: ReconcileInput, state: Readonly<AutoscalerState>): ExplainedPolicy[] {
	const {behavior} = input.spec;
	if (behavior === undefined) {
		return [];
	}

	const up = behavior.scaleUp.policies.map(policy => {
		const limit = policyUpLimit(policy, input, state);
		return {...policy, direction: 'up' as const, limit, left: Math.max(0, limit - input.specReplicas)};
	});
	const down = behavior.scaleDown.policies.map(policy => {
		const limit = policyDownLimit(policy, input, state);
		return {...policy, direction: 'down' as const, limit, left: Math.max(0, input.specReplicas - limit)};
	});
	return [...up, ...down];
}

function reachOf(input: ReconcileInput, state: Readonly<AutoscalerState>): Explanation['reach'] {
	const {spec, specReplicas} = input;
	if (spec.behavior === undefined) {
		return {lowest: spec.minReplicas, highest: Math.min(spec.maxReplicas, Math.max(2 * specReplicas, 4))};
	}

	const up = Math.max(scaleUpLimit(spec.behavior.scaleUp, input, state), specReplicas);
	const down = Math.min(scaleDownLimit(spec.behavior.scaleDown, input, state), specReplicas);
	return {lowest: Math.max(spec.minReplicas, down), highest: Math.min(spec.maxReplicas, up)};
}
