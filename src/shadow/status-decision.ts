import type {HpaMetricStatus, HpaStatus} from '../autoscaler/live-answer.ts';
import {parseQuantityMilli} from '../autoscaler/quantity.ts';
import type {Decision, MetricResult} from '../autoscaler/reconcile.ts';

type Condition = NonNullable<HpaStatus['conditions']>[number];

/**
 * Replicas that a status says the controller decided for.
 *
 * @param before - the status that stood before
 * @returns undefined where the controller could not read or write the scale
 */
export function decidedReplicas(status: HpaStatus, before: HpaStatus): number | undefined {
	const {currentReplicas = 0, desiredReplicas = 0, lastScaleTime} = status;
	if (conditionOf(status, 'AbleToScale')?.status === 'False') {
		return undefined;
	}

	const hasScaled = lastScaleTime !== before.lastScaleTime || desiredReplicas !== (before.desiredReplicas ?? 0);
	const isActive = conditionOf(status, 'ScalingActive')?.status !== 'False';
	return isActive || hasScaled ? desiredReplicas : currentReplicas;
}

/** Whether the controller says that it decided for what the metrics asked, with nothing held back or cut off. */
export function isUnheld(status: HpaStatus): boolean {
	return (
		conditionOf(status, 'ScalingActive')?.status === 'True' &&
		conditionOf(status, 'AbleToScale')?.reason === 'ReadyForNewScale' &&
		conditionOf(status, 'ScalingLimited')?.status === 'False'
	);
}

/** Whether a decision has the figures of every metric that a status shows, and fails where the status says so. */
export function agreesWithStatus({metrics, error}: Decision, status: HpaStatus): boolean {
	const active = conditionOf(status, 'ScalingActive');
	const hasFailed = active?.status === 'False' && active.reason !== 'ScalingDisabled';
	return (
		hasFailed === (error !== undefined) &&
		(status.currentMetrics ?? []).every(shown => {
			const result = resultOf(shown);
			return result === undefined || metrics.some(metric => hasFigures(metric, result));
		})
	);
}

/** Figures of a metric in a status; undefined for one that the controller could not get. */
export function resultOf({type, ...sources}: HpaMetricStatus): MetricResult | undefined {
	const [source] = Object.values(sources);
	const {averageUtilization, averageValue, value} = source?.current ?? {};
	const name = source?.name ?? source?.metric?.name;
	if (name === undefined) {
		return undefined;
	}

	return {
		type,
		name,
		...(averageUtilization !== undefined && {utilization: averageUtilization}),
		...(averageValue !== undefined && {averageValueMilli: parseQuantityMilli(averageValue)}),
		...(value !== undefined && {valueMilli: parseQuantityMilli(value)}),
	};
}

/** A value itself is not among the figures of a decision. */
function hasFigures(metric: MetricResult, {type, name, utilization, averageValueMilli}: MetricResult): boolean {
	return (
		metric.type === type &&
		metric.name === name &&
		(utilization === undefined || metric.utilization === utilization) &&
		(averageValueMilli === undefined || metric.averageValueMilli === averageValueMilli)
	);
}

function conditionOf({conditions}: HpaStatus, type: string): Condition | undefined {
	return conditions?.find(condition => condition.type === type);
}
