import type {MetricSpec} from '../../autoscaler/hpa-spec.ts';
import type {LintSubject} from '../subject.ts';
import {answerOf, caseDocument, type Moment} from '../witness/case-document.ts';

/**
 * Replicas that one metric of an autoscaler proposes, whatever the others say; undefined where it is invalid.
 *
 * The autoscaler itself is asked, so that tolerances and rounding are its own.
 */
export function proposalOf({autoscaler, workload}: LintSubject, index: number, moment: Moment): number | undefined {
	const {spec} = autoscaler;
	const alone = {
		...spec,
		minReplicas: Math.max(1, Math.min(spec.minReplicas, moment.replicas)),
		metrics: [spec.metrics[index]!],
	};
	const wide = {...alone, maxReplicas: Math.max(spec.maxReplicas, moment.replicas)};
	return answerOf(caseDocument(wide, workload, moment)).metrics[0]?.proposal;
}

/** Numbers of pods at which a question about scaling up is asked: the fewest, and the most but one. */
export function sizesBelowMost({autoscaler: {spec}}: LintSubject): number[] {
	return [...new Set([Math.max(1, spec.minReplicas), Math.max(1, spec.maxReplicas - 1)])].filter(
		size => size < spec.maxReplicas,
	);
}

/** `CPU`, `memory`, or `metric NAME`. */
export function metricWords(metric: MetricSpec): string {
	switch (metric.type) {
		case 'Resource':
			return resourceWord(metric.name);
		case 'ContainerResource':
			return `${resourceWord(metric.name)} of container ${metric.container}`;
		default:
			return `metric ${metric.name}`;
	}
}

export function resourceWord(name: string): string {
	return name === 'cpu' ? 'CPU' : name;
}

/** A sentence that begins with the words. */
export function sentence(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}
