import type {MetricSpec} from '../../autoscaler/hpa-spec.ts';
import type {Rule, Suspicion} from '../finding.ts';
import {countedBy} from '../most-use.ts';
import {type LintedContainer, type LintSubject, objectWords} from '../subject.ts';
import {milliAmounts, type Use} from '../witness/case-document.ts';
import {controlLine} from '../witness/control-line.ts';
import {metricWords, resourceWord, sentence} from './proposals.ts';
import {alone, placeOfMetric} from './target-out-of-reach.ts';

type ResourceMetric = Extract<MetricSpec, {type: 'Resource' | 'ContainerResource'}>;

/** A utilization of a request that a container does not have. */
export const missingRequest: Rule = {
	id: 'missing-request',
	severity: 'error',
	title: 'a utilization of containers without a request',
	reason:
		'Utilization is a percentage of the requests. Where one of the containers has none, and no limit either, the controller gets no value at all and the metric is invalid.',
	*check(subject) {
		const {autoscaler, workload, hasDefaultRequests} = subject;
		if (workload === undefined || workload.hasPodRequests || hasDefaultRequests) {
			return;
		}

		for (const [index, metric] of autoscaler.spec.metrics.entries()) {
			if ((metric.type === 'Resource' || metric.type === 'ContainerResource') && metric.target.type === 'Utilization') {
				const lacking = countedBy(metric, workload).filter(({requests}) => requests[metric.name] === undefined);
				if (lacking.length > 0) {
					yield lackingRequest(subject, {index, metric, lacking});
				}
			}
		}
	},
};

/** Containers that webhooks put into pods by the label of a namespace. */
const injected = new Set(['istio-proxy', 'linkerd-proxy', 'envoy-sidecar', 'consul-dataplane', 'daprd', 'vault-agent']);

/** A ContainerResource metric of a container that the pods do not have. */
export const containerNotFound: Rule = {
	id: 'container-not-found',
	severity: 'error',
	title: 'a metric of a container that the pods do not have',
	reason: 'A ContainerResource metric names its container. Where no container has that name the metric is invalid.',
	*check(subject) {
		const {autoscaler, workload} = subject;
		for (const [index, metric] of autoscaler.spec.metrics.entries()) {
			if (
				workload !== undefined &&
				metric.type === 'ContainerResource' &&
				countedBy(metric, workload).length === 0 &&
				!workload.isInjected &&
				!injected.has(metric.container)
			) {
				const names = workload.containers.map(({name}) => name);
				yield {
					severity: 'error',
					object: autoscaler,
					place: placeOfMetric(autoscaler, index),
					message: `${sentence(resourceWord(metric.name))} of container ${metric.container} has no value: ${objectWords(workload)} has ${names.length === 1 ? 'only container' : 'containers'} ${names.join(', ')}.`,
					fix: `Name ${names.length === 1 ? names[0]! : `one of ${names.join(', ')}`} as the container.`,
					witness: invalidLine(subject, index),
				};
			}
		}
	},
};

function lackingRequest(
	subject: LintSubject,
	{
		index,
		metric,
		lacking,
	}: {readonly index: number; readonly metric: ResourceMetric; readonly lacking: readonly LintedContainer[]},
): Suspicion {
	const {autoscaler, workload} = subject;
	const names = lacking.map(({name}) => name);
	const containers = `${names.length === 1 ? 'container' : 'containers'} ${names.join(', ')}`;
	const isAlone = autoscaler.spec.metrics.length === 1;
	return {
		severity: 'error',
		object: workload!,
		place: workload!.placeOf('spec', 'template', 'spec', 'containers'),
		message: `${sentence(metricWords(metric))} has no value: ${containers} of ${objectWords(workload!)} ${names.length === 1 ? 'requests' : 'request'} no ${resourceWord(metric.name)}, of which ${objectWords(autoscaler)} wants a utilization. ${isAlone ? 'The pods stay as many as they are.' : 'While it has none, the other metrics can add pods but never remove one.'} Only a LimitRange or an admission webhook of the cluster could add the request.`,
		fix: `Give ${containers} a ${resourceWord(metric.name)} request${metric.type === 'Resource' && lacking.length < workload!.containers.length ? ', or use a ContainerResource metric of a container that has one' : ''}.`,
		witness: invalidLine(subject, index),
	};
}

/** Line of a metric without a value: full use, and no pod more. */
function invalidLine(subject: LintSubject, index: number) {
	const {autoscaler, workload} = subject;
	const {minReplicas} = autoscaler.spec;
	const use: Use = Object.fromEntries(
		workload!.containers.map(({name, limits, requests}) => [
			name,
			milliAmounts({cpu: limits.cpu ?? requests.cpu ?? 1, memory: limits.memory ?? requests.memory ?? 2 ** 30}),
		]),
	);
	return controlLine(
		{...subject, autoscaler: alone(autoscaler, index)},
		{
			load: 'Every container at its limit, or at one core, for 10 minutes',
			from: Math.max(1, minReplicas),
			momentAt: (_, replicas) => ({replicas, use}),
		},
	);
}
