import {type FaultLine, mapNode, nodeAt, type SourceNode, scalar, textAt, withNode} from '../yaml/source-tree.ts';
import {treeOfValue} from '../yaml/tree-builder.ts';
import {convertMetric, convertMetricStatus, unknownTo} from './convert-hpa-metric.ts';

/** A manifest in the form of autoscaling/v2, and what stood in the way. */
type ConvertedHpa = {readonly tree: SourceNode; readonly faults: readonly FaultLine[]};

const metricsAnnotation = 'autoscaling.alpha.kubernetes.io/metrics';
const statusesAnnotation = 'autoscaling.alpha.kubernetes.io/current-metrics';
const behaviorAnnotation = 'autoscaling.alpha.kubernetes.io/behavior';

/**
 * Converts a HorizontalPodAutoscaler of an older version to autoscaling/v2 as the API server does; another value is
 * returned as it is. Every part keeps its place in the file. Metrics that are missing are left for the default of
 * autoscaling/v2, which older versions have, too: CPU at 80 %.
 *
 * @see kubernetes v1.25 pkg/apis/autoscaling/v1/conversion.go, v2beta1/conversion.go, v2beta2/conversion.go and
 *   annotations.go
 */
export function convertHpa(tree: SourceNode): ConvertedHpa {
	if (textAt(tree, 'kind') !== 'HorizontalPodAutoscaler') {
		return {tree, faults: []};
	}

	const version = textAt(tree, 'apiVersion');
	switch (version) {
		case 'autoscaling/v1':
			return convertV1(asV2(tree), version);
		case 'autoscaling/v2beta1':
			return convertV2beta1(asV2(tree), version);
		case 'autoscaling/v2beta2':
			return {tree: withTolerances(asV2(tree)), faults: []};
		default:
			return {tree, faults: []};
	}
}

function asV2(tree: SourceNode): SourceNode {
	const {source} = nodeAt(tree, ['apiVersion'])!;
	return withNode(tree, ['apiVersion'], scalar('autoscaling/v2', source), source);
}

function convertV1(tree: SourceNode, version: string): ConvertedHpa {
	const faults = ['metrics', 'behavior'].flatMap(key => unknownTo(version, tree, ['spec', key]));
	const annotated = annotationList(tree, metricsAnnotation);
	const metrics = annotated.items.map(item => convertMetric(item, version));
	const percentage = nodeAt(tree, ['spec', 'targetCPUUtilizationPercentage']);
	const cpu = percentage === undefined || isNothing(percentage) ? [] : [cpuMetric(percentage)];
	const items = [...metrics.map(metric => metric.node), ...cpu];
	const withoutOld = withNode(tree, ['spec', 'targetCPUUtilizationPercentage'], undefined, tree.source);
	const spec = withList(hasSpec(tree) ? withoutOld : tree, ['spec', 'metrics'], items);
	const behaved = withBehavior(spec);
	return {
		tree: v1Status(behaved.tree),
		faults: [...faults, ...annotated.faults, ...metrics.flatMap(metric => metric.faults), ...behaved.faults],
	};
}

function convertV2beta1(tree: SourceNode, version: string): ConvertedHpa {
	const faults = unknownTo(version, tree, ['spec', 'behavior']);
	const list = nodeAt(tree, ['spec', 'metrics']);
	const metrics = list?.kind === 'list' ? list.items.map(item => convertMetric(item, version)) : [];
	const spec = withList(
		tree,
		['spec', 'metrics'],
		metrics.map(metric => metric.node),
	);
	const behaved = withBehavior(spec);
	return {
		tree: oldStatuses(behaved.tree, nodeAt(tree, ['status', 'currentMetrics'])),
		faults: [...faults, ...metrics.flatMap(metric => metric.faults), ...behaved.faults],
	};
}

/** Keeps the fields of a later version that the API server keeps. */
function withTolerances(tree: SourceNode): SourceNode {
	const directions = {scaleDown: 'scale-down', scaleUp: 'scale-up'};
	return Object.entries(directions).reduce((result, [key, word]) => {
		const node = nodeAt(tree, ['metadata', 'annotations', `autoscaling.alpha.kubernetes.io/${word}-tolerance`]);
		return node === undefined || !hasSpec(tree)
			? result
			: withNode(result, ['spec', 'behavior', key, 'tolerance'], node, node.source);
	}, tree);
}

