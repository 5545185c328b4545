import {isGpu} from '../autoscaler/resource-list.ts';
import type {Deployment} from './experiment.ts';
import {podRequests} from './pod-requests.ts';

/**
 * Extended resources of which one is a whole GPU, as the device plugins of their makers name them. Of slices such as
 * `nvidia.com/mig-1g.5gb` and of GPUs that are shared a price of a whole one says nothing.
 *
 * @see https://kubernetes.io/docs/tasks/manage-gpus/scheduling-gpus/
 */
const wholeGpus: ReadonlySet<string> = new Set([
	'nvidia.com/gpu',
	'amd.com/gpu',
	'gpu.intel.com/i915',
	'gpu.intel.com/xe',
	'habana.ai/gaudi',
]);

/** GPUs that a pod reserves. */
export type ReservedGpus = {
	readonly whole: {readonly count: number; readonly names: readonly string[]};
	/** Names of what is less than a whole one, or shared. */
	readonly other: readonly string[];
};

type PodForm = Pick<Deployment, 'containers' | 'initRequests'>;

/** Whether one of the resource is a whole GPU. */
export function isWholeGpu(name: string): boolean {
	return wholeGpus.has(name);
}

/** Whole GPUs and parts of them that one pod reserves. */
export function reservedGpus(deployment: PodForm): ReservedGpus {
	const reserved = Object.entries(podRequests(deployment)).filter(([, amount]) => amount > 0);
	const whole = reserved.filter(([name]) => isWholeGpu(name));
	return {
		whole: {count: whole.reduce((sum, [, amount]) => sum + amount, 0), names: whole.map(([name]) => name)},
		other: reserved.flatMap(([name]) => (isGpu(name) && !isWholeGpu(name) ? [name] : [])),
	};
}

/** Whole GPUs that one pod reserves. */
export function requestedGpus(deployment: PodForm): number {
	return reservedGpus(deployment).whole.count;
}
