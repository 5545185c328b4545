import {toleranceOf} from './arithmetic.ts';
import type {AutoscalerState, Decision, MetricResult, ReconcileInput} from './contracts.ts';
import {evaluateMetric, failureReason, failureWords, metricResult} from './evaluate-metric.ts';
import {limit} from './limit.ts';
import {rulesOf} from './release-rules.ts';
import {stabilizationReason, stabilize, withKnownFields} from './stabilize.ts';

export type * from './contracts.ts';
export {controllerConfig, defaultControllerConfig} from './contracts.ts';
export {commit, seedState} from './state.ts';

/**
 * Reconciles once, as the HorizontalPodAutoscaler controller of kube-controller-manager does.
 *
 * @param given - fields of the HPA that the release does not know are left out
 * @param state - what the controller remembers; {@link commit} adds this decision to it
 * @returns what the scale sub-resource would be set to, and why; nothing is changed
 * @see kubernetes pkg/controller/podautoscaler/horizontal.go, reconcileAutoscaler
 */
export function reconcile(given: ReconcileInput, state: Readonly<AutoscalerState>): Decision {
	const input = withKnownFields(given);
	const {spec, specReplicas} = input;
	if (specReplicas === 0 && isDisabledAtZero(input)) {
		return {desiredReplicas: 0, metrics: [], stabilized: false, limited: false, reasons: ['ScalingDisabled']};
	}

	if (specReplicas > spec.maxReplicas) {
		return bypass(spec.maxReplicas, 'TooManyReplicas');
	}

	if (specReplicas > 0 && specReplicas < spec.minReplicas) {
		return bypass(spec.minReplicas, 'TooFewReplicas');
	}

	const {metrics, proposal, failure} = computeReplicas(input);
	if (failure !== undefined || proposal === undefined) {
		return {
			desiredReplicas: specReplicas,
			...(proposal !== undefined && {proposal}),
			metrics,
			stabilized: false,
			limited: false,
			reasons: failure === undefined ? [] : [failure.reason],
			...(failure !== undefined && {error: failure.error}),
		};
	}

	return normalize(Math.max(proposal, 0), metrics, input, state);
}

// Before 1.36 only the lower bound shows whether something else took the pods away.
function isDisabledAtZero({spec: {minReplicas, metrics}, controller, isScaledToZero}: ReconcileInput): boolean {
	const {asksScaledToZero, wakesZero} = rulesOf(controller.kubernetes);
	if (!asksScaledToZero) {
		return minReplicas !== 0 || !wakesZero;
	}

	const mayReturn = minReplicas !== 0 || metrics.some(({type}) => type === 'Object' || type === 'External');
	return !((isScaledToZero ?? minReplicas === 0) && mayReturn);
}

// Back inside the bounds at once, whatever metrics, windows and policies say.
function bypass(desiredReplicas: number, reason: string): Decision {
	return {desiredReplicas, metrics: [], stabilized: false, limited: true, reasons: [reason]};
}

function normalize(
	proposal: number,
	metrics: readonly MetricResult[],
	input: ReconcileInput,
	state: Readonly<AutoscalerState>,
): Decision {
	const stabilized = stabilize(proposal, input, state);
	const {replicas: limited, reason} = limit(stabilized, input, state);
	const replicas = input.specReplicas === 0 ? Math.max(limited, input.spec.minReplicas) : limited;
	return {
		desiredReplicas: replicas,
		proposal,
		metrics,
		stabilized: stabilized !== proposal,
		limited: replicas !== stabilized,
		reasons: ['ValidMetricFound', stabilizationReason(proposal, stabilized, input), reason],
		recommendation: proposal,
	};
}

type Proposals = {
	readonly metrics: readonly MetricResult[];
	/** The largest valid one. */
	readonly proposal?: number;
	/** Set when the controller gives up: no metric is valid, or some are not and the others would scale down. */
	readonly failure?: {readonly reason: string; readonly error: string};
};

function computeReplicas(input: ReconcileInput): Proposals {
	const specs = input.spec.metrics;
	const tolerance = toleranceOf(input);
	const metrics: MetricResult[] = [];
	let proposal: number | undefined;
	let invalidCount = 0;
	let firstInvalid = -1;
	for (const [index, spec] of specs.entries()) {
		const outcome = evaluateMetric(spec, input, tolerance);
		metrics.push(metricResult(spec, outcome));
		if (outcome.proposal === undefined) {
			invalidCount++;
			firstInvalid = firstInvalid === -1 ? index : firstInvalid;
		} else if (proposal === undefined || proposal === 0 || outcome.proposal > proposal) {
			proposal = outcome.proposal;
		}
	}

	const {toleratesInvalidMetrics} = rulesOf(input.controller.kubernetes);
	const isTolerated = toleratesInvalidMetrics && invalidCount < specs.length && (proposal ?? 0) >= input.specReplicas;
	const givesUp = invalidCount > 0 && !isTolerated;
	return {
		metrics,
		...(proposal !== undefined && {proposal}),
		...(givesUp && {failure: failureOf(input, metrics, firstInvalid, invalidCount)}),
	};
}

function failureOf(input: ReconcileInput, metrics: readonly MetricResult[], index: number, count: number) {
	const spec = input.spec.metrics[index]!;
	const words = failureWords(spec, metrics[index]!.error ?? '', input.controller.kubernetes);
	const {toleratesInvalidMetrics} = rulesOf(input.controller.kubernetes);
	const error = toleratesInvalidMetrics
		? `invalid metrics (${count} invalid out of ${metrics.length}), first error is: ${words}`
		: words;
	return {reason: failureReason(spec), error};
}
