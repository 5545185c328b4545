import type {Experiment} from '../experiment/experiment.ts';
import {scalesToZero} from '../experiment/keda/scales-to-zero.ts';
import {podRequests} from '../experiment/pod-requests.ts';
import type {ControlCounts} from '../records/control-counts.ts';
import {formatNumber} from '../statistics/format-number.ts';
import {unreachableTargets, whyWithoutValue} from './custom-metric-warnings.ts';

type HpaSpec = Exclude<Experiment['autoscaler'], 'none'>;
type MetricSpec = HpaSpec['metrics'][number];

/** Share of the reconciles from which on the autoscaler is said to be without a metric. */
const mostly = 0.5;
/** Share of the reconciles from which on a metric is said to keep the pods. */
const often = 0.1;
/** Share of the reconciles from which on the autoscaler is said to be at its bound all the time. */
const nearlyAlways = 0.9;
/** Part of a size by which a pod may differ from the one that was priced. */
const tolerated = 0.01;
/** Part of the requests that are answered where all is well. */
const wellAnswered = 0.99;

/**
 * Warnings about an autoscaler of no use, in one sentence each: no valid metric, no effect. A report begins with them.
 * Empty when the autoscaler works, or its decisions were not counted.
 *
 * @param counts - its decisions over all replications
 * @param answered - mean availability of its arm
 */
export function warnings(experiment: Experiment, counts: ControlCounts | undefined, answered: number | null): string[] {
	const {autoscaler, deployment} = experiment;
	if (autoscaler === 'none' || counts === undefined) {
		return [];
	}

	const containers = deployment.containers.map(({name}) => name);
	const errors = counts.metrics.map(
		({error}, index) => errorOf(autoscaler.metrics[index], error, containers) + whyWithoutValue(experiment, index),
	);
	if (counts.withoutMetric / counts.reconciles >= mostly) {
		return [withoutMetric(counts, errors)];
	}

	return [
		...unreachableTargets(experiment),
		...invalidMetrics(autoscaler, counts, errors),
		...(scalesToZero(experiment) ? [] : withoutEffect(autoscaler, counts, answered)),
		...keptPods(autoscaler, counts),
		...atTheMost(autoscaler, counts),
	];
}

/**
 * Warning that a price of pods meets pods of another size than it is for. Empty where the price book does not say for
 * which, or bills resources or nodes.
 */
export function priceWarnings({deployment, prices}: Experiment): string[] {
	if (prices.kind !== 'per-pod' || prices.pod === undefined) {
		return [];
	}

	const {cpu, memory} = podRequests(deployment);
	const differs = (own: number, meant: number) => Math.abs(own - meant) > tolerated * meant;
	return differs(cpu, prices.pod.cpu) || differs(memory, prices.pod.memory)
		? [
				`${prices.name} is the price of a pod of ${sizeText(prices.pod)}; these pods request ${sizeText({cpu, memory})}, so the cost is not theirs. A price book that bills cores and memory prices them as they are, such as prices: ../models/prices-gke-autopilot.yaml.`,
			]
		: [];
}

function sizeText({cpu, memory}: {readonly cpu: number; readonly memory: number}): string {
	return `${Number(cpu.toPrecision(3))} cores and ${formatNumber(memory / 2 ** 20)} MiB`;
}

/** The controller's words, with what they leave out. */
function errorOf(metric: MetricSpec | undefined, error: string | undefined, containers: readonly string[]): string {
	const words = error ?? 'the controller does not say why';
	return metric?.type === 'ContainerResource' && !containers.includes(metric.container)
		? `${words}; the pod has no container ${metric.container}, but ${containers.join(' and ')}`
		: words;
}

function withoutMetric(counts: ControlCounts, errors: readonly string[]): string {
	return (
		`In ${share(counts.withoutMetric, counts)} of the reconciles the autoscaler had no valid metric and left the pods as ` +
		`they were: ${errors[0] ?? 'it has none'}. Its condition ScalingActive is False with the reason ${counts.failure}.`
	);
}

