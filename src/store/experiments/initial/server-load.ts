import type {Container, Experiment} from '../../../experiment/experiment.ts';
import {llmContainer} from '../../../experiment/model-container.ts';
import {podRequests} from '../../../experiment/pod-requests.ts';

/** Load under which an autoscaler has something to do, and the bound on latency that goes with it. */
export type ServerLoad = {
	/** CPU time of a request in the mean [CPU s]. */
	readonly work: number;
	/** Arrival rates before and at the peak [requests/s]. */
	readonly rates: {readonly low: number; readonly peak: number};
	/** Pods that serve the peak, of how many there may be, and at what use of their CPU, in words. */
	readonly pods: {readonly atPeak: number; readonly most: number; readonly use: string};
	/** Bound on the 95th percentile of latency [s]. */
	readonly p95: number;
};

type Scaled = Pick<Experiment, 'autoscaler' | 'deployment'>;

/** CPU time that a request is assumed to take where its pods are few [CPU s]. */
export const usualWork = 0.02;

/** CPU times that a request is assumed to take [CPU s]: the first under which the peak is no more than `mostPerSecond`. */
const works = [usualWork, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];

/** Highest peak that is assumed [requests/s]: a first run is to take seconds. */
const mostPerSecond = 100;

/** Use of the CPU at which pods serve where no target says it. */
const usualUse = 0.6;

/** Part of the most pods that the peak asks for. */
const partOfMost = 0.75;

/** Times that a request takes by itself in the bound on latency, and the shortest bound [s]. */
const [timesAlone, shortestBound] = [10, 0.2];

/**
 * Load that takes an autoscaler from its fewest pods to three quarters of its most, at its target of CPU.
 *
 * @param experiment - containers and autoscaler as they were resolved
 */
export function serverLoad({autoscaler, deployment}: Scaled): ServerLoad {
	const [least, most] =
		autoscaler === 'none'
			? [deployment.replicas ?? 1, deployment.replicas ?? 1]
			: [Math.max(1, autoscaler.minReplicas), autoscaler.maxReplicas];
	const {cores, use} = coresAtTarget({autoscaler, deployment});
	const atPeak = Math.max(least, Math.ceil(partOfMost * most));
	const work = works.find(seconds => (atPeak * cores) / seconds <= mostPerSecond) ?? works.at(-1)!;
	const alone = work / Math.min(1, llmContainer(deployment)?.limits.cpu ?? 1);
	return {
		work,
		rates: {low: twoDigits((0.5 * least * cores) / work), peak: twoDigits((atPeak * cores) / work)},
		pods: {atPeak, most, use},
		p95: Math.max(shortestBound, Number((timesAlone * alone).toPrecision(1))),
	};
}

/** Cores that a pod uses when it is at the autoscaler's target, within what it can use; else at a usual use. */
function coresAtTarget({autoscaler, deployment}: Scaled): {readonly cores: number; readonly use: string} {
	const container = llmContainer(deployment);
	const reachable = 0.9 * (container?.limits.cpu ?? deployment.llm.threads);
	for (const metric of autoscaler === 'none' ? [] : autoscaler.metrics) {
		const isOfCpu = (metric.type === 'Resource' || metric.type === 'ContainerResource') && metric.name === 'cpu';
		const target = isOfCpu ? targetCores(metric, deployment) : 0;
		if (target > 0) {
			return {cores: Math.min(target, reachable), use: 'at the autoscaler’s target of CPU'};
		}
	}

	const own = container?.requests.cpu ?? container?.limits.cpu;
	const base = own === undefined || own === 0 ? 1 : own;
	return {
		cores: Math.min(usualUse * base, reachable),
		use: `at ${usualUse * 100} % of ${base === own ? 'the CPU that they request' : 'a core'}`,
	};
}

type Metrics = Exclude<Experiment['autoscaler'], 'none'>['metrics'];

/** Cores at a target; 0 where nothing is requested that it is a part of. */
function targetCores(metric: Metrics[number], deployment: Experiment['deployment']): number {
	const {target} = metric;
	if (target.type !== 'Utilization') {
		return target.type === 'AverageValue' ? target.averageValueMilli / 1000 : 0;
	}

	const requested =
		metric.type === 'ContainerResource'
			? requestOf(deployment.containers.find(({name}) => name === metric.container))
			: podRequests({containers: deployment.containers}).cpu;
	return (target.averageUtilization / 100) * requested;
}

function requestOf(container: Container | undefined): number {
	return container?.requests.cpu ?? 0;
}

function twoDigits(value: number): number {
	return Number(value.toPrecision(2));
}
