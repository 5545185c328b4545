import {type Entry, mapNode, nodeAt, type SourceNode, scalar, textAt} from '../yaml/source-tree.ts';
import type {ManifestObject} from './parse-manifests.ts';

/**
 * Rules on the nodes of a manifest’s pods: `nodeAutoscaler.placement` as their spec says it. Constraints on the pods of other
 * workloads are left out, since those are not simulated.
 *
 * @param tree - a Deployment or a StatefulSet
 */
export function placementOfManifest(tree: SourceNode): SourceNode {
	const template = nodeAt(tree, ['spec', 'template']);
	const pod = nodeAt(template, ['spec']);
	const labels = labelsOf(nodeAt(template, ['metadata', 'labels']));
	const note = nodeAt(template, ['metadata', 'annotations', 'karpenter.sh/do-not-disrupt']);
	return mapNode(tree.source, {
		nodeSelector: nodeAt(pod, ['nodeSelector']),
		tolerations: nodeAt(pod, ['tolerations']),
		affinity: affinityOf(nodeAt(pod, ['affinity']), labels),
		topologySpreadConstraints: ownOf(nodeAt(pod, ['topologySpreadConstraints']), labels),
		...(note?.kind === 'scalar' && {doNotDisrupt: scalar(String(note.value) === 'true', note.source)}),
	});
}

/** The budget of the PodDisruptionBudget whose selector the pods of a workload meet: `nodeAutoscaler.podDisruptionBudget`. */
export function budgetFor(
	workload: Pick<ManifestObject, 'tree' | 'namespace'>,
	objects: readonly ManifestObject[],
): SourceNode | undefined {
	const labels = labelsOf(nodeAt(workload.tree, ['spec', 'template', 'metadata', 'labels']));
	const budget = objects.find(
		({kind, namespace, tree}) =>
			kind === 'PodDisruptionBudget' &&
			(namespace ?? workload.namespace) === (workload.namespace ?? namespace) &&
			selects(nodeAt(tree, ['spec', 'selector']), labels),
	);
	const spec = budget && nodeAt(budget.tree, ['spec']);
	const [minAvailable, maxUnavailable] = ['minAvailable', 'maxUnavailable'].map(key => nodeAt(spec, [key]));
	return spec && mapNode(spec.source, {minAvailable, maxUnavailable});
}

function affinityOf(affinity: SourceNode | undefined, labels: ReadonlyMap<string, string>): SourceNode | undefined {
	if (affinity?.kind !== 'map') {
		return affinity;
	}

	const required = 'requiredDuringSchedulingIgnoredDuringExecution';
	const anti = nodeAt(affinity, ['podAntiAffinity']);
	const own = ownOf(nodeAt(anti, [required]), labels);
	const entries = new Map<string, Entry>(affinity.entries);
	const entry = entries.get('podAntiAffinity');
	if (anti?.kind === 'map' && entry !== undefined && own !== undefined) {
		const kept = new Map(anti.entries).set(required, {...anti.entries.get(required)!, node: own});
		entries.set('podAntiAffinity', {...entry, node: {...anti, entries: kept}});
	}

	return {...affinity, entries};
}

/** The items of a list whose `labelSelector` the pods meet themselves. */
function ownOf(list: SourceNode | undefined, labels: ReadonlyMap<string, string>): SourceNode | undefined {
	return list?.kind === 'list'
		? {...list, items: list.items.filter(item => selects(nodeAt(item, ['labelSelector']), labels))}
		: list;
}

/** Labels as an object has them; none where there is no map. */
export function labelsOf(node: SourceNode | undefined): ReadonlyMap<string, string> {
	return new Map(node?.kind === 'map' ? [...node.entries.keys()].map(key => [key, textAt(node, key) ?? '']) : []);
}

/**
 * Whether a label selector selects pods with these labels; one that is left out selects none, an empty one all.
 *
 * @see kubernetes v1.34 staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/helpers.go, LabelSelectorAsSelector
 */
export function selects(selector: SourceNode | undefined, labels: ReadonlyMap<string, string>): boolean {
	if (selector?.kind !== 'map') {
		return false;
	}

	const expressions = nodeAt(selector, ['matchExpressions']);
	const wanted = labelsOf(nodeAt(selector, ['matchLabels']));
	return (
		[...wanted].every(([key, value]) => labels.get(key) === value) &&
		(expressions?.kind !== 'list' || expressions.items.every(item => meets(item, labels)))
	);
}

function meets(expression: SourceNode, labels: ReadonlyMap<string, string>): boolean {
	const own = labels.get(textAt(expression, 'key') ?? '');
	const list = nodeAt(expression, ['values']);
	const values =
		list?.kind === 'list' ? list.items.map(item => (item.kind === 'scalar' ? String(item.value) : '')) : [];
	switch (textAt(expression, 'operator')) {
		case 'In':
			return own !== undefined && values.includes(own);
		case 'NotIn':
			return own === undefined || !values.includes(own);
		case 'Exists':
			return own !== undefined;
		case 'DoesNotExist':
			return own === undefined;
		default:
			return false;
	}
}
