import {type MapNode, mapNode, nodeAt, type SourceNode, textAt} from '../yaml/source-tree.ts';

/**
 * A Pod as a case describes it: what the autoscaler looks at, native sidecars among the containers. What is in the form of
 * a case already stays.
 */
export function podOfObject(pod: SourceNode): SourceNode {
	const metadata = nodeAt(pod, ['metadata']);
	if (pod.kind !== 'map' || metadata === undefined) {
		return pod;
	}

	const ready = itemsOf(nodeAt(pod, ['status', 'conditions'])).find(item => textAt(item, 'type') === 'Ready');
	const sidecars = itemsOf(nodeAt(pod, ['spec', 'initContainers'])).filter(
		item => textAt(item, 'restartPolicy') === 'Always',
	);
	const containers = [...itemsOf(nodeAt(pod, ['spec', 'containers'])), ...sidecars];
	return mapNode(pod.source, {
		name: nodeAt(metadata, ['name']),
		phase: nodeAt(pod, ['status', 'phase']),
		startTime: nodeAt(pod, ['status', 'startTime']),
		ready:
			ready &&
			mapNode(ready.source, {
				status: nodeAt(ready, ['status']),
				lastTransitionTime: nodeAt(ready, ['lastTransitionTime']),
			}),
		deletionTimestamp: nodeAt(metadata, ['deletionTimestamp']),
		containers: {kind: 'list', source: pod.source, items: containers.map(container => containerOf(container))},
		requests: nodeAt(pod, ['spec', 'resources', 'requests']),
	});
}

function containerOf(container: SourceNode): SourceNode {
	return mapNode(container.source, {
		name: nodeAt(container, ['name']),
		requests: nodeAt(container, ['resources', 'requests']),
		limits: nodeAt(container, ['resources', 'limits']),
	});
}

/** An object of metrics.k8s.io in the same way. */
export function podMetricsOfObject(metrics: SourceNode): SourceNode {
	const metadata = nodeAt(metrics, ['metadata']);
	return metrics.kind !== 'map' || metadata === undefined
		? metrics
		: mapNode(metrics.source, {
				name: nodeAt(metadata, ['name']),
				timestamp: nodeAt(metrics, ['timestamp']),
				window: nodeAt(metrics, ['window']),
				containers: nodeAt(metrics, ['containers']),
			});
}

/**
 * Whether a label selector fits an object's labels; one that says nothing fits every object.
 *
 * @see kubernetes apimachinery v0.32 pkg/apis/meta/v1/helpers.go, LabelSelectorAsSelector
 */
export function isSelected(object: SourceNode, selector: SourceNode | undefined): boolean {
	const labels = nodeAt(object, ['metadata', 'labels']);
	const wanted = nodeAt(selector, ['matchLabels']);
	const isEqual =
		wanted?.kind !== 'map' ||
		[...wanted.entries].every(([key, {node}]) => valueAt(labels, key) === (node.kind === 'scalar' && node.value));
	return isEqual && itemsOf(nodeAt(selector, ['matchExpressions'])).every(expression => isMet(expression, labels));
}

function isMet(expression: SourceNode, labels: SourceNode | undefined): boolean {
	const value = valueAt(labels, textAt(expression, 'key') ?? '');
	const values = itemsOf(nodeAt(expression, ['values'])).map(node => node.kind === 'scalar' && node.value);
	switch (textAt(expression, 'operator')) {
		case 'In':
			return value !== undefined && values.includes(value as never);
		case 'NotIn':
			return !values.includes(value as never);
		case 'Exists':
			return value !== undefined;
		case 'DoesNotExist':
			return value === undefined;
		default:
			return false;
	}
}

function valueAt(labels: SourceNode | undefined, key: string): unknown {
	const node = (labels as MapNode | undefined)?.kind === 'map' ? nodeAt(labels, [key]) : undefined;
	return node?.kind === 'scalar' ? node.value : undefined;
}

/** The items of a list; none where it is something else. */
export function itemsOf(node: SourceNode | undefined): readonly SourceNode[] {
	return node?.kind === 'list' ? node.items : [];
}
