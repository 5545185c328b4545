import type {Experiment} from '../experiment/experiment.ts';

/** Part of a request that rounding may be off by. */
const slack = 1e-9;

/**
 * Pods of an experiment that its nodes have room for.
 *
 * @returns Infinity where nothing is said of nodes
 */
export function roomOnNodes({deployment: {containers, nodes}}: Experiment): number {
	if (nodes === undefined) {
		return Number.POSITIVE_INFINITY;
	}

	const onOne = (['cpu', 'memory'] as const).map(resource => {
		const request = containers.reduce((sum, {requests}) => sum + (requests[resource] ?? 0), 0);
		return request === 0 ? Number.POSITIVE_INFINITY : Math.floor(nodes[resource] / request + slack);
	});
	return nodes.count * Math.min(...onOne);
}
