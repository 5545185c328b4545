import {ScaledObject} from '../../autoscaler/keda/scaled-object-schema.ts';
import {modelledTriggers} from '../../autoscaler/keda/trigger-faults.ts';
import {checkTree, type Fault, faultLines} from '../yaml/describe-issues.ts';
import {type FaultLine, mapNode, nodeAt, type SourceNode, scalar, textAt, withNode} from '../yaml/source-tree.ts';

type KnownScaledObject =
	| {readonly tree: SourceNode /** Triggers that are not judged, in words. */; readonly unknown: readonly FaultLine[]}
	| {readonly faults: readonly Fault[]};

const mostRounds = 4;

/**
 * A ScaledObject in which each trigger that is not modelled is an external one of an unknown value, so that the rest of it can be
 * judged.
 */
export function knownScaledObject(tree: SourceNode): KnownScaledObject {
	const triggers = nodeAt(tree, ['spec', 'triggers']);
	const count = triggers?.kind === 'list' ? triggers.items.length : 0;
	const unknown: FaultLine[] = [];
	let current = tree;
	for (let index = 0; index < count; index++) {
		const older = olderResource(current, index);
		if (older !== undefined) {
			current = older.tree;
			unknown.push({
				source: older.source,
				message: `metadata.type of a ${textAt(typeAt(current, index)) ?? ''} trigger, which KEDA 2.18 took away, is read as its metricType`,
			});
		}
	}

	// Its own faults may hide those of a trigger.
	for (let round = 0; round < mostRounds; round++) {
		const checked = checkTree(ScaledObject, current);
		if (!('faults' in checked)) {
			return {tree: current, unknown};
		}

		const indices = faultyTriggers(checked.faults);
		if (indices === undefined || round === mostRounds - 1) {
			return {faults: checked.faults};
		}

		for (const index of indices) {
			unknown.push({
				source: nodeAt(current, ['spec', 'triggers', index])!.source,
				message: wordsOf(current, index, checked.faults),
			});
		}

		current = withUnknown(current, indices);
	}

	return {tree: current, unknown};
}

function typeAt(tree: SourceNode, index: number): SourceNode | undefined {
	return nodeAt(tree, ['spec', 'triggers', index, 'type']);
}

/** Triggers that the faults are of; undefined where one of them is not of a trigger. */
function faultyTriggers(faults: readonly Fault[]): ReadonlySet<number> | undefined {
	const indices = faults.flatMap(({path: [spec, key, index]}) =>
		spec === 'spec' && key === 'triggers' && typeof index === 'number' ? [index] : [],
	);
	return indices.length === faults.length ? new Set(indices) : undefined;
}

function withUnknown(tree: SourceNode, indices: ReadonlySet<number>): SourceNode {
	const list = nodeAt(tree, ['spec', 'triggers']) as Extract<SourceNode, {kind: 'list'}>;
	const items = list.items.map((item, index) => (indices.has(index) ? unknownTrigger(item) : item));
	return withNode(tree, ['spec', 'triggers'], {...list, items}, list.source);
}

function wordsOf(tree: SourceNode, index: number, faults: readonly Fault[]): string {
	const type = textAt(typeAt(tree, index)) ?? '';
	if (type !== '' && !(modelledTriggers as readonly string[]).includes(type)) {
		return `the trigger ${type} is not modelled`;
	}

	const fault = faults.find(({path}) => path[2] === index)!;
	const [{message} = {message: ''}] = faultLines(tree, [fault]);
	return `the trigger${type === '' ? '' : ` ${type}`} is not judged: ${message}`;
}

/** The trigger of cpu or memory in the form of KEDA 2.18, where it has the older one. */
function olderResource(
	tree: SourceNode,
	index: number,
): {readonly tree: SourceNode; readonly source: SourceNode['source']} | undefined {
	const trigger = nodeAt(tree, ['spec', 'triggers', index]);
	const type = nodeAt(trigger, ['metadata', 'type']);
	const isResource = ['cpu', 'memory'].includes(textAt(trigger, 'type') ?? '');
	if (!isResource || type === undefined || nodeAt(trigger, ['metricType']) !== undefined) {
		return undefined;
	}

	const path = ['spec', 'triggers', index];
	const moved = withNode(tree, [...path, 'metricType'], type, type.source);
	return {tree: withNode(moved, [...path, 'metadata', 'type'], undefined, type.source), source: type.source};
}

function unknownTrigger(trigger: SourceNode): SourceNode {
	const {source} = trigger;
	const name = nodeAt(trigger, ['name']);
	const cached = nodeAt(trigger, ['useCachedMetrics']);
	return mapNode(source, {
		type: scalar('external', source),
		...(name?.kind === 'scalar' && typeof name.value === 'string' && {name}),
		...(cached?.kind === 'scalar' && typeof cached.value === 'boolean' && {useCachedMetrics: cached}),
		metadata: mapNode(source, {
			scalerAddress: scalar('unknown', source),
			metricName: scalar(textAt(trigger, 'type') ?? 'unknown', source),
			targetValue: scalar('1', source),
		}),
	});
}
