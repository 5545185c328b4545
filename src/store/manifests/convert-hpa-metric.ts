import {nameOf} from '../yaml/describe-issues.ts';
import {type FaultLine, type MapNode, mapNode, nodeAt, type SourceNode, scalar, textAt} from '../yaml/source-tree.ts';

/** A part in the form of autoscaling/v2, and what stood in the way. */
type Converted = {readonly node: SourceNode; readonly faults: readonly FaultLine[]};

/** Names of a source in autoscaling/v1 (in its annotation) and v2beta1 for keys that autoscaling/v2 puts into maps. */
type Form = {
	/** Key of the whole in a metric. */
	readonly source: string;
	/** Keys of the identifier: key in `metric` by old key. */
	readonly metric?: Readonly<Record<string, string>>;
	/** Keys of the target: key in `target` by old key. */
	readonly target: Readonly<Record<string, string>>;
	/** Keys of the status: key in `current` by old key. */
	readonly current: Readonly<Record<string, string>>;
	/** Type of a target by the key that it has; the first that is there decides. */
	readonly types: Readonly<Record<string, string>>;
};

const resourceForm = {
	target: {targetAverageUtilization: 'averageUtilization', targetAverageValue: 'averageValue'},
	current: {currentAverageUtilization: 'averageUtilization', currentAverageValue: 'averageValue'},
	types: {averageUtilization: 'Utilization', averageValue: 'AverageValue'},
};

const forms: Readonly<Record<string, Form>> = {
	Resource: {source: 'resource', ...resourceForm},
	ContainerResource: {source: 'containerResource', ...resourceForm},
	Pods: {
		source: 'pods',
		metric: {metricName: 'name', selector: 'selector'},
		target: {targetAverageValue: 'averageValue'},
		current: {currentAverageValue: 'averageValue'},
		types: {averageValue: 'AverageValue'},
	},
	Object: {
		source: 'object',
		metric: {metricName: 'name', selector: 'selector'},
		target: {targetValue: 'value', averageValue: 'averageValue'},
		current: {currentValue: 'value', averageValue: 'averageValue'},
		types: {averageValue: 'AverageValue', value: 'Value'},
	},
	External: {
		source: 'external',
		metric: {metricName: 'name', metricSelector: 'selector'},
		target: {targetValue: 'value', targetAverageValue: 'averageValue'},
		current: {currentValue: 'value', currentAverageValue: 'averageValue'},
		types: {value: 'Value', averageValue: 'AverageValue'},
	},
};

/**
 * A metric of autoscaling/v2beta1, or of the annotation of autoscaling/v1, as autoscaling/v2 writes it. What is in the form
 * of neither is left for the schema to refuse.
 *
 * @see kubernetes v1.25 pkg/apis/autoscaling/v2beta1/conversion.go, Convert_v2beta1_*MetricSource_To_autoscaling_*
 */
export function convertMetric(metric: SourceNode, version: string): Converted {
	const form = forms[textAt(metric, 'type') ?? ''];
	const source = form && nodeAt(metric, [form.source]);
	if (form === undefined || metric.kind !== 'map' || source?.kind !== 'map') {
		return {node: metric, faults: []};
	}

	const isObject = form.source === 'object';
	const faults = ['metric', ...(isObject ? ['describedObject'] : ['target'])].flatMap(key =>
		unknownTo(version, source, [key]),
	);
	const described = isObject ? source.entries.get('target')?.node : undefined;
	const target = picked(source, form.target);
	const types = Object.entries(form.types);
	const [, type] = types.find(([key]) => isGiven(target[key])) ?? types.at(-1)!;
	const {value: _, ...average} = target;
	// The value of an object may not be left out, so that one of 0 stands beside an average.
	const keys = isObject && type === 'AverageValue' ? average : target;
	const node = mapNode(source.source, {
		...left(source, [...Object.keys(form.metric ?? {}), ...Object.keys(form.target), ...(isObject ? ['target'] : [])]),
		...(described !== undefined && {describedObject: described}),
		...(form.metric !== undefined && {metric: mapNode(source.source, picked(source, form.metric))}),
		target: mapNode(source.source, {type: scalar(type, source.source), ...keys}),
	});
	return {node: replaced(metric, form.source, node), faults};
}

/** The status of a metric, in the same way. */
export function convertMetricStatus(status: SourceNode): SourceNode {
	const form = forms[textAt(status, 'type') ?? ''];
	const source = form && nodeAt(status, [form.source]);
	if (form === undefined || status.kind !== 'map' || source?.kind !== 'map') {
		return status;
	}

	const node = mapNode(source.source, {
		...left(source, [...Object.keys(form.metric ?? {}), ...Object.keys(form.current), 'target']),
		...(form.metric !== undefined && {metric: mapNode(source.source, picked(source, form.metric))}),
		current: mapNode(source.source, picked(source, form.current)),
	});
	return replaced(status, form.source, node);
}

/** The fault of a key that only a later version knows. */
export function unknownTo(version: string, tree: SourceNode, path: readonly string[]): FaultLine[] {
	const node = nodeAt(tree, path);
	if (node === undefined) {
		return [];
	}

	const message = `Expected ${nameOf(path)} to be left out of ${version}, got a key of autoscaling/v2`;
	return [{source: node.source, message}];
}

function isGiven(node: SourceNode | undefined): boolean {
	return node !== undefined && !(node.kind === 'scalar' && node.value === null);
}

function picked(source: MapNode, names: Readonly<Record<string, string>>): Record<string, SourceNode> {
	const nodes = Object.entries(names).map(([old, name]) => [name, source.entries.get(old)?.node] as const);
	return Object.fromEntries(nodes.filter((entry): entry is [string, SourceNode] => entry[1] !== undefined));
}

function left(source: MapNode, taken: readonly string[]): Record<string, SourceNode> {
	const entries = [...source.entries].filter(([key]) => !taken.includes(key));
	return Object.fromEntries(entries.map(([key, {node}]) => [key, node]));
}

function replaced(metric: MapNode, key: string, node: SourceNode): SourceNode {
	const entries = new Map(metric.entries);
	entries.set(key, {...entries.get(key)!, node});
	return {...metric, entries};
}
