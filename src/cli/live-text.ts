import type {LiveAnswer} from '../cluster/live-autoscaler.ts';
import type {LiveMetricStatus} from '../cluster/live-objects.ts';
import {explanationText} from './explanation-text.ts';

/** A live answer for people: the explanation, and beside it what Kubernetes reports. */
export function liveText({name, namespace, input, explanation, status, refusals}: LiveAnswer): string {
	const reported = [
		'Kubernetes reports',
		`  desired replicas ${status.desiredReplicas ?? 'none'}, current replicas ${status.currentReplicas ?? 'none'}, last scaled ${status.lastScaleTime ?? 'never'}`,
		...(status.currentMetrics ?? []).map(metricText),
		...(status.conditions ?? []).map(
			({type, status: value, reason, message}) => `  ${type} ${value}, ${reason ?? 'no reason'}: ${message ?? ''}`,
		),
		`  ${verdict(explanation.decision.desiredReplicas, status.desiredReplicas)}`,
	];
	const notes = [
		...refusals.map(refusal => `  ${refusal}`),
		"  The controller's memory cannot be read: earlier recommendations and changes of size are not known here.",
	];
	return `${explanationText(input, explanation, {title: `HPA ${namespace}/${name}`})}\n${[...reported, '', 'Notes', ...notes].join('\n')}\n`;
}

function metricText({type, ...sources}: LiveMetricStatus): string {
	const [source] = Object.values(sources);
	const {averageUtilization, averageValue, value} = source?.current ?? {};
	const figures = [averageUtilization === undefined ? undefined : `${averageUtilization} %`, averageValue, value];
	const told = figures.filter(figure => figure !== undefined).join(', ');
	return `  ${type} metric ${source?.name ?? source?.metric?.name ?? 'unknown'}: ${told === '' ? 'unknown' : told}`;
}

function verdict(here: number, there: number | undefined): string {
	return here === there ? 'the same count as here' : `here ${here}, there ${there ?? 'none'}`;
}
