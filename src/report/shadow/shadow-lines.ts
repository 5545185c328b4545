import {calendarDay} from '../../autoscaler/api-time.ts';
import type {Decision, MetricResult} from '../../autoscaler/reconcile.ts';
import {unbroken} from '../../printable.ts';
import type {KedaStep} from '../../shadow/keda-steps.ts';
import type {OutsideChange} from '../../shadow/outside-changes.ts';
import type {Shadowed} from '../../shadow/shadowed.ts';
import {metricAmount} from '../decision-report.ts';
import {counted, formatDuration} from '../text/format.ts';
import {cutTo, wrapWords} from '../text/report.ts';

/** Subject of a watch, in the words of its heading. */
export type ShadowHeading = {
	readonly name: string;
	readonly namespace: string;
	readonly scaledObject?: string;
	/** `Deployment chat`. */
	readonly target: string;
	readonly gitVersion: string;
	readonly release: string;
	/** Period of the controller [s]. */
	readonly period: number;
	readonly hasReadFlags: boolean;
	/** Whether steps of KEDA's operator are decided again. */
	readonly hasSteps: boolean;
	/** File of the second manifest. */
	readonly against?: string;
	/** Length of the watch [s]; without end where left out. */
	readonly lasts?: number;
	/** Address at which metrics are served. */
	readonly served?: string;
};

/** Lines before the first decision: the subject, what is assumed, and the columns. */
export function shadowHeading(heading: ShadowHeading, width: number): string {
	const {name, namespace, scaledObject, target, gitVersion, release, period, hasReadFlags} = heading;
	const {against, lasts, served, hasSteps} = heading;
	const of = scaledObject === undefined ? '' : ` of the ScaledObject ${scaledObject}`;
	const known = gitVersion.startsWith(`v${release}.`) ? '' : `, by the rules of ${release}`;
	const flags = hasReadFlags
		? `Flags of the controller, as its pod has them: it reconciles every ${formatDuration(period)}.`
		: `Assumed: the controller has Kubernetes' default flags, which cannot be read here; it reconciles every ${formatDuration(period)}.`;
	const paragraphs = [
		`Follows the HPA ${namespace}/${name}${of} on ${target}, Kubernetes ${gitVersion}${known}${lasts === undefined ? '' : `, for ${formatDuration(lasts)}`}.`,
		flags,
		'Nothing is written to the cluster. Decisions that depend on what was before the watch are not compared.',
		...(scaledObject === undefined || hasSteps
			? []
			: ["Parts of the ScaledObject are not modelled: steps of KEDA's operator from and to zero are not compared."]),
		...(against === undefined ? [] : [`against: decisions of ${against} from the same inputs, at the same pods.`]),
		...(served === undefined ? [] : [`Metrics for Prometheus: ${served}`]),
	];
	return [
		...paragraphs.flatMap(paragraph => wrapWords('', paragraph, width)),
		'',
		columnsLine(against !== undefined),
	].join('\n');
}

function columnsLine(hasAgainst: boolean): string {
	return cells(['time UTC', 'pods', 'HPA', 'Replicast', ...(hasAgainst ? ['against'] : []), 'reason and metrics']);
}

const widths = [8, 4, 3, 9, 7] as const;

/** Joins cells: the time and the words to the left, counts to the right. */
function cells(texts: readonly string[]): string {
	const words = texts.at(-1)!;
	const counts = texts
		.slice(0, -1)
		.map((text, index) => (index === 0 ? text.padEnd(8) : text.padStart(widths[index]!)));
	return [...counts, words].join('  ').trimEnd();
}

/** Line of one decision, no longer than `width`. */
export function shadowLine(shadowed: Shadowed, width: number): string {
	const {at, currentReplicas, desiredReplicas, decision, against} = shadowed;
	const words = [...missWords(shadowed), ...reasonWords(decision), ...metricWords(decision)].join(', ');
	const line = cells([
		clockText(at),
		String(currentReplicas),
		desiredReplicas === undefined ? '?' : String(desiredReplicas),
		String(decision.desiredReplicas),
		...(against === undefined ? [] : [String(against.desiredReplicas)]),
		words,
	]);
	return cutTo(line, width);
}

/**
 * Text by which two decisions are the same to a reader: the counts, their comparison and the reasons, without time and use.
 */
export function shadowKey(shadowed: Shadowed): string {
	const {currentReplicas, desiredReplicas, decision, against, standing, hasRestarted} = shadowed;
	const counts = [currentReplicas, desiredReplicas, decision.desiredReplicas, against?.desiredReplicas];
	return JSON.stringify([counts, standing, hasRestarted, reasonWords(decision)]);
}

/** Line of a change of the scale by another than the controller, and whether KEDA's rules give it. */
export function outsideLine(change: OutsideChange | KedaStep, width: number): string {
	const {at, from, to, by} = change;
	const writer = by === undefined ? ('isReproduced' in change ? '' : ' by another') : ` by ${unbroken(by)}`;
	return cutTo(`${clockText(at)}  ${String(from).padStart(4)}  scaled to ${to}${writer}${stepWords(change)}`, width);
}

function stepWords(change: OutsideChange | KedaStep): string {
	if (!('isReproduced' in change)) {
		return '';
	}

	return change.isReproduced ? ", as KEDA's rules say" : `, MISSED: KEDA's rules say ${change.decided.join(' or ')}`;
}

/** Line in the place of decisions that were the same. */
export function shadowPause(count: number): string {
	return `          (${counted(count, 'more decision')} the same)`;
}

function missWords({standing, hasRestarted}: Shadowed): string[] {
	const notes = {
		missed: ['MISSED'],
		memory: ['not compared'],
		scale: ['the scale was refused'],
		reproduced: [],
	}[standing];
	return [...notes, ...(hasRestarted ? ['the controller began again'] : [])];
}

function metricWords({metrics}: Decision): string[] {
	return metrics.map(metric => `${unbroken(metric.name)} ${useWords(metric)}`);
}

/** Use of a metric: `84 %`, `1500m`, or that there is none. */
function useWords({type, name, utilization, averageValueMilli, error}: MetricResult): string {
	if (error !== undefined) {
		return 'unknown';
	}

	if (utilization !== undefined) {
		return `${utilization} %`;
	}

	return averageValueMilli === undefined ? 'known' : metricAmount({type, name}, averageValueMilli);
}

const quiet: readonly string[] = ['ValidMetricFound', 'ReadyForNewScale', 'DesiredWithinRange'];

function reasonWords({reasons}: Decision): string[] {
	return reasons.filter(reason => !quiet.includes(reason));
}

/** `12:31:07` of a time in seconds since 1970, UTC. */
export function clockText(time: number): string {
	const seconds = Math.floor(time) % 86_400;
	const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
	return parts.map(part => String(part).padStart(2, '0')).join(':');
}

/** `11-29 12:31:07` of a time in seconds since 1970, UTC. */
export function dayAndClock(time: number): string {
	const {month, day} = calendarDay(Math.floor(time / 86_400));
	return `${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')} ${clockText(time)}`;
}
