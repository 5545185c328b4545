import type {MetricSpec} from '../../autoscaler/hpa-spec.ts';
import type {Rule, Suspicion} from '../finding.ts';
import {countedBy} from '../most-use.ts';
import {type LintedVertical, type LintedWorkload, type LintSubject, objectWords} from '../subject.ts';
import {controlLine} from '../witness/control-line.ts';
import {metricWords, resourceWord, sentence} from './proposals.ts';
import {alone, placeOfMetric} from './target-out-of-reach.ts';

type ResourceMetric = Extract<MetricSpec, {type: 'Resource' | 'ContainerResource'}>;

/** Margin that the VerticalPodAutoscaler adds to what it saw. @see VPA --recommendation-margin-fraction */
const margin = 1.15;

/** A VerticalPodAutoscaler that sets the requests of which an HPA wants a utilization. */
export const verticalConflict: Rule = {
	id: 'hpa-and-vpa',
	severity: 'error',
	title: 'a VerticalPodAutoscaler that sets the requests of which this autoscaler wants a utilization',
	reason:
		'Each moves what the other measures: the VerticalPodAutoscaler raises the request to the use, so that the utilization is the same at every load and the pods go to the most or to the least.',
	*check(subject) {
		const {autoscaler, workload, verticals} = subject;
		for (const vertical of verticals.filter(({updateMode}) => updateMode !== 'Off')) {
			for (const [index, metric] of autoscaler.spec.metrics.entries()) {
				if (
					workload !== undefined &&
					(metric.type === 'Resource' || metric.type === 'ContainerResource') &&
					metric.target.type === 'Utilization' &&
					controls(vertical, metric, workload)
				) {
					yield conflict(subject, {vertical, workload, metric, index});
				}
			}
		}
	},
};

function controls({controls: policies}: LintedVertical, metric: ResourceMetric, workload: LintedWorkload): boolean {
	return countedBy(metric, workload).some(({name}) => {
		const policy =
			policies.find(({container}) => container === name) ?? policies.find(({container}) => container === '*');
		return (policy?.resources ?? ['cpu', 'memory']).includes(metric.name);
	});
}

type Conflict = {
	readonly vertical: LintedVertical;
	readonly workload: LintedWorkload;
	readonly metric: ResourceMetric;
	readonly index: number;
};

function conflict(subject: LintSubject, {vertical, workload, metric, index}: Conflict): Suspicion {
	const {autoscaler} = subject;
	const target = metric.target.type === 'Utilization' ? metric.target.averageUtilization : 0;
	const settled = Math.round(100 / margin);
	const end =
		settled > target * 1.1
			? 'so the pods go to the most'
			: settled < target * 0.9
				? 'so the pods go to the least'
				: 'so the load moves the pods no more';
	const first = (name: string) =>
		workload.containers.find(container => container.name === name)?.requests[metric.name] ??
		(metric.name === 'cpu' ? 0.1 : 2 ** 28);
	const used = 0.9;
	const amount = (factor: number) =>
		Object.fromEntries(
			countedBy(metric, workload).map(({name}) => [name, {[metric.name]: Math.round(1000 * factor * first(name))}]),
		);
	const isUpdated = (at: number) => at >= 120;
	return {
		severity: 'error',
		object: autoscaler,
		place: placeOfMetric(autoscaler, index),
		message: `${objectWords(vertical)} (${vertical.updateMode}) sets the ${resourceWord(metric.name)} requests of which this autoscaler wants ${target} %: it brings ${metricWords(metric)} to about ${settled} % at every load, ${end}.`,
		fix: `Set updateMode Off, leave ${metric.name} out of its controlledResources, or scale on a metric that is no utilization of ${resourceWord(metric.name)}.`,
		witness: controlLine(
			{...subject, autoscaler: alone(autoscaler, index)},
			{
				load: `Pods that use ${used * 100} % of their ${resourceWord(metric.name)} request each, whatever their number; after 2 minutes the requests are ${Math.round(100 * used * margin)} % of the first`,
				from: Math.max(1, autoscaler.spec.minReplicas),
				momentAt: (at, replicas) => ({
					replicas,
					use: amount(used),
					...(isUpdated(at) && {requests: amount(used * margin)}),
				}),
				remarkAt: at =>
					at === 120 ? `${sentence(resourceWord(metric.name))} requests set to use × ${margin}` : undefined,
			},
		),
	};
}
