import type {Deployment, Experiment} from '../experiment/experiment.ts';
import {llmMemory} from '../experiment/experiment-rules.ts';
import {podRequests} from '../experiment/pod-requests.ts';
import {cpuLimitOf, defaultThreads} from '../experiment/threads.ts';
import type {MetricSpec} from '../kubernetes/hpa-spec.ts';
import type {Scaling} from './scaling.ts';

/**
 * Why a scaling is not worth a simulation: Kubernetes would refuse it, its controller could not act, or no pod would run.
 *
 * @returns undefined when nothing is wrong
 */
export function flawOf({autoscaler, containers}: Scaling, {deployment}: Experiment): string | undefined {
	const {minReplicas, maxReplicas, metrics, behavior} = autoscaler;
	if (minReplicas > maxReplicas) {
		return 'minReplicas is above maxReplicas';
	}

	if (metrics.length === 0) {
		return 'no metric has a target';
	}

	const without = metrics.find(metric => !hasRequests(metric, containers));
	if (without !== undefined) {
		return `${without.name} has a target but not every container requests some`;
	}

	for (const direction of ['scaleUp', 'scaleDown'] as const) {
		const rules = behavior?.[direction];
		if (rules !== undefined && rules.policies.length === 0) {
			return `${direction} has no policy`;
		}
	}

	return flawOfContainers(containers, deployment);
}

function hasRequests(metric: MetricSpec, containers: Scaling['containers']): boolean {
	if (metric.target.type !== 'Utilization' || (metric.name !== 'cpu' && metric.name !== 'memory')) {
		return true;
	}

	const resource = metric.name;
	const counted =
		metric.type === 'ContainerResource' ? containers.filter(({name}) => name === metric.container) : containers;
	return counted.every(({requests}) => requests[resource] !== undefined);
}

function flawOfContainers(containers: Scaling['containers'], deployment: Deployment): string | undefined {
	const {nodes, llm, service} = deployment;
	const requested = podRequests({...deployment, containers});
	for (const resource of ['cpu', 'memory'] as const) {
		const above = containers.find(({requests, limits}) => (requests[resource] ?? 0) > (limits[resource] ?? unbounded));
		if (above !== undefined) {
			return `${above.name} requests more ${resource} than its limit`;
		}

		if (nodes !== undefined && requested[resource] > nodes[resource] * (1 + 1e-9)) {
			return `a pod requests more ${resource} than a node has`;
		}
	}

	const host = {limit: cpuLimitOf(llm.container, containers), nodeCpu: nodes?.cpu, isTimed: service.kind === 'time'};
	if (llm.threadsFrom !== undefined && defaultThreads(host) === undefined) {
		return 'nothing tells how many threads the model has without a CPU limit';
	}

	const limit = containers.find(({name}) => name === llm.container)?.limits.memory;
	return service.kind === 'work' && limit !== undefined && llmMemory(service.memory, llm) > limit
		? `${llm.container} needs more memory than its limit`
		: undefined;
}

const unbounded = Number.POSITIVE_INFINITY;
