import {isWithinTolerance, type RatioBand, toInt32} from './arithmetic.ts';
import type {ReconcileInput} from './contracts.ts';
import type {MetricSpec} from './hpa-spec.ts';
import type {MetricOutcome} from './pod-groups.ts';
import {rulesOf} from './release-rules.ts';

type ValueMetricSpec = Extract<MetricSpec, {type: 'Object' | 'External'}>;

const highestInt32 = 2 ** 31 - 1;

/**
 * Replicas that a metric with one value asks for: Object or External.
 *
 * @see kubernetes pkg/controller/podautoscaler/replica_calculator.go, GetObjectMetricReplicas to GetExternalPerPodMetricReplicas
 */
export function valueMetricReplicas(
	metric: ValueMetricSpec,
	input: ReconcileInput,
	tolerance: RatioBand,
): MetricOutcome {
	const values = metric.type === 'Object' ? input.objectMetrics : input.externalMetrics;
	const value = values?.[metric.name];
	if (value === undefined) {
		return {error: missingValue(metric, input.namespace ?? 'default')};
	}

	return metric.target.type === 'AverageValue'
		? averageReplicas(metric, value, metric.target.averageValueMilli, input, tolerance)
		: ratioReplicas(value / targetOf(metric), input, tolerance);
}

function targetOf({target}: ValueMetricSpec): number {
	return target.type === 'Value' ? target.valueMilli : Number.NaN;
}

function missingValue(metric: ValueMetricSpec, namespace: string): string {
	if (metric.type === 'External') {
		return `unable to get external metric ${namespace}/${metric.name}/nil: no metrics returned from external metrics API`;
	}

	// The controller hands its words to the template in the wrong order.
	const {kind, name} = metric.describedObject ?? {kind: '', name: ''};
	return (
		`unable to get metric ${metric.name}: ${kind} on ${namespace} ${name}/unable to fetch metrics from custom metrics API: ` +
		'the custom metrics API server returned 0 results when we asked for exactly one'
	);
}

// Per pod of the scale's status, which counts pods that exist rather than pods that are wanted.
function averageReplicas(
	{type}: ValueMetricSpec,
	value: number,
	targetMilli: number,
	{statusReplicas, controller}: ReconcileInput,
	tolerance: RatioBand,
): MetricOutcome {
	const usageRatio = value / (targetMilli * statusReplicas);
	const wanted = Math.ceil(value / targetMilli);
	const isCapped = type === 'External' && rulesOf(controller.kubernetes).capsAverages;
	const proposal = isCapped && wanted > highestInt32 ? highestInt32 : toInt32(wanted);
	const averageValueMilli = Math.ceil(value / statusReplicas);
	return {
		proposal: isWithinTolerance(tolerance, usageRatio) ? statusReplicas : proposal,
		...(Number.isFinite(averageValueMilli) && {averageValueMilli}),
		usageRatio,
	};
}

function ratioReplicas(usageRatio: number, input: ReconcileInput, tolerance: RatioBand): MetricOutcome {
	const {specReplicas, pods, controller} = input;
	if (specReplicas === 0) {
		return {proposal: toInt32(Math.ceil(usageRatio)), usageRatio};
	}

	if (isWithinTolerance(tolerance, usageRatio)) {
		return {proposal: specReplicas, usageRatio};
	}

	if (pods.length === 0) {
		return {
			error: 'unable to calculate ready pods: no pods returned by selector while calculating replica count',
			usageRatio,
		};
	}

	const readyPods = pods.filter(({phase, ready}) => phase === 'Running' && ready?.status === true).length;
	const wanted = usageRatio * readyPods;
	const isCapped = rulesOf(controller.kubernetes).capsValues && wanted > highestInt32;
	return {proposal: isCapped ? highestInt32 : toInt32(Math.ceil(wanted)), usageRatio};
}
