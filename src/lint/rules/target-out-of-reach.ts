import type {MetricSpec} from '../../autoscaler/hpa-spec.ts';
import type {Rule, Suspicion} from '../finding.ts';
import {highestOfQuery, highestOfSeries} from '../highest-value.ts';
import {hasRequests, mostUse, requestOf} from '../most-use.ts';
import type {LintedAutoscaler, LintSubject} from '../subject.ts';
import {answered, type Moment} from '../witness/case-document.ts';
import {controlLine} from '../witness/control-line.ts';
import {overloadPlan} from '../witness/overload-plan.ts';
import {metricWords, proposalOf, sentence, sizesBelowMost} from './proposals.ts';

/** Most that a metric can show, and what bounds it. */
type Reach = {
	/** Use and values of every pod at that most, at a number of pods. */
	readonly momentAt: (replicas: number) => Moment;
	/** In words, such as `100 % of the requests`. */
	readonly most: string;
	readonly bound: string;
	readonly fix: string;
};

/** A target that no load can pass, since limits, threads or slots bound the metric below it. */
export const targetOutOfReach: Rule = {
	id: 'target-out-of-reach',
	severity: 'error',
	title: 'a target that the metric can never pass',
	reason:
		'Limits, threads, slots and the unit of a metric bound what it can show. Where that is below the target and its tolerance, no load scales the pods up.',
	*check(subject) {
		const {autoscaler} = subject;
		const {metrics, minReplicas, maxReplicas} = autoscaler.spec;
		if (minReplicas >= maxReplicas) {
			return;
		}

		const dead = metrics.map((metric, index) => unreachedReach(subject, metric, index));
		const isAlone = dead.every(reach => reach !== undefined);
		for (const [index, reach] of dead.entries()) {
			if (reach !== undefined) {
				yield suspicion(subject, {index, reach, isAlone});
			}
		}
	},
};

/** Bound of a metric, where it never proposes more pods than there are. */
function unreachedReach(subject: LintSubject, metric: MetricSpec, index: number): Reach | undefined {
	const reach =
		metric.type === 'Resource' || metric.type === 'ContainerResource'
			? ofResource(subject, metric)
			: ofGauge(subject, metric, index);
	const sizes = sizesBelowMost(subject);
	return reach !== undefined &&
		sizes.every(size => (proposalOf(subject, index, reach.momentAt(size)) ?? Number.POSITIVE_INFINITY) <= size)
		? reach
		: undefined;
}

function ofResource(
	{workload}: LintSubject,
	metric: Extract<MetricSpec, {type: 'Resource' | 'ContainerResource'}>,
): Reach | undefined {
	const isKnown = workload !== undefined && ['cpu', 'memory'].includes(metric.name);
	const use = isKnown ? mostUse(metric, workload) : undefined;
	if (
		!isKnown ||
		use === undefined ||
		(metric.type === 'Resource' && workload.isInjected) ||
		(metric.target.type === 'Utilization' && !hasRequests(metric, workload)) ||
		workload.hasPodRequests
	) {
		return undefined;
	}

	const total = Object.values(use).reduce((sum, amounts) => sum + amounts[metric.name]!, 0) / 1000;
	const request = requestOf(metric, workload);
	const percent = Math.floor((total / request) * 100);
	const isByThreads =
		metric.name === 'cpu' &&
		workload.threads !== undefined &&
		workload.threads < limitOf(workload.containers, workload.worker);
	const threads = workload.threads === 1 ? 'its one thread lets' : `its ${workload.threads} threads let`;
	return {
		momentAt: replicas => ({replicas, use}),
		most: metric.target.type === 'Utilization' ? `${percent} % of the requests` : amountWords(total, metric.name),
		bound: `${isByThreads ? threads : 'its limits let'} a pod use`,
		fix:
			metric.target.type === 'Utilization'
				? `Set averageUtilization to at most ${Math.max(1, Math.floor(percent / 1.1) - 1)}, or raise ${isByThreads ? 'the threads' : 'the limits'} above the requests.`
				: `Set averageValue below ${amountWords(total / 1.1, metric.name)}, or raise ${isByThreads ? 'the threads' : 'the limits'}.`,
	};
}

function limitOf(
	containers: readonly {readonly name: string; readonly limits: {readonly cpu?: number}}[],
	worker: string | undefined,
): number {
	return containers.find(({name}) => name === worker)?.limits.cpu ?? Number.POSITIVE_INFINITY;
}

