import {apiTime} from '../../autoscaler/api-time.ts';
import {chooseHpa} from '../manifests/choose-hpa.ts';
import type {ManifestObject} from '../manifests/parse-manifests.ts';
import {presentHpa} from '../manifests/read-hpa.ts';
import {readScaledObject} from '../manifests/scaled-object.ts';
import {
	type FaultLine,
	mapNode,
	nodeAt,
	overlaid,
	type Source,
	type SourceNode,
	scalar,
	textAt,
	withNode,
} from '../yaml/source-tree.ts';
import {operatorStatus, scaledObjectIn, servedValues} from './keda-objects.ts';
import {isSelected, itemsOf, podMetricsOfObject, podOfObject} from './pod-objects.ts';
import {withStatusMetrics} from './status-case.ts';

/** A case in the form of `DecideCase`, what was taken for granted on the way, and what stood in the way. */
export type PreparedCase = {
	readonly tree: SourceNode;
	readonly notes: readonly string[];
	readonly faults: readonly FaultLine[];
};

const targetKinds = ['Deployment', 'ReplicaSet', 'StatefulSet', 'Rollout'];

/**
 * Objects as kubectl saves them (HPA or ScaledObject, pods, their metrics and the scaled object) put together as a case.
 *
 * @param beside - what a document that is no object says beside a ScaledObject
 */
export function caseOfObjects(
	objects: readonly ManifestObject[],
	file: string,
	beside?: SourceNode | undefined,
): PreparedCase {
	const source = {file, line: 1, column: 1};
	const keda = scaledObjectIn(objects);
	if (keda !== undefined) {
		return kedaCase(keda, objects, {source, beside});
	}

	const target = objects.filter(({kind}) => targetKinds.includes(kind));
	const [only] = target;
	const wanted =
		only?.name !== undefined && target.length === 1
			? {kind: only.kind, name: only.name, namespace: only.namespace}
			: undefined;
	const choice = chooseHpa({objects, others: []}, {path: file, target: wanted});
	if ('rule' in choice) {
		const wish = objects.some(({kind}) => kind === 'HorizontalPodAutoscaler')
			? 'one HPA, or the object that it scales beside several'
			: 'an HPA among the objects';
		const message = `Expected ${wish}, got ${choice.got.slice(file.length).replace(/^(?:, of | with )/, '')}`;
		return {tree: mapNode(source, {}), notes: [], faults: [{source, message}]};
	}

	const scaled = target.find(object => isScaledBy(object, choice.tree));
	const pods = podsIn(objects, choice.tree, scaled);
	const status = nodeAt(choice.tree, ['status']);
	const tree = mapNode(source, {
		hpa: choice.tree,
		scale: mapNode(source, {
			specReplicas: nodeAt(scaled?.tree, ['spec', 'replicas']) ?? nodeAt(status, ['currentReplicas']),
			statusReplicas: nodeAt(scaled?.tree, ['status', 'replicas']) ?? nodeAt(status, ['currentReplicas']),
		}),
		...pods.parts,
	});
	const prepared = prepareCase(tree);
	return {...prepared, notes: [...new Set([...pods.notes, ...prepared.notes, historyNote])]};
}

const historyNote =
	'No earlier recommendation and no earlier change of size is known: what stabilization or a policy still holds back is not seen.';

/** A case of a ScaledObject among objects, with the values that KEDA's metrics server gave where they are there. */
function kedaCase(
	keda: SourceNode,
	objects: readonly ManifestObject[],
	{source, beside}: {readonly source: Source; readonly beside: SourceNode | undefined},
): PreparedCase {
	const scaled = objects.find(object => targetKinds.includes(object.kind) && isScaledBy(object, keda));
	const pods = podsIn(objects, keda, scaled);
	const replicas = nodeAt(scaled?.tree, ['spec', 'replicas']);
	const tree = mapNode(source, {
		...pods.parts,
		...(replicas !== undefined && {
			scale: mapNode(source, {
				specReplicas: replicas,
				statusReplicas: nodeAt(scaled?.tree, ['status', 'replicas']) ?? replicas,
			}),
		}),
		triggerValues: servedValues(objects, source),
		operator: operatorStatus(keda, source),
	});
	const whole = beside === undefined ? tree : overlaid(tree, beside);
	return prepareKedaCase(withNode(whole, ['scaledObject'], keda, source), pods.notes);
}

function prepareKedaCase(tree: SourceNode, notes: readonly string[]): PreparedCase {
	const found = readScaledObject(nodeAt(tree, ['scaledObject'])!);
	if ('lines' in found) {
		return {tree, notes: [], faults: found.lines};
	}

	const read = withNode(tree, ['scaledObject'], found.tree, tree.source);
	const withPods = mapped(mapped(read, 'pods', podOfObject), 'podMetrics', podMetricsOfObject);
	return {tree: withPods, notes, faults: []};
}

