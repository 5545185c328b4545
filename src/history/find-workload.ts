import {UserError} from '../errors.ts';
import {clusterLabel} from './in-cluster.ts';
import {placeLabels} from './place-labels.ts';
import type {LabelMatch} from './series-query.ts';
import type {MetricLabels, SeriesStore} from './series-store.ts';

/** Workload of a history, and the HorizontalPodAutoscaler that has scaled it, as kube-state-metrics name them. */
export type FoundWorkload = {
	readonly kind: string;
	readonly name: string;
	readonly namespace: string;
	/** Name of the HorizontalPodAutoscaler. */
	readonly autoscaler?: string;
	/** Cluster that its series are of, where they say it. */
	readonly cluster?: string;
	/** Whether nothing says that it is this one. */
	readonly isAssumed?: boolean;
};

/** Workload that is asked for; all but the name may be left out. */
export type WantedWorkload = {
	readonly name: string;
	readonly namespace?: string;
	readonly kind?: string;
};

/** Cluster of a store of several clusters. */
type OfCluster = {readonly cluster?: string | undefined};

/** Metrics of kube-state-metrics 2 and 1 that every HorizontalPodAutoscaler has. */
const autoscalerMetrics = ['kube_horizontalpodautoscaler_spec_max_replicas', 'kube_hpa_spec_max_replicas'];
const infoMetric = 'kube_horizontalpodautoscaler_info';
const workloadMetrics = [
	{metric: 'kube_deployment_spec_replicas', label: 'deployment', kind: 'Deployment'},
	{metric: 'kube_statefulset_replicas', label: 'statefulset', kind: 'StatefulSet'},
] as const;

/** Workloads that a message lists. */
const mostListed = 20;

/**
 * Takes `NAMESPACE/NAME` or `NAME` apart.
 *
 * @throws {UserError} E_USAGE where it is neither
 */
export function wantedWorkload(text: string): WantedWorkload {
	const [, namespace, name] = /^(?:([a-z\d][a-z\d.-]{0,252})\/)?([a-z\d][a-z\d.-]{0,252})$/.exec(text) ?? [];
	if (name === undefined) {
		throw new UserError('E_USAGE', `Expected the workload to be NAMESPACE/NAME, got ${JSON.stringify(text)}`);
	}

	return {name, ...(namespace !== undefined && {namespace})};
}

/**
 * Finds the workload that is meant: the one that is named, or the only one that has an autoscaler.
 *
 * @param assumed - workload that is taken where the store knows none
 * @throws {UserError} E_USAGE with the workloads that have an autoscaler where none or more than one is meant
 */
export async function findWorkload(
	source: SeriesStore,
	wanted?: WantedWorkload,
	{assumed, cluster}: OfCluster & {readonly assumed?: FoundWorkload | undefined} = {},
): Promise<FoundWorkload> {
	const isOfCluster = (workload: FoundWorkload) => cluster === undefined || workload.cluster === cluster;
	const scaled = (await scaledWorkloads(source)).filter(isOfCluster);
	const meant = wanted === undefined ? scaled : scaled.filter(workload => isMeant(workload, wanted));
	const others =
		wanted === undefined || meant.length > 0 ? [] : (await workloadsNamed(source, wanted)).filter(isOfCluster);
	const [only, ...more] = [...meant, ...others];
	if (only !== undefined && more.length === 0) {
		return only;
	}

	const got = wanted === undefined ? 'none' : nameOf(wanted);
	if (only !== undefined) {
		throw new UserError('E_USAGE', `Expected the workload to be one of ${listed([only, ...more])}, got ${got}`);
	}

	// Prometheus may keep nothing but the pods of a workload.
	if (wanted?.namespace !== undefined) {
		return {kind: wanted.kind ?? 'Deployment', name: wanted.name, namespace: wanted.namespace};
	}

	if (assumed !== undefined && scaled.length === 0) {
		return {...assumed, isAssumed: wanted === undefined};
	}

	throw new UserError(
		'E_USAGE',
		scaled.length === 0
			? `Expected the workload to be given as NAMESPACE/NAME, since ${source.place} has no series of autoscalers in that time, got ${got}`
			: `Expected the workload to be one that has an autoscaler, ${listed(scaled)}, got ${got}`,
	);
}

