import type {NodeUsage} from '../records/node-usage.ts';
import {lineOfChanges, replicaFigures, type Timeline} from '../records/replica-line.ts';

type Window = {readonly from: number; readonly to: number};

/** Nodes of a run over time. */
export type NodeReading = {
	/** Nodes that are Ready: `[seconds, nodes]` from the start of the window on. */
	readonly line: Timeline;
	readonly mean: number;
	readonly max: number;
	/** Time that is paid for [h]. */
	readonly hours: number;
};

const unknown: NodeReading = {line: [], mean: Number.NaN, max: Number.NaN, hours: Number.NaN};

/** Reads the nodes within a window. */
export function readNodes(nodes: readonly NodeUsage[] | undefined, {from, to}: Window): NodeReading {
	if (nodes === undefined) {
		return unknown;
	}

	const within = (at: number) => Math.min(Math.max(at, from), to);
	const paid = nodes.reduce((sum, node) => sum + within(node.toSeconds) - within(node.fromSeconds), 0);
	const line = lineOf(nodes, from);
	return {line, ...replicaFigures(line, from, to), hours: paid / 3600};
}

function lineOf(nodes: readonly NodeUsage[], from: number): Timeline {
	const changes = nodes
		.filter(({readySeconds, toSeconds}) => readySeconds < toSeconds)
		.flatMap(({readySeconds, toSeconds}) => [
			[Math.max(readySeconds, from), 1] as const,
			[Math.max(toSeconds, from), -1] as const,
		]);
	return lineOfChanges(changes, from);
}
