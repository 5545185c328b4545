import {goDuration} from '../../autoscaler/api-time.ts';
import {type FaultLine, mapNode, nodeAt, type SourceNode, scalar, textAt, withNode} from '../yaml/source-tree.ts';
import {templateIn, templateWords} from './template-place.ts';

/** Kinds of which KEDA makes an HPA. */
export const kedaKinds: readonly string[] = ['ScaledObject', 'HTTPScaledObject'];

/** A ScaledObject as its schema takes it, or what stands in the way. */
export function readScaledObject(
	tree: SourceNode,
): {readonly tree: SourceNode} | {readonly lines: readonly FaultLine[]} {
	const template = [['spec'], ['metadata', 'name'], ['metadata', 'namespace']]
		.map(path => templateIn(nodeAt(tree, path)))
		.find(node => node !== undefined);
	if (template !== undefined) {
		return {lines: [{source: template.source, message: templateWords}]};
	}

	return textAt(tree, 'kind') === 'HTTPScaledObject' ? ofHttp(tree) : {tree};
}

/** Default target of the HTTP add-on. @see KEDA HTTP add-on v0.9 scaler/handlers.go, GetMetricSpec */
const defaultTarget = '100';

const knownKeys = [
	'hosts',
	'pathPrefixes',
	'headers',
	'scaleTargetRef',
	'coldStartTimeoutFailoverRef',
	'replicas',
	'targetPendingRequests',
	'scaledownPeriod',
	'initialCooldownPeriod',
	'scalingMetric',
	'timeouts',
];

/**
 * The ScaledObject that the HTTP add-on makes of an HTTPScaledObject.
 *
 * @see KEDA HTTP add-on v0.9 pkg/k8s/scaledobject.go, NewScaledObject
 */
function ofHttp(tree: SourceNode): {readonly tree: SourceNode} | {readonly lines: readonly FaultLine[]} {
	const {source} = tree;
	const spec = nodeAt(tree, ['spec']);
	const lines = httpFaults(tree, spec);
	if (lines.length > 0 || spec === undefined) {
		return {lines};
	}

	const text = (value: string, at = spec) => scalar(value, at.source);
	const rate = nodeAt(spec, ['scalingMetric', 'requestRate']);
	const target =
		nodeAt(rate, ['targetValue']) ??
		nodeAt(spec, ['scalingMetric', 'concurrency', 'targetValue']) ??
		nodeAt(spec, ['targetPendingRequests']);
	const window = nodeAt(rate, ['window']);
	const reference = nodeAt(spec, ['scaleTargetRef'])!;
	const metadata = mapNode(source, {
		scalerAddress: text('keda-add-ons-http-external-scaler.keda:9090'),
		httpScaledObject: text(textAt(tree, 'metadata', 'name') ?? ''),
		measure: text(rate === undefined ? 'concurrency' : 'requestRate'),
		targetValue: target === undefined ? text(defaultTarget) : text(valueText(target), target),
		...(window !== undefined && {window: text(secondsText(window), window)}),
	});
	const made = mapNode(spec.source, {
		scaleTargetRef: mapNode(reference.source, {
			name: nodeAt(reference, ['name']),
			apiVersion: nodeAt(reference, ['apiVersion']),
			kind: nodeAt(reference, ['kind']),
		}),
		pollingInterval: scalar(15, spec.source),
		cooldownPeriod: nodeAt(spec, ['scaledownPeriod']),
		initialCooldownPeriod: nodeAt(spec, ['initialCooldownPeriod']),
		minReplicaCount: nodeAt(spec, ['replicas', 'min']),
		maxReplicaCount: nodeAt(spec, ['replicas', 'max']),
		advanced: mapNode(spec.source, {restoreToOriginalReplicaCount: scalar(true, spec.source)}),
		triggers: {
			kind: 'list',
			source: spec.source,
			items: [mapNode(spec.source, {type: text('external-push'), metadata})],
		},
	});
	const versioned = withNode(tree, ['apiVersion'], scalar('keda.sh/v1alpha1', source), source);
	const named = withNode(versioned, ['kind'], scalar('ScaledObject', source), source);
	return {tree: withNode(withNode(named, ['status'], undefined, source), ['spec'], made, spec.source)};
}

function httpFaults(tree: SourceNode, spec: SourceNode | undefined): FaultLine[] {
	if (spec?.kind !== 'map') {
		return [{source: (spec ?? tree).source, message: `Expected spec to be a map, got ${shown(spec)}`}];
	}

	const name = textAt(spec, 'scaleTargetRef', 'name');
	const unknown = [...spec.entries].filter(([key]) => !knownKeys.includes(key));
	const rate = nodeAt(spec, ['scalingMetric', 'requestRate', 'targetValue']);
	const concurrency = nodeAt(spec, ['scalingMetric', 'concurrency', 'targetValue']);
	const target = rate ?? concurrency;
	const window = nodeAt(spec, ['scalingMetric', 'requestRate', 'window']);
	return [
		...unknown.map(([key, {keySource}]) => ({
			source: keySource,
			message: `Expected spec.${/^\w{1,40}$/.test(key) ? key : 'KEY'} to be a known key of an HTTPScaledObject, got ${JSON.stringify(key.slice(0, 60))}`,
		})),
		...(name === undefined
			? [
					{
						source: (nodeAt(spec, ['scaleTargetRef']) ?? spec).source,
						message: 'Expected spec.scaleTargetRef.name to be given, got nothing',
					},
				]
			: []),
		...(window !== undefined && !(goDuration(valueText(window)) > 0)
			? [{source: window.source, message: `Expected window to be a duration such as 1m, got ${shown(window)}`}]
			: []),
		...(target !== undefined && !(Number(valueText(target)) >= 1)
			? [
					{
						source: target.source,
						message: `Expected targetValue to be a whole number, at least 1, got ${shown(target)}`,
					},
				]
			: []),
	];
}

function valueText(node: SourceNode): string {
	return node.kind === 'scalar' ? String(node.value) : '';
}

function shown(node: SourceNode | undefined): string {
	switch (node?.kind) {
		case 'map':
			return 'a map';
		case 'list':
			return 'a list';
		case 'scalar':
			return JSON.stringify(node.value ?? null).slice(0, 60);
		default:
			return 'nothing';
	}
}

function secondsText(node: SourceNode): string {
	const seconds = goDuration(valueText(node));
	return String(seconds);
}
