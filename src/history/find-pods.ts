import type {FoundWorkload} from './find-workload.ts';
import {placeLabels} from './place-labels.ts';
import {type LabelMatch, literalPattern} from './series-query.ts';
import type {SeriesStore} from './series-store.ts';

/** Pods of a workload, as a pattern of their names. */
export type PodSelection = {
	readonly namespace: string;
	readonly pattern: string;
	/** Note on pods that are chosen by their name alone. */
	readonly note?: string;
};

/** Metrics of kube-state-metrics on owners: of ReplicaSets, and of pods. */
const ownerMetric = 'kube_replicaset_owner';
const podOwnerMetric = 'kube_pod_owner';

/** Longest name of a pod without its suffix of five characters. @see kubernetes v1.34 pkg names/generate.go, maxGeneratedNameLength */
const longestBase = 58;

/** Owners beyond this make the pattern too long for a query. */
const mostOwners = 300;

/**
 * Finds the pods of a workload: by the ReplicaSets that kube-state-metrics says are a Deployment's, or by the form of the
 * names that Kubernetes gives.
 */
export async function findPods(source: SeriesStore, workload: FoundWorkload): Promise<PodSelection> {
	const {kind, name, namespace} = workload;
	if (kind === 'StatefulSet') {
		return {namespace, pattern: `${literalPattern(name)}-[0-9]+`};
	}

	const owned = await replicaSetsOf(source, workload);
	if (owned.length > 0 && owned.length <= mostOwners) {
		return {namespace, pattern: patternOf(owned)};
	}

	const owners = owned.length > 0 ? [] : await ownersOfPods(source, workload);
	if (owners.length > 0 && owners.length <= mostOwners) {
		const note = `The pods are taken by the names of their ReplicaSets, ${name}-*, for no series says which ReplicaSets the ${kind} has.`;
		return {namespace, pattern: patternOf(owners), note};
	}

	return {
		namespace,
		pattern: `${literalPattern(name)}-[a-z0-9]{1,10}-[a-z0-9]{5}`,
		note:
			owned.length > 0
				? `The pods are taken by the form of their names, ${name}-*-*, for the ${kind} has had ${owned.length} ReplicaSets.`
				: `The pods are taken by the form of their names, ${name}-*-*, for no series says which ReplicaSets the ${kind} has.`,
	};
}

/** Pattern of the names of the pods of ReplicaSets. */
function patternOf(sets: readonly string[]): string {
	const bases = sets.map(set => literalPattern(`${set}-`.slice(0, longestBase)));
	return `${bases.length === 1 ? bases[0]! : `(?:${bases.join('|')})`}[a-z0-9]+`;
}

/** ReplicaSets that own pods, and whose names have the form that those of the workload have. */
async function ownersOfPods(source: SeriesStore, {name, namespace}: FoundWorkload): Promise<string[]> {
	if (!(await source.names([podOwnerMetric])).has(podOwnerMetric)) {
		return [];
	}

	const owner: LabelMatch[] = [
		{label: 'owner_kind', operator: '=', value: 'ReplicaSet'},
		{label: 'owner_name', operator: '=~', value: `${literalPattern(name)}-[a-z0-9]{1,10}`},
	];
	const labels = await placeLabels(source, {metric: podOwnerMetric, matches: []}, true);
	const place: LabelMatch[] =
		labels.namespace === undefined ? [] : [{label: labels.namespace, operator: '=', value: namespace}];
	const sets = await source.labelSets({metric: podOwnerMetric, matches: [...place, ...owner]});
	return [...new Set(sets.flatMap(set => set['owner_name'] ?? []))].sort();
}

async function replicaSetsOf(source: SeriesStore, {kind, name, namespace}: FoundWorkload): Promise<string[]> {
	if (!(await source.names([ownerMetric])).has(ownerMetric)) {
		return [];
	}

	const owner: LabelMatch[] = [
		{label: 'owner_kind', operator: '=', value: kind},
		{label: 'owner_name', operator: '=', value: name},
	];
	const labels = await placeLabels(source, {metric: ownerMetric, matches: owner}, true);
	const place: LabelMatch[] =
		labels.namespace === undefined ? [] : [{label: labels.namespace, operator: '=', value: namespace}];
	const sets = await source.labelSets({metric: ownerMetric, matches: [...place, ...owner]});
	return [...new Set(sets.flatMap(set => set['replicaset'] ?? []))].sort();
}
