import type {Experiment} from '../experiment/experiment.ts';
import {mostByOthers, podRequests} from '../experiment/pod-requests.ts';

/** Part of a request that rounding may be off by. */
const slack = 1e-9;

/**
 * Pods of an experiment that its nodes have room for.
 *
 * @returns Infinity where nothing is said of nodes
 */
export function roomOnNodes({deployment}: Experiment): number {
	const {nodes} = deployment;
	if (nodes === undefined) {
		return Number.POSITIVE_INFINITY;
	}

	const requests = podRequests(deployment);
	const onOne = (['cpu', 'memory'] as const).map(resource =>
		requests[resource] === 0 ? Number.POSITIVE_INFINITY : Math.floor(nodes[resource] / requests[resource] + slack),
	);
	return nodes.count * Math.min(...onOne, mostByOthers(requests, nodes));
}
