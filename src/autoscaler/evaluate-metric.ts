import type {RatioBand} from './arithmetic.ts';
import type {MetricResult, ReconcileInput} from './contracts.ts';
import type {Release} from './controller-flags.ts';
import type {MetricSpec} from './hpa-spec.ts';
import type {MetricOutcome} from './pod-groups.ts';
import {podMetricReplicas} from './pod-metric-replicas.ts';
import {rulesOf} from './release-rules.ts';
import {valueMetricReplicas} from './value-metric-replicas.ts';

/** Replicas that one metric asks for, or why it cannot say. */
export function evaluateMetric(metric: MetricSpec, input: ReconcileInput, tolerance: RatioBand): MetricOutcome {
	return metric.type === 'Object' || metric.type === 'External'
		? valueMetricReplicas(metric, input, tolerance)
		: podMetricReplicas(metric, input, tolerance);
}

/** The part of an outcome that a decision reports. */
export function metricResult({type, name}: MetricSpec, outcome: MetricOutcome): MetricResult {
	const {proposal, utilization, averageValueMilli, error} = outcome;
	return {
		type,
		name,
		...(proposal !== undefined && {proposal}),
		...(utilization !== undefined && {utilization}),
		...(averageValueMilli !== undefined && {averageValueMilli}),
		...(error !== undefined && {error}),
	};
}

/** The reason of the condition ScalingActive when this metric fails. */
export function failureReason({type}: MetricSpec): string {
	return `FailedGet${type}Metric`;
}

/**
 * The words that the controller puts round a metric's error when it gives the HPA up.
 *
 * @see kubernetes pkg/controller/podautoscaler/horizontal.go, computeReplicasForMetric
 */
export function failureWords(metric: MetricSpec, error: string, release: Release): string {
	const {wrapsMetricErrors, saysUsage} = rulesOf(release);
	const {name, target} = metric;
	const isAverage = target.type === 'AverageValue';
	const resource = `failed to get ${name} ${isAverage && saysUsage ? 'usage' : 'utilization'}: ${error}`;
	const wrapped = (kind: string, words: string) =>
		wrapsMetricErrors ? `failed to get ${kind} metric value: ${words}` : words;
	switch (metric.type) {
		case 'Resource':
			return wrapped(`${name} resource`, resource);
		case 'ContainerResource':
			return wrapped(`${metric.container} container`, resource);
		case 'Pods':
			return `failed to get pods metric value: ${error}`;
		case 'Object':
			return `failed to get object metric value: ${isAverage ? `failed to get ${name} object metric: ` : ''}${error}`;
		case 'External':
			return wrapped(
				`${name} external`,
				`failed to get ${isAverage ? `${name} external metric` : `external metric ${name}`}: ${error}`,
			);
	}
}
