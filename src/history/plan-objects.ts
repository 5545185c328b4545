import type {FoundWorkload} from './find-workload.ts';
import {knownResources} from './object-facts.ts';
import {placeLabels} from './place-labels.ts';
import {firstOf, labelIs, type Plan, type PlanKey, type PlannedQuery} from './plan.ts';
import type {LabelMatch, SeriesQuery} from './series-query.ts';
import type {SeriesStore} from './series-store.ts';

/** Metrics of kube-state-metrics that say the same in its versions, the newest first. */
type ObjectSeries = {readonly key: PlanKey; readonly metrics: readonly string[]};

const ofAutoscalers: readonly ObjectSeries[] = [
	{
		key: 'desiredReplicas',
		metrics: ['kube_horizontalpodautoscaler_status_desired_replicas', 'kube_hpa_status_desired_replicas'],
	},
	{key: 'minReplicas', metrics: ['kube_horizontalpodautoscaler_spec_min_replicas', 'kube_hpa_spec_min_replicas']},
	{key: 'maxReplicas', metrics: ['kube_horizontalpodautoscaler_spec_max_replicas', 'kube_hpa_spec_max_replicas']},
];

/** Replicas of a workload of another kind, such as a Rollout. */
const currentOfAutoscaler: ObjectSeries = {
	key: 'currentReplicas',
	metrics: ['kube_horizontalpodautoscaler_status_current_replicas', 'kube_hpa_status_current_replicas'],
};

const targetMetrics = ['kube_horizontalpodautoscaler_spec_target_metric', 'kube_hpa_spec_target_metric'];

const ofWorkloads: Readonly<Record<string, {readonly label: string; readonly series: readonly ObjectSeries[]}>> = {
	Deployment: {
		label: 'deployment',
		series: [
			{key: 'currentReplicas', metrics: ['kube_deployment_status_replicas']},
			{
				key: 'readyReplicas',
				metrics: ['kube_deployment_status_replicas_ready', 'kube_deployment_status_replicas_available'],
			},
		],
	},
	StatefulSet: {
		label: 'statefulset',
		series: [
			{key: 'currentReplicas', metrics: ['kube_statefulset_status_replicas']},
			{key: 'readyReplicas', metrics: ['kube_statefulset_status_replicas_ready']},
		],
	},
};

const specMetrics: Readonly<Record<string, string>> = {
	Deployment: 'kube_deployment_spec_replicas',
	StatefulSet: 'kube_statefulset_replicas',
};

/** Plans the series of the autoscaler and of the workload's replicas. */
export async function planObjects(source: SeriesStore, workload: FoundWorkload): Promise<Plan> {
	const queries: PlannedQuery[] = [];
	const missing: Plan['missing'][number][] = [];
	const notes: string[] = [];
	const add = async ({key, metrics}: ObjectSeries, matchesOf: (metric: string) => Promise<readonly LabelMatch[]>) => {
		const metric = await firstOf(source, metrics);
		if (metric === undefined) {
			missing.push({series: key, reason: `no ${metrics.join(' or ')}`});
		} else {
			queries.push({key, query: newestOf(metric, await matchesOf(metric))});
		}
	};
	const {label, series} = ofWorkloads[workload.kind] ?? {label: '', series: []};
	const ofWorkload = (metric: string) => matchesOfObject(source, {metric, label, ...workload});
	for (const one of series) {
		await add(one, ofWorkload);
	}

	if (workload.autoscaler === undefined) {
		const metric = specMetrics[workload.kind] ?? '';
		await add({key: 'desiredReplicas', metrics: [metric]}, ofWorkload);
		missing.push({series: 'minReplicas', reason: 'no series of an autoscaler of the workload'});
		return {queries, notes, missing};
	}

	const {autoscaler: name, namespace} = workload;
	const ofAutoscaler = async (metric: string) => {
		const label = metric.startsWith('kube_hpa_') ? 'hpa' : 'horizontalpodautoscaler';
		return matchesOfObject(source, {metric, label, name, namespace});
	};
	for (const one of [...ofAutoscalers, ...(series.length === 0 ? [currentOfAutoscaler] : [])]) {
		await add(one, ofAutoscaler);
	}

	const target = await firstOf(source, targetMetrics);
	if (target === undefined) {
		missing.push({series: 'targets', reason: `no ${targetMetrics[0]}`});
	} else {
		const by = ['metric_name', 'metric_target_type'];
		queries.push({key: 'targets', query: newestOf(target, await ofAutoscaler(target), by)});
	}

	return {queries, notes, missing};
}

/** Series of an exporter that is scraped twice, or of two replicas of it, say the same: the largest counts. */
function newestOf(metric: string, matches: readonly LabelMatch[], by: readonly string[] = []): SeriesQuery {
	return {metric, matches, form: 'newest', by, combine: 'max'};
}

async function matchesOfObject(
	source: SeriesStore,
	object: {readonly metric: string; readonly label: string; readonly name: string; readonly namespace: string},
): Promise<LabelMatch[]> {
	const {metric, label, name, namespace} = object;
	const places = await placeLabels(source, {metric, matches: []}, true);
	return [...labelIs(places.namespace, namespace), ...labelIs(label, name)];
}

/** Plans what the containers of the pods request and may use, and what the nodes can give. */
export async function planResources(
	source: SeriesStore,
	{namespace, pattern}: {readonly namespace: string; readonly pattern: string},
): Promise<Plan> {
	const queries: PlannedQuery[] = [];
	for (const key of ['requests', 'limits'] as const) {
		const base = `kube_pod_container_resource_${key}`;
		for (const metric of await source.names([base, `${base}_cpu_cores`, `${base}_memory_bytes`])) {
			const places = await placeLabels(source, {metric, matches: []}, true);
			const matches = [...labelIs(places.namespace, namespace), ...labelIs(places.pod, pattern, '=~')];
			const resource = metric === base ? labelIs('resource', Object.keys(knownResources).join('|'), '=~') : [];
			const by = [places.container ?? 'container', ...(metric === base ? ['resource'] : [])];
			queries.push({key, query: newestOf(metric, [...matches, ...resource], by)});
		}
	}

	const base = 'kube_node_status_allocatable';
	for (const metric of await source.names([base, `${base}_cpu_cores`, `${base}_memory_bytes`])) {
		const places = await placeLabels(source, {metric, matches: []}, true);
		const node = places.all.has('exported_node') ? 'exported_node' : 'node';
		const resource = metric === base ? labelIs('resource', 'cpu|memory', '=~') : [];
		queries.push({key: 'nodes', query: newestOf(metric, resource, [node, ...(metric === base ? ['resource'] : [])])});
	}

	const isThere = (key: PlanKey) => queries.some(query => query.key === key);
	const missing = (['requests', 'limits', 'nodes'] as const)
		.filter(key => !isThere(key))
		.map(key => ({
			series: key,
			reason: `no ${key === 'nodes' ? base : `kube_pod_container_resource_${key}`} of kube-state-metrics`,
		}));
	return {queries, notes: [], missing};
}
