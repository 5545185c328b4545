import type {MetricSpec} from '../autoscaler/hpa-spec.ts';
import type {LintedContainer, LintedWorkload} from './subject.ts';
import type {Use} from './witness/case-document.ts';

/** Part by which the compute threads of a server are exceeded by what it does beside. */
const besideThreads = 1.05;

type ResourceMetric = Extract<MetricSpec, {type: 'Resource' | 'ContainerResource'}>;

/** Containers that a metric of a resource counts. */
export function countedBy(metric: ResourceMetric, {containers}: LintedWorkload): readonly LintedContainer[] {
	return metric.type === 'Resource' ? containers : containers.filter(({name}) => name === metric.container);
}

/**
 * Most that each container can use of a resource: its limit, and no more than its threads.
 *
 * @returns milli-units by container; undefined where one has no bound
 */
export function mostUse(metric: ResourceMetric, workload: LintedWorkload): Use | undefined {
	const bounds = countedBy(metric, workload).map(
		container => [container.name, boundOf(container, metric.name, workload)] as const,
	);
	return bounds.length === 0 || bounds.some(([, bound]) => bound === undefined)
		? undefined
		: Object.fromEntries(bounds.map(([name, bound]) => [name, {[metric.name]: Math.round(bound! * 1000)}]));
}

/** Most that a container can use [cores, bytes]. */
export function boundOf(
	container: LintedContainer,
	resource: string,
	{worker, threads}: LintedWorkload,
): number | undefined {
	const limit = container.limits[resource];
	const cores =
		resource === 'cpu' && container.name === worker && threads !== undefined ? threads * besideThreads : undefined;
	return cores === undefined ? limit : Math.min(limit ?? cores, cores);
}

/** Whether each container that a metric counts has a request, without which there is no utilization. */
export function hasRequests(metric: ResourceMetric, workload: LintedWorkload): boolean {
	return (
		workload.hasPodRequests || countedBy(metric, workload).every(({requests}) => requests[metric.name] !== undefined)
	);
}

/** Requests of a resource over the containers that a metric counts [cores, bytes]. */
export function requestOf(metric: ResourceMetric, workload: LintedWorkload): number {
	return countedBy(metric, workload).reduce((sum, {requests}) => sum + (requests[metric.name] ?? 0), 0);
}
