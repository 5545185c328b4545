import {age, toInt32} from './arithmetic.ts';
import type {AutoscalerState, ReconcileInput} from './contracts.ts';
import type {ScalingPolicy, ScalingRules} from './hpa-spec.ts';
import {rulesOf} from './release-rules.ts';

type Limited = {readonly replicas: number; readonly reason: string};

const withinRange = 'DesiredWithinRange';

/**
 * Cuts the stabilized replicas to the bounds and to the speed that is allowed.
 *
 * @see kubernetes pkg/controller/podautoscaler/horizontal.go, convertDesiredReplicasWithRules and convertDesiredReplicasWithBehaviorRate
 */
export function limit(replicas: number, input: ReconcileInput, state: Readonly<AutoscalerState>): Limited {
	const {spec, specReplicas} = input;
	if (spec.behavior === undefined) {
		return limitWithoutBehavior(replicas, input);
	}

	if (replicas > specReplicas) {
		const speed = Math.max(scaleUpLimit(spec.behavior.scaleUp, input, state), specReplicas);
		const highest = Math.min(spec.maxReplicas, speed);
		const reason = spec.maxReplicas > speed ? 'ScaleUpLimit' : 'TooManyReplicas';
		return replicas > highest ? {replicas: highest, reason} : {replicas, reason: withinRange};
	}

	if (replicas < specReplicas) {
		const speed = Math.min(scaleDownLimit(spec.behavior.scaleDown, input, state), specReplicas);
		const lowest = Math.max(spec.minReplicas, speed);
		const reason = spec.minReplicas < speed ? 'ScaleDownLimit' : 'TooFewReplicas';
		return replicas < lowest ? {replicas: lowest, reason} : {replicas, reason: withinRange};
	}

	return {replicas, reason: withinRange};
}

function limitWithoutBehavior(replicas: number, {spec, specReplicas, controller}: ReconcileInput): Limited {
	const fewest = Math.max(spec.minReplicas, rulesOf(controller.kubernetes).wakesZero ? 0 : 1);
	if (replicas < fewest) {
		return {replicas: fewest, reason: 'TooFewReplicas'};
	}

	const speed = Math.max(2 * specReplicas, 4);
	const highest = Math.min(spec.maxReplicas, speed);
	return replicas > highest
		? {replicas: highest, reason: spec.maxReplicas > speed ? 'ScaleUpLimit' : 'TooManyReplicas'}
		: {replicas, reason: withinRange};
}

/** The most replicas that `scaleUp` allows now; may lie below the present ones. */
export function scaleUpLimit(rules: ScalingRules, input: ReconcileInput, state: Readonly<AutoscalerState>): number {
	if (rules.selectPolicy === 'Disabled') {
		return input.specReplicas;
	}

	const limits = rules.policies.map(policy => policyUpLimit(policy, input, state));
	return rules.selectPolicy === 'Min' ? Math.min(...limits) : Math.max(...limits);
}

/** The fewest replicas that `scaleDown` allows now; may lie above the present ones. */
export function scaleDownLimit(rules: ScalingRules, input: ReconcileInput, state: Readonly<AutoscalerState>): number {
	if (rules.selectPolicy === 'Disabled') {
		return input.specReplicas;
	}

	const limits = rules.policies.map(policy => policyDownLimit(policy, input, state));
	return rules.selectPolicy === 'Min' ? Math.max(...limits) : Math.min(...limits);
}

/** The most replicas that one policy of `scaleUp` allows now. */
export function policyUpLimit(policy: ScalingPolicy, input: ReconcileInput, state: Readonly<AutoscalerState>): number {
	const start = periodStartReplicas('up', policy.periodSeconds, input, state);
	return policy.type === 'Pods'
		? (start + policy.value) | 0 // 32 bits in Go: a huge value turns round and forbids the way up
		: toInt32(Math.ceil(start * (1 + policy.value / 100)));
}

/** The fewest replicas that one policy of `scaleDown` allows now. */
export function policyDownLimit(
	policy: ScalingPolicy,
	input: ReconcileInput,
	state: Readonly<AutoscalerState>,
): number {
	const start = periodStartReplicas('down', policy.periodSeconds, input, state);
	return policy.type === 'Pods' ? (start - policy.value) | 0 : toInt32(start * (1 - policy.value / 100));
}

// Replicas at the beginning of a policy's period, according to the logged events.
function periodStartReplicas(
	direction: 'up' | 'down',
	periodSeconds: number,
	{now, specReplicas, controller}: ReconcileInput,
	{scaleUps, scaleDowns}: Readonly<AutoscalerState>,
): number {
	const {countsBothDirections} = rulesOf(controller.kubernetes);
	const added = countsBothDirections || direction === 'up' ? changeWithin(scaleUps, periodSeconds, now) : 0;
	const deleted = countsBothDirections || direction === 'down' ? changeWithin(scaleDowns, periodSeconds, now) : 0;
	return specReplicas - added + deleted;
}

function changeWithin(events: AutoscalerState['scaleUps'], periodSeconds: number, now: number): number {
	let sum = 0;
	for (const {time, change} of events) {
		if (age(now, time) < periodSeconds) {
			sum += change;
		}
	}

	return sum;
}
