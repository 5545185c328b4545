import {parseQuantityMilli} from '../../autoscaler/quantity.ts';
import {type FaultLine, nodeAt, type SourceNode, textAt, withNode} from '../yaml/source-tree.ts';
import {treeOfValue} from '../yaml/tree-builder.ts';
import {itemsOf} from './pod-objects.ts';

/** Figures of pods and their metrics in an HPA's status. */
type StatusCase = {
	readonly tree: SourceNode;
	readonly notes: readonly string[];
	readonly faults: readonly FaultLine[];
};

/** Time of the question, on the clock of pods that have run for a day [s]. */
const now = 86_400;
/** Request where only a percentage is known, so that it is a whole number of thousandths. */
const wholeRequest = 1000;
/** More pods are not made of a status. */
const mostReplicas = 100_000;

/** Keys of a metric's source in spec and status. */
const sources = ['resource', 'containerResource', 'pods', 'object', 'external'] as const;

/**
 * A case whose metrics are those of its HPA's status: as many pods as it counts, each with the average. Without a status
 * that has metrics, or with metrics of its own, a case stays as it is.
 */
export function withStatusMetrics(tree: SourceNode): StatusCase {
	const status = nodeAt(tree, ['hpa', 'status']);
	const statuses = itemsOf(nodeAt(status, ['currentMetrics'])).filter(item => currentOf(item) !== undefined);
	const isGiven = ['podMetrics', 'objectMetrics', 'externalMetrics'].some(key => !isAbsent(nodeAt(tree, [key])));
	const replicas = numberAt(tree, 'scale', 'specReplicas') ?? numberAt(status, 'currentReplicas');
	if (status === undefined || statuses.length === 0 || isGiven || !isCount(replicas)) {
		return {tree, notes: [], faults: []};
	}

	const specs = itemsOf(nodeAt(tree, ['hpa', 'spec', 'metrics']));
	const made: Made = {containers: new Map(), pods: {}, objects: {}, externals: {}};
	const faults = (specs.length === 0 ? [defaultSpec] : specs).flatMap(spec => {
		const current = currentOf(statuses.find(item => keyOf(item) === keyOf(spec)));
		return current === undefined ? [] : addMetric(made, spec, current, replicas);
	});
	const parts = {
		now,
		scale: {specReplicas: replicas, statusReplicas: numberAt(tree, 'scale', 'statusReplicas') ?? replicas},
		...podsOf(made, replicas),
		objectMetrics: made.objects,
		externalMetrics: made.externals,
	};
	const filled = Object.entries(parts).reduce(
		(result, [key, value]) => withNode(result, [key], treeOfValue(value, status.source), status.source),
		tree,
	);
	const isInvented = [...made.containers.values()].some(uses =>
		Object.values(uses).some(({request}) => request === wholeRequest),
	);
	return {tree: filled, notes: notesOf(replicas, {hadPods: !isAbsent(nodeAt(tree, ['pods'])), isInvented}), faults};
}

type Made = {
	/** Use by resource, by container. */
	readonly containers: Map<string, Readonly<Record<string, Use>>>;
	readonly pods: Record<string, string>;
	readonly objects: Record<string, string>;
	readonly externals: Record<string, string>;
};

const place = {file: 'status'};
const defaultSpec = treeOfValue(
	{type: 'Resource', resource: {name: 'cpu', target: {type: 'Utilization', averageUtilization: 80}}},
	place,
);

/** The container that stands for the whole pod; no container of Kubernetes can be called so. */
const wholePod = '(pod)';

function addMetric(made: Made, spec: SourceNode, current: SourceNode, replicas: number): FaultLine[] {
	const key = sourceKey(spec)!;
	const name = textAt(spec, key, 'name') ?? textAt(spec, key, 'metric', 'name') ?? '';
	const average = quantityAt(current, 'averageValue');
	if (key === 'resource' || key === 'containerResource') {
		const isShare = !isAbsent(nodeAt(spec, [key, 'target', 'averageUtilization']));
		const utilization = numberAt(current, 'averageUtilization');
		const use = isShare
			? shareOf(utilization, average)
			: average === undefined
				? undefined
				: {usage: average, request: 0};
		return use === undefined ? [] : addUse(made, {spec, name, use, container: textAt(spec, key, 'container')});
	}

	if (key === 'pods') {
		made.pods[name] = `${average ?? 0}m`;
		return [];
	}

	const isAverage = !isAbsent(nodeAt(spec, [key, 'target', 'averageValue']));
	const value = isAverage && average !== undefined ? average * replicas : quantityAt(current, 'value');
	if (value !== undefined) {
		(key === 'object' ? made.objects : made.externals)[name] = `${value}m`;
	}

	return [];
}

