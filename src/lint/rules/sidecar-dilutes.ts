import type {MetricSpec} from '../../autoscaler/hpa-spec.ts';
import type {Rule} from '../finding.ts';
import {boundOf, hasRequests, requestOf} from '../most-use.ts';
import {objectWords} from '../subject.ts';
import {answered, type Use} from '../witness/case-document.ts';
import {overloadPlan} from '../witness/overload-plan.ts';
import {workerOf} from '../witness/witness-experiment.ts';
import {proposalOf, sizesBelowMost} from './proposals.ts';
import {alone, placeOfMetric, targetOutOfReach, targetWords, toleranceWords} from './target-out-of-reach.ts';

/** Part of its CPU request that a container beside the worker is taken to use. */
const beside = 0.1;

/** Containers beside the worker whose requests keep the utilization of the pod below its target. */
export const sidecarDilutes: Rule = {
	id: 'sidecar-dilutes',
	severity: 'warning',
	title: 'sidecars whose requests keep the utilization of the pod below its target',
	reason:
		'A Resource metric adds up all containers. Where the requests of sidecars that do little are large, the container that does the work can be at its limit while the pod is below its target.',
	*check(subject) {
		const {autoscaler, workload} = subject;
		const {metrics} = autoscaler.spec;
		const [index, metric] = cpuMetric(metrics) ?? [];
		if (
			workload === undefined ||
			index === undefined ||
			metric === undefined ||
			workload.containers.length < 2 ||
			workload.worker === undefined ||
			workload.isInjected
		) {
			return;
		}

		const hasOther = metrics.some(
			({type, name}, other) => other !== index && !(type === 'Resource' && name === 'memory'),
		);
		const worker = workerOf(workload);
		const most = boundOf(worker, 'cpu', workload);
		if (
			hasOther ||
			most === undefined ||
			!hasRequests(metric, workload) ||
			workload.hasPodRequests ||
			sizesBelowMost(subject).length === 0
		) {
			return;
		}

		const use: Use = Object.fromEntries(
			workload.containers.map(container => [
				container.name,
				{cpu: Math.round(1000 * (container === worker ? most : beside * (container.requests.cpu ?? 0)))},
			]),
		);
		const stays = sizesBelowMost(subject).every(
			size => (proposalOf(subject, index, {replicas: size, use}) ?? Number.POSITIVE_INFINITY) <= size,
		);
		if (stays && [...targetOutOfReach.check(subject)].every(({place}) => place !== placeOfMetric(autoscaler, index))) {
			const percent = Math.round((most / requestOf(metric, workload)) * 100);
			const size = sizesBelowMost(subject)[0]!;
			yield {
				severity: 'warning',
				object: autoscaler,
				place: placeOfMetric(autoscaler, index),
				message: `Container ${worker.name} of ${objectWords(workload)} can be at its CPU limit and no pod is added: that is ${percent} % of what all containers request, and the target is ${targetWords(metric)}, with a tolerance of ${toleranceWords(autoscaler)}.`,
				fix: `Use a ContainerResource metric of container ${worker.name}, or lower the requests of ${workload.containers
					.filter(container => container !== worker)
					.map(({name}) => name)
					.join(', ')}.`,
				witness: overloadPlan(
					{...subject, autoscaler: alone(autoscaler, index)},
					{workload, cases: [answered({...subject, autoscaler: alone(autoscaler, index)}, {replicas: size, use})]},
				),
			};
		}
	},
};

function cpuMetric(
	metrics: readonly MetricSpec[],
): readonly [number, Extract<MetricSpec, {type: 'Resource'}>] | undefined {
	for (const [index, metric] of metrics.entries()) {
		if (metric.type === 'Resource' && metric.name === 'cpu' && metric.target.type === 'Utilization') {
			return [index, metric];
		}
	}

	return undefined;
}
