import type {Experiment} from '../experiment/experiment.ts';
import {Schedule} from '../experiment/schedule.ts';
import type {Recorded} from './controller-check.ts';
import {predictedRunCount, probedRunCount} from './machines/simulate-speed.ts';
import {holdsRequests} from './measured-schedule.ts';
import {haveNodes} from './nodes-alone.ts';

/** Replications that show how much runs vary. */
const usualReplications = 100;

/** Requests that the replications of a comparison with replicas alone simulate in all, about: seconds of computing. */
const mostRequests = 4e6;
const fewestReplications = 10;

/** How many times less often a side figure is simulated than the forecast itself. */
const sideShare = 5;
const fewestSide = 20;

/** Parts of a comparison's input by which its runs are counted. */
type Sides = {readonly experiment: Experiment; readonly measured: readonly Recorded[]};
type Counted = Parameters<typeof probedRunCount>[0] & {readonly measuredFixed?: readonly Recorded[]};

/**
 * Replications of a comparison where nobody says how many: 100, and fewer where the records hold nothing but the replicas
 * of hours or days, since many requests average out what is random, and 100 weeks would take hours.
 */
export function defaultReplications({experiment, measured}: Sides): number {
	if (!isOfReplicasAlone(measured) || experiment.workload.loop !== 'open') {
		return usualReplications;
	}

	const wanted = Math.round(mostRequests / Math.max(1, requestsOf(experiment)));
	return Math.min(usualReplications, Math.max(fewestReplications, wanted));
}

/** Requests of one replication. */
function requestsOf(experiment: Experiment): number {
	let requests = 0;
	for (const {count} of new Schedule(experiment, 0).blocks()) {
		requests += count;
	}

	return requests;
}

/** Whether no record has requests, so that runs are known by their replicas. */
export function isOfReplicasAlone(measured: Sides['measured']): boolean {
	return !measured.some(({recording}) => holdsRequests(recording));
}

/** Runs of a side figure. */
export function sideCount({replications, measured}: Pick<Counted, 'replications' | 'measured'>): number {
	const share = Math.ceil(replications / sideShare);
	return isOfReplicasAlone(measured) ? share : Math.min(replications, Math.max(fewestSide, share));
}

/** Runs that a comparison simulates. */
export function runCount(input: Counted): number {
	const {replications, measured, measuredFixed = []} = input;
	const side = sideCount(input);
	const served = measured.filter(({recording}) => holdsRequests(recording)).length;
	const besides = served + 1 + (measuredFixed.length > 0 ? 1 : 0) + (haveNodes(measured) ? measured.length : 0);
	return replications + side * besides + probedRunCount(input, side) + predictedRunCount(input);
}
