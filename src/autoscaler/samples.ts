import type {PodMetricsView, ReconcileInput} from './contracts.ts';
import type {MetricSpec} from './hpa-spec.ts';
import {rulesOf} from './release-rules.ts';

/** A pod's value of one metric. */
export type MetricSample = {
	/** In milli-units. */
	readonly value: number;
	/** [s] */
	readonly timestamp: number;
	/** [s] */
	readonly window: number;
};

export type PodMetricSpec = Extract<MetricSpec, {type: 'Resource' | 'ContainerResource' | 'Pods'}>;

/**
 * Reads the metrics APIs' answer for one metric: a sample for each pod that has one.
 *
 * @returns samples by pod name, or the error's words when the API has nothing or refuses
 * @see kubernetes pkg/controller/podautoscaler/metrics/client.go
 */
export function readSamples(metric: PodMetricSpec, input: ReconcileInput): Map<string, MetricSample> | string {
	const podMetrics = input.podMetrics ?? [];
	if (metric.type === 'Pods') {
		const samples = collect(podMetrics, ({metrics}) => metrics?.[metric.name]);
		return samples.size > 0
			? samples
			: `unable to get metric ${metric.name}: no metrics returned from custom metrics API`;
	}

	const unable = `unable to get metrics for resource ${metric.name}`;
	if (podMetrics.length === 0) {
		return `${unable}: no metrics returned from resource metrics API`;
	}

	if (metric.type === 'Resource') {
		return collect(podMetrics, pod => podUsage(pod, metric.name));
	}

	// Older releases give the whole metric up for one pod without the container.
	const stranger =
		!rulesOf(input.controller.kubernetes).allowsMissingContainers &&
		podMetrics.find(({containers}) => !containers.some(({name}) => name === metric.container));
	return stranger
		? `${unable}: failed to get container metrics: container ${metric.container} not present in metrics for pod ${input.namespace ?? 'default'}/${stranger.name}`
		: collect(podMetrics, pod => containerUsage(pod, metric.container, metric.name));
}

function collect(
	podMetrics: readonly PodMetricsView[],
	read: (pod: PodMetricsView) => number | undefined,
): Map<string, MetricSample> {
	const samples = new Map<string, MetricSample>();
	for (const pod of podMetrics) {
		const value = read(pod);
		if (value !== undefined) {
			samples.set(pod.name, {value, timestamp: pod.timestamp, window: pod.window});
		}
	}

	return samples;
}

// Nothing when any container lacks the resource.
function podUsage({containers}: PodMetricsView, resource: string): number | undefined {
	let sum = 0;
	for (const {usage} of containers) {
		const value = usage[resource];
		if (value === undefined) {
			return undefined;
		}

		sum += value;
	}

	return containers.length > 0 ? sum : undefined;
}

function containerUsage({containers}: PodMetricsView, container: string, resource: string): number | undefined {
	return containers.find(({name}) => name === container)?.usage[resource];
}