function cpuMetric(percentage: SourceNode): SourceNode {
	const {source} = percentage;
	const target = mapNode(source, {type: scalar('Utilization', source), averageUtilization: percentage});
	const resource = mapNode(source, {name: scalar('cpu', source), target});
	return mapNode(source, {type: scalar('Resource', source), resource});
}

/** The annotation holds the API server's own type, whose keys begin with a capital. */
function withBehavior(tree: SourceNode): ConvertedHpa {
	const {value, faults, source} = annotationValue(tree, behaviorAnnotation, 'a map');
	if (value === undefined || !hasSpec(tree)) {
		return {tree, faults};
	}

	const behavior = withSmallKeys(treeOfValue(value, source));
	return {tree: withNode(tree, ['spec', 'behavior'], behavior, source), faults};
}

function withSmallKeys(node: SourceNode): SourceNode {
	switch (node.kind) {
		case 'map': {
			const entries = [...node.entries].map(
				([key, entry]) =>
					[key.charAt(0).toLowerCase() + key.slice(1), {...entry, node: withSmallKeys(entry.node)}] as const,
			);
			return {...node, entries: new Map(entries)};
		}

		case 'list':
			return {...node, items: node.items.map(item => withSmallKeys(item))};
		default:
			return node;
	}
}

/** The annotation has more information than the percentage. */
function v1Status(tree: SourceNode): SourceNode {
	const {items, isGiven} = annotationList(tree, statusesAnnotation);
	if (isGiven) {
		return withList(
			tree,
			['status', 'currentMetrics'],
			items.map(item => convertMetricStatus(item)),
		);
	}

	const percentage = nodeAt(tree, ['status', 'currentCPUUtilizationPercentage']);
	if (percentage === undefined || isNothing(percentage)) {
		return tree;
	}

	const {source} = percentage;
	const resource = mapNode(source, {
		name: scalar('cpu', source),
		current: mapNode(source, {averageUtilization: percentage}),
	});
	return withList(tree, ['status', 'currentMetrics'], [mapNode(source, {type: scalar('Resource', source), resource})]);
}

function oldStatuses(tree: SourceNode, statuses: SourceNode | undefined): SourceNode {
	return statuses?.kind === 'list'
		? withList(
				tree,
				['status', 'currentMetrics'],
				statuses.items.map(item => convertMetricStatus(item)),
			)
		: tree;
}

function withList(tree: SourceNode, path: readonly string[], items: readonly SourceNode[]): SourceNode {
	const [first] = items;
	return first === undefined ? tree : withNode(tree, path, {kind: 'list', source: first.source, items}, first.source);
}

function hasSpec(tree: SourceNode): boolean {
	return nodeAt(tree, ['spec'])?.kind === 'map';
}

function isNothing(node: SourceNode): boolean {
	return node.kind === 'scalar' && node.value === null;
}

function annotationList(tree: SourceNode, name: string) {
	const {value, faults, source} = annotationValue(tree, name, 'a list');
	const items = Array.isArray(value) ? value.map((item: unknown) => treeOfValue(item, source)) : [];
	return {items, faults, isGiven: value !== undefined};
}

function annotationValue(tree: SourceNode, name: string, what: 'a list' | 'a map') {
	const node = nodeAt(tree, ['metadata', 'annotations', name]);
	const source = node?.source ?? tree.source;
	if (node === undefined) {
		return {value: undefined, faults: [], source};
	}

	try {
		const value: unknown = node.kind === 'scalar' ? JSON.parse(String(node.value)) : undefined;
		if (typeof value === 'object' && value !== null && Array.isArray(value) === (what === 'a list')) {
			return {value, faults: [], source};
		}
	} catch {
		// The fault below says what is wanted.
	}

	const message = `Expected the annotation ${name} to be ${what} in JSON, got something else`;
	return {value: undefined, faults: [{source, message}], source};
}