/** Gauges of known servers, read by a Pods metric under their own name or by a query of KEDA. */
function ofGauge({autoscaler, workload}: LintSubject, metric: MetricSpec, index: number): Reach | undefined {
	const {keda} = autoscaler;
	const target =
		metric.target.type === 'AverageValue'
			? metric.target.averageValueMilli / 1000
			: metric.target.type === 'Value'
				? metric.target.valueMilli / 1000
				: undefined;
	const facts = {parallel: workload?.parallel};
	const source = keda?.triggers.find(trigger => trigger.metric === metric.name)?.source;
	if (target === undefined) {
		return undefined;
	}

	if (keda === undefined) {
		// An adapter may serve a fraction as a percentage, but nobody renames it so that its target is 1 or less.
		const value = metric.type === 'Pods' ? highestOfSeries(metric.name, facts) : undefined;
		return value === undefined ? undefined : gaugeReach(metric, value, {replicas: false, index});
	}

	const found =
		keda.modifiers === undefined && source?.kind === 'prometheus' ? highestOfQuery(source.query, facts) : undefined;
	return found === undefined ? undefined : gaugeReach(metric, found.value, {replicas: found.isPerPod, index});
}

function gaugeReach(
	metric: MetricSpec,
	value: number,
	{replicas: isSum}: {readonly replicas: boolean; readonly index: number},
): Reach {
	const milli = Math.round(value * 1000);
	const isPerPod = isSum || metric.type === 'Pods';
	return {
		momentAt: replicas =>
			metric.type === 'Pods'
				? {replicas, use: {}, podMetrics: {[metric.name]: milli}}
				: {replicas, externalMetrics: {[metric.name]: isSum ? milli * replicas : milli}},
		most: `${Number(value.toPrecision(6))}${isPerPod ? ' a pod' : ''}`,
		bound: 'it shows',
		fix: `Set the target below ${Number((value / 1.1).toPrecision(3))}: the metric goes from 0 to ${Number(value.toPrecision(6))}.`,
	};
}

function suspicion(
	subject: LintSubject,
	{index, reach, isAlone}: {readonly index: number; readonly reach: Reach; readonly isAlone: boolean},
): Suspicion {
	const {autoscaler, workload} = subject;
	const metric = autoscaler.spec.metrics[index]!;
	const size = sizesBelowMost(subject)[0]!;
	const cases = [answered({...subject, autoscaler: alone(autoscaler, index)}, reach.momentAt(size))];
	const isCpu = (metric.type === 'Resource' || metric.type === 'ContainerResource') && metric.name === 'cpu';
	return {
		severity: isAlone ? 'error' : 'warning',
		object: autoscaler,
		place: placeOfMetric(autoscaler, index),
		message: `${sentence(metricWords(metric))} never scales the pods up: ${reach.bound} at most ${reach.most}, and the target is ${targetWords(metric)}, with a tolerance of ${toleranceWords(autoscaler)}.${isAlone ? ' No load scales up.' : ' Only the other metrics do.'}`,
		fix: reach.fix,
		witness:
			isCpu && workload !== undefined
				? overloadPlan({...subject, autoscaler: alone(autoscaler, index)}, {cases, workload})
				: controlLine(
						{...subject, autoscaler: alone(autoscaler, index)},
						{
							load: `Pods at the most that the metric can show, ${reach.most}, for 10 minutes`,
							from: size,
							momentAt: (_, replicas) => reach.momentAt(replicas),
						},
					),
	};
}

/** Tolerance within which a value above the target changes nothing: the flag's default where the manifest has none. */
export function toleranceWords({spec}: LintedAutoscaler): string {
	return `${Number((100 * (spec.behavior?.scaleUp.tolerance ?? 0.1)).toPrecision(3))} %`;
}

/** The autoscaler with one of its metrics. */
export function alone(autoscaler: LintedAutoscaler, index: number): LintedAutoscaler {
	return {...autoscaler, spec: {...autoscaler.spec, metrics: [autoscaler.spec.metrics[index]!]}};
}

/** TextPlace of a metric: of its trigger in a ScaledObject. */
export function placeOfMetric(
	{keda, spec, placeOf}: LintedAutoscaler,
	index: number,
): LintedAutoscaler['placeOf'] extends (...path: never) => infer P ? P : never {
	if (keda === undefined) {
		return placeOf('spec', 'metrics', index);
	}

	const {name, type} = spec.metrics[index]!;
	const trigger = keda.triggers.findIndex(({metric, source, type: kind}) =>
		metric === undefined ? source.kind === 'resource' && kind === name && type !== 'External' : metric === name,
	);
	return placeOf('spec', 'triggers', Math.max(0, trigger));
}

/** `95 %`, `500m`, `80`. */
export function targetWords({target, ...metric}: MetricSpec): string {
	switch (target.type) {
		case 'Utilization':
			return `${target.averageUtilization} %`;
		case 'AverageValue':
			return metric.type === 'Resource' || metric.type === 'ContainerResource'
				? amountWords(target.averageValueMilli / 1000, metric.name)
				: String(target.averageValueMilli / 1000);
		case 'Value':
			return String(target.valueMilli / 1000);
	}
}

function amountWords(amount: number, resource: string): string {
	return resource === 'memory'
		? `${Math.round(amount / 2 ** 20)} MiB`
		: `${Number(amount.toPrecision(3))} ${amount === 1 ? 'core' : 'cores'}`;
}