/** Use and request of a resource, in thousandths. */
type Use = {readonly usage: number; readonly request: number};

/** A use and a request of that percentage, the use being the average where one is given that fits. */
function shareOf(utilization: number | undefined, average: number | undefined): Use | undefined {
	if (!isCount(utilization)) {
		return undefined;
	}

	const request = average === undefined ? 0 : Math.floor((average * 100) / utilization);
	const fits = average !== undefined && request > 0 && Math.floor((average * 100) / request) === utilization;
	return fits ? {usage: average, request} : {usage: utilization * (wholeRequest / 100), request: wholeRequest};
}

type AddedUse = {
	readonly spec: SourceNode;
	readonly name: string;
	readonly use: Use;
	readonly container: string | undefined;
};

/** A pod cannot have one use of a resource as a whole and another one in a container: the status does not say the rest. */
function addUse(made: Made, {spec, name, use, container = wholePod}: AddedUse): FaultLine[] {
	const isTaken = [...made.containers].some(
		([other, uses]) => name in uses && (other === container || other === wholePod || container === wholePod),
	);
	if (isTaken) {
		const message = `Expected pods and their metrics beside an HPA with several metrics of ${name}, got its status alone`;
		return [{source: spec.source, message}];
	}

	made.containers.set(container, {...made.containers.get(container), [name]: use});
	return [];
}

function podsOf({containers, pods: metrics}: Made, replicas: number) {
	const resources = [...new Set([...containers.values()].flatMap(usage => Object.keys(usage)))];
	const filled = [...containers].map(([name, uses]) => ({
		name,
		requests: Object.fromEntries(resources.map(key => [key, `${uses[key]?.request ?? 0}m`])),
		usage: Object.fromEntries(resources.map(key => [key, `${uses[key]?.usage ?? 0}m`])),
	}));
	const names = Array.from({length: replicas}, (_, index) => `pod-${index}`);
	const ready = {status: true, lastTransitionTime: 0};
	return {
		pods: names.map(name => ({
			name,
			startTime: 0,
			ready,
			containers: filled.map(({usage: _, ...container}) => container),
		})),
		podMetrics: names.map(name => ({
			name,
			timestamp: now,
			containers: filled.map(({requests: _, ...container}) => container),
			metrics,
		})),
	};
}

function notesOf(replicas: number, {hadPods, isInvented}: {hadPods: boolean; isInvented: boolean}): string[] {
	return [
		`The metrics are those of the HPA's status, over ${replicas} replicas${hadPods ? '; the pods do not count, for they come without metrics' : ''}. Not seen: pods that are not Ready, are missing metrics or are being deleted, which hold changes back.`,
		...(isInvented ? ['Where the status has a percentage alone, the average is that of a request of 1.'] : []),
	];
}

function keyOf(metric: SourceNode): string | undefined {
	const key = sourceKey(metric);
	const name = key && (textAt(metric, key, 'name') ?? textAt(metric, key, 'metric', 'name'));
	return key && name && JSON.stringify([key, name, textAt(metric, key, 'container')]);
}

function sourceKey(metric: SourceNode): (typeof sources)[number] | undefined {
	return sources.find(key => nodeAt(metric, [key])?.kind === 'map');
}

/** The current value of a metric's status; a metric that could not be read has none. */
function currentOf(status: SourceNode | undefined): SourceNode | undefined {
	const key = status && sourceKey(status);
	const current = key && nodeAt(status, [key, 'current']);
	const values = ['averageUtilization', 'averageValue', 'value'].map(name => nodeAt(current, [name]));
	return values.every(node => isAbsent(node)) ? undefined : current;
}

/** Thousandths. */
function quantityAt(node: SourceNode, key: string): number | undefined {
	const found = nodeAt(node, [key]);
	try {
		return found?.kind === 'scalar' && found.value !== null ? parseQuantityMilli(String(found.value)) : undefined;
	} catch {
		return undefined;
	}
}

function numberAt(node: SourceNode | undefined, ...path: readonly string[]): number | undefined {
	const found = nodeAt(node, path);
	return found?.kind === 'scalar' && typeof found.value === 'number' ? found.value : undefined;
}

function isCount(value: number | undefined): value is number {
	return value !== undefined && Number.isInteger(value) && value >= 0 && value <= mostReplicas;
}

function isAbsent(node: SourceNode | undefined): boolean {
	return node === undefined || (node.kind === 'scalar' && node.value === null);
}
