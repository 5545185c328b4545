import type {PodMetricsView, PodView} from '../autoscaler/reconcile.ts';
import {parseQuantityMilli} from '../kubernetes/quantity.ts';
import type {LiveCustomMetric, LivePod, LivePodMetrics, Quantities} from './live-objects.ts';

/** The controller's default where a custom metric does not say what span it covers [s]. */
const defaultWindow = 60;

/** A time of the API in seconds since 1970. */
export function seconds(time: string): number {
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
		...(status.startTime !== undefined && {startTime: seconds(status.startTime)}),
		...(ready !== undefined && {
			ready: {
				status: ready.status === 'Unknown' ? 'Unknown' : ready.status === 'True',
				lastTransitionTime: ready.lastTransitionTime === undefined ? 0 : seconds(ready.lastTransitionTime),
			},
		}),
		...(metadata.deletionTimestamp !== undefined && {deletionTimestamp: seconds(metadata.deletionTimestamp)}),
		containers: [...spec.containers, ...sidecars].map(({name, resources}) => ({
			name,
			requests: milli(resources?.requests),
		})),
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
			timestamp: seconds(timestamp),
			window: windowSeconds(window),
			containers: containers.map(({name, usage}) => ({name, usage: milli(usage)})),
		});
	}

	for (const [metric, items] of custom) {
		for (const {describedObject, timestamp, windowSeconds: window, value} of items) {
			const {name} = describedObject;
			const known = views.get(name) ?? {
				name,
				timestamp: seconds(timestamp),
				window: window ?? defaultWindow,
				containers: [],
			};
			views.set(name, {...known, metrics: {...known.metrics, [metric]: parseQuantityMilli(value)}});
		}
	}

	return views.size > 0 ? [...views.values()] : null;
}

/** A duration as Go prints it, such as `15.067s` or `1m0s`, in seconds. */
export function windowSeconds(window: string): number {
	const factors: Readonly<Record<string, number>> = {h: 3600, m: 60, s: 1, ms: 1e-3, us: 1e-6, µs: 1e-6, ns: 1e-9};
	let sum = 0;
	for (const [, value, unit] of window.matchAll(/([\d.]+)(h|ms|m|us|µs|ns|s)/g)) {
		sum += Number(value) * factors[unit!]!;
	}

	return sum;
}

function milli(quantities: Quantities = {}): Record<string, number> {
	return Object.fromEntries(Object.entries(quantities).map(([name, value]) => [name, parseQuantityMilli(value)]));
}