/** Metrics without a value beside valid ones: the controller goes on scaling up, but never down. */
function invalidMetrics(autoscaler: HpaSpec, counts: ControlCounts, errors: readonly string[]): string[] {
	return counts.metrics.flatMap(({invalid}, index) =>
		invalid / counts.reconciles < mostly
			? []
			: [
					`In ${share(invalid, counts)} of the reconciles the metric ${metricLabel(autoscaler.metrics[index])} had no value: ` +
						`${errors[index]}. Meanwhile the autoscaler never scales down; it would have in ` +
						`${share(counts.blocked, counts)} of the reconciles.`,
				],
	);
}

function withoutEffect(autoscaler: HpaSpec, counts: ControlCounts, answered: number | null): string[] {
	const {minReplicas, maxReplicas, metrics} = autoscaler;
	if (minReplicas === maxReplicas) {
		return [`The autoscaler cannot change anything: minReplicas and maxReplicas are both ${minReplicas}.`];
	}

	if (counts.scaleUps + counts.scaleDowns > 0) {
		return [];
	}

	if (counts.wantedMore > 0) {
		return [
			`The autoscaler never acted: its metrics asked for more pods in ${share(counts.wantedMore, counts)} of the reconciles, ` +
				'but behavior.scaleUp did not allow any.',
		];
	}

	const seen = counts.metrics.flatMap((seen, index) => seenAt(metrics[index], seen));
	const although =
		answered !== null && answered < wellAnswered
			? ` Yet only ${formatNumber(100 * answered, 1)} % of the requests were answered: the targets do not see this load.`
			: '';
	return [
		`The autoscaler never acted: in no reconcile did a metric ask for more than minReplicas, ${minReplicas}.` +
			`${seen.length === 0 ? '' : ` At its highest ${seen.join(', and ')}.`}${although}`,
	];
}

function seenAt(
	metric: MetricSpec | undefined,
	{highestUtilization: highest, highestAverageMilli}: ControlCounts['metrics'][number],
): string[] {
	if (metric?.target.type === 'AverageValue' && highestAverageMilli !== undefined && metric.name !== 'memory') {
		const [seen, target] = [highestAverageMilli, metric.target.averageValueMilli].map(milli =>
			formatNumber(milli / 1000),
		);
		return [`${metricLabel(metric)} was at ${seen} a pod, with a target of ${target}`];
	}

	return metric?.target.type === 'Utilization' && highest !== undefined
		? [
				`${metricLabel(metric)} was at ${formatNumber(highest)} %, with a target of ${metric.target.averageUtilization} %`,
			]
		: [];
}

/** Pods that never go because one metric holds them: such as memory, which does not fall when the load does. */
function keptPods(autoscaler: HpaSpec, counts: ControlCounts): string[] {
	return counts.scaleUps === 0 || counts.scaleDowns > 0
		? []
		: counts.metrics.flatMap(({alone}, index) =>
				alone / counts.reconciles < often
					? []
					: [
							`The autoscaler never scaled down: in ${share(alone, counts)} of the reconciles ` +
								`${metricLabel(autoscaler.metrics[index])} alone kept the pods, and all other metrics asked for fewer.`,
						],
			);
}

function atTheMost({minReplicas, maxReplicas}: HpaSpec, counts: ControlCounts): string[] {
	return minReplicas === maxReplicas || counts.atMost / counts.reconciles < nearlyAlways
		? []
		: [
				`In ${share(counts.atMost, counts)} of the reconciles the autoscaler was at maxReplicas, ${maxReplicas}, and its metrics ` +
					'asked for no fewer: it has nothing left to give.',
			];
}

/** Name of a metric, with its container where it is of one. */
export function metricLabel(metric: MetricSpec | undefined): string {
	return metric === undefined
		? 'without a name'
		: metric.type === 'ContainerResource'
			? `${metric.name} of container ${metric.container}`
			: metric.name;
}

function share(part: number, {reconciles}: ControlCounts): string {
	const percent = (100 * part) / reconciles;
	const isRounded = part > 0 && part < reconciles && (percent < 0.5 || percent > 99.5);
	return `${formatNumber(percent, isRounded ? 2 : 0)} %`;
}