function isMeant(workload: FoundWorkload, {name, namespace, kind}: WantedWorkload): boolean {
	return (
		workload.name === name &&
		(namespace === undefined || workload.namespace === namespace) &&
		(kind === undefined || workload.kind === kind)
	);
}

/** Workloads that a HorizontalPodAutoscaler scaled within the span, in the order of their names. */
async function scaledWorkloads(source: SeriesStore): Promise<FoundWorkload[]> {
	const names = await source.names([...autoscalerMetrics, infoMetric]);
	const metric = autoscalerMetrics.find(one => names.has(one));
	if (metric === undefined) {
		return [];
	}

	const {namespace = 'namespace'} = await placeLabels(source, {metric, matches: []}, true);
	const targets = names.has(infoMetric) ? await source.labelSets({metric: infoMetric, matches: []}) : [];
	const targetOf = (labels: MetricLabels) =>
		targets.find(
			target =>
				target[namespace] === labels[namespace] &&
				target['horizontalpodautoscaler'] === labels['horizontalpodautoscaler'] &&
				target[clusterLabel] === labels[clusterLabel],
		);
	const found = new Map<string, FoundWorkload>();
	for (const labels of await source.labelSets({metric, matches: []})) {
		const autoscaler = labels['horizontalpodautoscaler'] ?? labels['hpa'];
		const place = labels[namespace];
		if (autoscaler !== undefined && place !== undefined) {
			const target = targetOf(labels);
			const name = target?.['scaletargetref_name'] ?? autoscaler.replace(/^keda-hpa-/, '');
			const kind = target?.['scaletargetref_kind'] ?? 'Deployment';
			const ofCluster = clusterOf(labels);
			const key = JSON.stringify([ofCluster.cluster, place, kind, name]);
			found.set(key, {kind, name, namespace: place, autoscaler, ...ofCluster});
		}
	}

	return [...found.values()].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

/** Workloads of a name, with or without an autoscaler. */
async function workloadsNamed(source: SeriesStore, wanted: WantedWorkload): Promise<FoundWorkload[]> {
	const names = await source.names(workloadMetrics.map(({metric}) => metric));
	const found = new Map<string, FoundWorkload>();
	for (const {metric, label, kind} of workloadMetrics.filter(one => names.has(one.metric))) {
		const matches: LabelMatch[] = [{label, operator: '=', value: wanted.name}];
		const {namespace = 'namespace'} = await placeLabels(source, {metric, matches}, true);
		for (const labels of await source.labelSets({metric, matches})) {
			const workload = {kind, name: wanted.name, namespace: labels[namespace] ?? '', ...clusterOf(labels)};
			if (isMeant(workload, wanted)) {
				found.set(JSON.stringify(workload), workload);
			}
		}
	}

	return [...found.values()];
}

function clusterOf(labels: MetricLabels): {cluster?: string} {
	const cluster = labels[clusterLabel];
	return cluster === undefined ? {} : {cluster};
}

function nameOf({name, namespace}: WantedWorkload): string {
	return namespace === undefined ? name : `${namespace}/${name}`;
}

/** Names; of workloads of several clusters each with its cluster. */

function listed(workloads: readonly (WantedWorkload & OfCluster)[]): string {
	const areOfOne = new Set(workloads.map(({cluster}) => cluster)).size < 2;
	const names = workloads
		.slice(0, mostListed)
		.map(workload => (areOfOne ? nameOf(workload) : `${nameOf(workload)} of cluster ${workload.cluster ?? '""'}`));
	const rest = workloads.length - names.length;
	return `${names.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
