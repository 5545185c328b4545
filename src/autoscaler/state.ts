import {age} from './arithmetic.ts';
import type {AutoscalerState, Decision, ReconcileInput} from './contracts.ts';
import type {ScalingRules} from './hpa-spec.ts';
import {stabilizationWindows, withKnownFields} from './stabilize.ts';

/**
 * The controller's memory at its first reconcile of an HPA: the replicas it finds are the first recommendation.
 *
 * @param now - [s]
 */
export function seedState(replicas: number, now: number): AutoscalerState {
	return {recommendations: [{time: now, replicas}], scaleUps: [], scaleDowns: []};
}

/**
 * Logs what a decision leaves in the controller's memory: its recommendation, and its change of size where the HPA has a
 * `behavior`. As in Kubernetes an expired entry is written over, so the logs stay as short as their windows.
 *
 * @see kubernetes pkg/controller/podautoscaler/horizontal.go, storeScaleEvent
 */
export function commit(state: AutoscalerState, given: ReconcileInput, decision: Decision): void {
	const input = withKnownFields(given);
	const {now, spec, specReplicas} = input;
	if (decision.recommendation !== undefined) {
		const {up, down} = stabilizationWindows(input);
		store(state.recommendations, {time: now, replicas: decision.recommendation}, Math.max(up, down));
	}

	const change = decision.desiredReplicas - specReplicas;
	if (spec.behavior === undefined || change === 0) {
		return;
	}

	const {scaleUp, scaleDown} = spec.behavior;
	if (change > 0) {
		store(state.scaleUps, {time: now, change}, longestPeriod(scaleUp));
	} else {
		store(state.scaleDowns, {time: now, change: -change}, longestPeriod(scaleDown));
	}
}

// The last expired entry goes, even if the other direction's policies look further back: so does Kubernetes.
function store<Entry extends {time: number}>(log: Entry[], entry: Entry, window: number): void {
	const expired = log.findLastIndex(({time}) => age(entry.time, time) > window);
	if (expired === -1) {
		log.push(entry);
	} else {
		log[expired] = entry;
	}
}

function longestPeriod({policies}: ScalingRules): number {
	return policies.reduce((longest, {periodSeconds}) => Math.max(longest, periodSeconds), 0);
}
