import type {HistoryAutoscaler, HistoryContainer, HistoryNode} from '../records/history.ts';
import type {FoundWorkload} from './find-workload.ts';
import type {GridSeries, MetricLabels} from './series-store.ts';

/** Series of one metric of kube-state-metrics. */
export type FactSeries = {readonly metric: string; readonly series: readonly GridSeries[]};

/** Newest value of a series that is there; undefined where there is none. */
export function newestValue(values: Float64Array): number | undefined {
	const index = values.findLastIndex(value => !Number.isNaN(value));
	return index === -1 ? undefined : values[index];
}

/** Resources by the name that kube-state-metrics has for them, which is without dots and slashes. */
export const knownResources: Readonly<Record<string, string>> = {
	...{cpu: 'cpu', memory: 'memory', nvidia_com_gpu: 'nvidia.com/gpu', amd_com_gpu: 'amd.com/gpu'},
	...{
		gpu_intel_com_i915: 'gpu.intel.com/i915',
		gpu_intel_com_xe: 'gpu.intel.com/xe',
		habana_ai_gaudi: 'habana.ai/gaudi',
	},
};

/** Resource that a series is of: a label says it, or the name of a metric of kube-state-metrics 1. */
function resourceOf(metric: string, labels: MetricLabels): string | undefined {
	const resource =
		labels['resource'] ?? (metric.endsWith('_cpu_cores') ? 'cpu' : metric.endsWith('_memory_bytes') ? 'memory' : '');
	return Object.hasOwn(knownResources, resource) ? knownResources[resource] : undefined;
}

/** Containers with their newest requests and limits, in the order of their names. */
export function containersOf(
	requests: readonly FactSeries[],
	limits: readonly FactSeries[],
	others: readonly string[],
): HistoryContainer[] {
	const found = new Map<string, {requests: Record<string, number>; limits: Record<string, number>}>();
	const at = (name: string) => {
		const container = found.get(name) ?? {requests: {}, limits: {}};
		found.set(name, container);
		return container;
	};
	for (const name of others) {
		at(name);
	}

	for (const [key, facts] of [
		['requests', requests],
		['limits', limits],
	] as const) {
		for (const {metric, series} of facts) {
			for (const {labels, values} of series) {
				const name = containerIn(labels);
				const resource = resourceOf(metric, labels);
				const value = newestValue(values);
				if (name !== undefined && resource !== undefined && value !== undefined) {
					at(name)[key][resource] = value;
				}
			}
		}
	}

	return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, container]) => ({name, ...container}));
}

/** Name of the container that a series is of, under any of the labels that are in use. */
export function containerIn(labels: MetricLabels): string | undefined {
	return Object.entries(labels).find(([label]) => /container/.test(label))?.[1];
}

/** Nodes with their allocatable CPU and memory, in the order of their names. */
export function nodesOf(
	facts: readonly {
		readonly metric: string;
		readonly values: readonly {readonly labels: MetricLabels; readonly value: number}[];
	}[],
): HistoryNode[] {
	const found = new Map<string, {cpu?: number; memory?: number}>();
	for (const {metric, values} of facts) {
		for (const {labels, value} of values) {
			const name = labels['exported_node'] ?? labels['node'];
			const resource = resourceOf(metric, labels);
			if (name !== undefined && (resource === 'cpu' || resource === 'memory') && Number.isFinite(value)) {
				found.set(name, {...found.get(name), [resource]: value});
			}
		}
	}

	return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, node]) => ({name, ...node}));
}

type FromMetrics = {
	readonly workload: FoundWorkload;
	readonly targets: readonly GridSeries[];
	readonly minReplicas: number | undefined;
	readonly maxReplicas: number | undefined;
};

/**
 * HorizontalPodAutoscaler as far as kube-state-metrics says what it is; undefined where its targets are not known, for
 * Kubernetes would put a target of its own in their place.
 */
export function autoscalerOfMetrics({
	workload,
	targets,
	minReplicas,
	maxReplicas,
}: FromMetrics): HistoryAutoscaler | undefined {
	const {autoscaler: name, namespace} = workload;
	const metrics = targets.flatMap(({labels, values}) => metricOf(labels, newestValue(values)) ?? []);
	if (name === undefined || metrics.length === 0 || maxReplicas === undefined) {
		return undefined;
	}

	return {
		kind: 'HorizontalPodAutoscaler',
		name,
		isFromMetrics: true,
		document: {
			apiVersion: 'autoscaling/v2',
			kind: 'HorizontalPodAutoscaler',
			metadata: {name, namespace},
			spec: {
				scaleTargetRef: {apiVersion: 'apps/v1', kind: workload.kind, name: workload.name},
				...(minReplicas !== undefined && {minReplicas}),
				maxReplicas,
				metrics,
			},
		},
	};
}

/** Sentences on what kube-state-metrics does not say of an autoscaler. */
export function autoscalerNotes({autoscaler = ''}: FoundWorkload, targets: readonly GridSeries[]): string[] {
	const others = targets.flatMap(({labels: {metric_name: name}}) =>
		name === undefined || name === 'cpu' || name === 'memory' ? [] : [name],
	);
	const [, scaledObject] = /^keda-hpa-(.+)$/.exec(autoscaler) ?? [];
	return [
		...(scaledObject === undefined
			? []
			: [`KEDA made the HPA of the ScaledObject ${scaledObject}, which is in no metric: its manifest says more.`]),
		...(others.length === 0
			? []
			: [
					`No metric says the type of ${others.join(', ')} in the HPA: Pods is assumed for averages, External for values.`,
				]),
	];
}

/** Metric of autoscaling/v2; the type of one that is neither CPU nor memory is not recorded. */
function metricOf(
	{metric_name: name, metric_target_type: type}: MetricLabels,
	value: number | undefined,
): object | undefined {
	if (name === undefined || value === undefined) {
		return undefined;
	}

	const target =
		type === 'utilization'
			? {type: 'Utilization', averageUtilization: Math.round(value)}
			: type === 'average'
				? {type: 'AverageValue', averageValue: quantityOf(value)}
				: {type: 'Value', value: quantityOf(value)};
	if (name === 'cpu' || name === 'memory') {
		return {type: 'Resource', resource: {name, target}};
	}

	return type === 'average'
		? {type: 'Pods', pods: {metric: {name}, target}}
		: {type: 'External', external: {metric: {name}, target}};
}

function quantityOf(value: number): string {
	return Number.isInteger(value) ? String(value) : `${Math.round(value * 1000)}m`;
}
