import {goDuration} from '../../autoscaler/api-time.ts';
import {parseQuantityMilli} from '../../autoscaler/quantity.ts';
import type {PodMetricsView, PodView} from '../../autoscaler/reconcile.ts';
import type {LiveCustomMetric, LivePod, LivePodMetrics, Quantities} from './live-objects.ts';

/** The controller's default where a custom metric does not say what span it covers [s]. */
const defaultWindow = 60;

/** A time of the API in seconds since 1970. */
export function unixSeconds(time: string): number {
	return Date.parse(time) / 1000;
}

/** A pod of the API as the autoscaler sees it; native sidecars are containers. */
export function podView({metadata, spec, status}: LivePod): PodView {
	const ready = status.conditions?.find(({type}) => type === 'Ready');
	const sidecars = spec.initContainers?.filter(({restartPolicy}) => restartPolicy === 'Always') ?? [];
	const podRequests = spec.resources?.requests;
	return {
		name: metadata.name,
		phase: status.phase,
		...(status.startTime !== undefined && {startTime: unixSeconds(status.startTime)}),
		...(ready !== undefined && {
			ready: {
				status: ready.status === 'Unknown' ? 'Unknown' : ready.status === 'True',
				lastTransitionTime: ready.lastTransitionTime === undefined ? 0 : unixSeconds(ready.lastTransitionTime),
			},
		}),
		...(metadata.deletionTimestamp !== undefined && {deletionTimestamp: unixSeconds(metadata.deletionTimestamp)}),
		containers: [
			...spec.containers.map(({name, resources}) => ({name, requests: milli(resources?.requests)})),
			...sidecars.map(({name, resources}) => ({name, requests: milli(resources?.requests), isSidecar: true})),
		],
		...(podRequests !== undefined && {requests: milli(podRequests)}),
	};
}

/**
 * Resource metrics and custom metrics of pods, put together by pod.
 *
 * @param custom - items by the name of the metric
 * @returns `null` when there are none of either kind
 */
export function podMetricsViews(
	resource: readonly LivePodMetrics[],
	custom: ReadonlyMap<string, readonly LiveCustomMetric[]>,
): PodMetricsView[] | null {
	const views = new Map<string, PodMetricsView>();
	for (const {metadata, timestamp, window, containers} of resource) {
		views.set(metadata.name, {
			name: metadata.name,
			timestamp: unixSeconds(timestamp),
			window: goDuration(window),
			containers: containers.map(({name, usage}) => ({name, usage: milli(usage)})),
		});
	}

	for (const [metric, items] of custom) {
		for (const {describedObject, timestamp, windowSeconds: window, value} of items) {
			const {name} = describedObject;
			const known = views.get(name) ?? {
				name,
				timestamp: unixSeconds(timestamp),
				window: window ?? defaultWindow,
				containers: [],
			};
			views.set(name, {...known, metrics: {...known.metrics, [metric]: parseQuantityMilli(value)}});
		}
	}

	return views.size > 0 ? [...views.values()] : null;
}

function milli(quantities: Quantities = {}): Record<string, number> {
	return Object.fromEntries(Object.entries(quantities).map(([name, value]) => [name, parseQuantityMilli(value)]));
}