/** A case whose parts may be objects of the API: each in the form of a case, the HPA of a present version. */
export function prepareCase(tree: SourceNode): PreparedCase {
	if (tree.kind !== 'map') {
		return {tree, notes: [], faults: []};
	}

	if (nodeAt(tree, ['scaledObject'])?.kind === 'map') {
		return prepareKedaCase(tree, []);
	}

	const hpa = nodeAt(tree, ['hpa']);
	const present = hpa?.kind === 'map' ? presentHpa(hpa) : undefined;
	if (present !== undefined && 'lines' in present) {
		return {tree, notes: [], faults: present.lines};
	}

	const converted = present === undefined ? tree : withNode(tree, ['hpa'], present.tree, tree.source);
	const withPods = mapped(mapped(converted, 'pods', podOfObject), 'podMetrics', podMetricsOfObject);
	const filled = withStatusMetrics(withPods);
	const isForgetful = filled.notes.length > 0 && nodeAt(tree, ['history']) === undefined;
	return isForgetful ? {...filled, notes: [...filled.notes, historyNote]} : filled;
}

function mapped(tree: SourceNode, key: string, change: (item: SourceNode) => SourceNode): SourceNode {
	const list = nodeAt(tree, [key]);
	return list?.kind === 'list'
		? withNode(tree, [key], {...list, items: list.items.map(item => change(item))}, list.source)
		: tree;
}

function isScaledBy({kind, name}: ManifestObject, hpa: SourceNode): boolean {
	// The kind of a ScaledObject's target may be left out.
	return (
		(textAt(hpa, 'spec', 'scaleTargetRef', 'kind') ?? 'Deployment') === kind &&
		textAt(hpa, 'spec', 'scaleTargetRef', 'name') === name
	);
}

/** Pods and metrics that belong to the scaled object, by the labels in the objects. */
function podsIn(objects: readonly ManifestObject[], hpa: SourceNode, scaled: ManifestObject | undefined) {
	const namespace = textAt(hpa, 'metadata', 'namespace');
	const ofKind = (kind: string) =>
		objects.filter(
			object => object.kind === kind && (object.namespace ?? namespace) === (namespace ?? object.namespace),
		);
	const selector = nodeAt(scaled?.tree, ['spec', 'selector']);
	const pods = ofKind('Pod').filter(({tree}) => isSelected(tree, selector));
	const names = new Set(pods.map(({name}) => name));
	const metrics = ofKind('PodMetrics').filter(({name, tree}) =>
		pods.length > 0 ? names.has(name) : isSelected(tree, selector),
	);
	const left = objects.filter(({kind}) => kind === 'Pod').length - pods.length;
	const list = (found: readonly ManifestObject[]): SourceNode | undefined =>
		found.length === 0 ? undefined : {kind: 'list', source: found[0]!.tree.source, items: found.map(({tree}) => tree)};
	const now = clockOf(pods, metrics);
	return {
		parts: {now, pods: list(pods), podMetrics: list(metrics)},
		notes: [
			...(now?.kind === 'scalar' && metrics.length > 0
				? [`The question is asked at ${String(now.value)}, the time of the newest sample.`]
				: []),
			...(scaled === undefined && pods.length > 0
				? [`The scaled object is not among the objects: all ${pods.length} pods are taken to be its own.`]
				: []),
			...(left > 0 ? [`${left} pods of another namespace, or that the selector does not match, do not count.`] : []),
			...(pods.length === 0 && metrics.length > 0
				? ['No pods are given: those with metrics are taken to be Ready, without requests.']
				: []),
		],
	};
}

/** Latest time in a file: the newest sample, or a pod's last change. */
function clockOf(pods: readonly ManifestObject[], metrics: readonly ManifestObject[]): SourceNode | undefined {
	const samples = metrics.flatMap(({tree}) => textAt(tree, 'timestamp') ?? []);
	const changes = pods.flatMap(({tree}) => [
		...[textAt(tree, 'status', 'startTime')].filter(text => text !== undefined),
		...itemsOf(nodeAt(tree, ['status', 'conditions'])).flatMap(item => textAt(item, 'lastTransitionTime') ?? []),
	]);
	const times = (samples.length > 0 ? samples : changes).filter(text => !Number.isNaN(apiTime(text)));
	const [last] = times.toSorted((a, b) => apiTime(b) - apiTime(a));
	return last === undefined ? undefined : scalar(last, (metrics[0] ?? pods[0])!.tree.source);
}
