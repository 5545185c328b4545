import {namedAnswer} from '../autoscaler/case-input.ts';
import type {ExplainedMetric, ExplainedPod, Explanation} from '../autoscaler/explain.ts';
import type {MetricSpec} from '../autoscaler/hpa-spec.ts';
import type {HpaMetricStatus, LiveAnswer} from '../autoscaler/live-answer.ts';
import type {PodStanding} from '../autoscaler/pod-groups.ts';
import {formatQuantityMilli} from '../autoscaler/quantity.ts';
import type {ReconcileInput} from '../autoscaler/reconcile.ts';
import {unbroken} from '../printable.ts';
import {counted} from './text/format.ts';

const standings: Readonly<Record<PodStanding, string>> = {
	ready: 'ready     counted',
	deleting: 'ignored   it is being deleted',
	failed: 'ignored   it has failed',
	pending: 'unready   it is pending',
	missing: 'missing   it has no metrics',
	withoutReadyCondition: 'unready   it has no start time or no Ready condition',
	notReadyWhileStarting: 'unready   it is not Ready within its initialization period',
	sampleBeforeReady: 'unready   its sample does not lie a full window after it became Ready',
	neverReady: 'unready   it has never been Ready',
};

const conditions: Readonly<Record<string, string>> = {
	ValidMetricFound: 'the metrics gave a replica count',
	ScalingDisabled: 'scaling is disabled since the replica count of the target is zero',
	ReadyForNewScale: 'recent recommendations do not hold it back',
	ScaleUpStabilized: 'recent recommendations were lower, the lowest of them holds',
	ScaleDownStabilized: 'recent recommendations were higher, the highest of them holds',
	DesiredWithinRange: 'the count is within the acceptable range',
	TooFewReplicas: 'the count is less than the minimum replica count',
	TooManyReplicas: 'the count is more than the maximum replica count',
	ScaleUpLimit: 'the count would increase faster than the maximum scale rate',
	ScaleDownLimit: 'the count would decrease faster than the maximum scale rate',
};

/** The explanation of a decision for people, one step a paragraph. */
export function explanationText(
	input: ReconcileInput,
	explanation: Explanation,
	{title, notes = []}: {readonly title: string; readonly notes?: readonly string[]},
): string {
	const {spec, specReplicas, statusReplicas, controller} = input;
	const head = [
		`${unbroken(title)} (Kubernetes ${controller.kubernetes})`,
		`  replicas ${specReplicas} wanted, ${statusReplicas} present; bounds ${spec.minReplicas} to ${spec.maxReplicas}`,
		...notes.map(note => `  ${unbroken(note)}`),
	];
	const metrics = explanation.metrics.map(metric => metricText(metric, explanation.band));
	const steps = explanation.decision.recommendation === undefined ? [] : [historyText(input, explanation)];
	return [
		`${decisionLine(input, explanation)}\n${head.join('\n')}`,
		...metrics,
		...steps,
		resultText(input, explanation),
	]
		.join('\n\n')
		.concat('\n');
}

/** Reasons that let the proposal of the metrics pass. */
const passing: readonly string[] = ['ValidMetricFound', 'ReadyForNewScale', 'DesiredWithinRange'];

/** `Scales from 3 to 4 replicas: cpu asks for 4`: the decision, the metric that asks for most and what limits it. */
function decisionLine({specReplicas}: ReconcileInput, {decision, metrics}: Explanation): string {
	const {desiredReplicas, reasons, error} = decision;
	const [most] = metrics
		.flatMap(({spec, outcome: {proposal}}) => (proposal === undefined ? [] : [{name: spec.name, proposal}]))
		.toSorted((a, b) => b.proposal - a.proposal);
	const limits = reasons.flatMap(reason => (passing.includes(reason) ? [] : (conditions[reason] ?? [])));
	const asked = most === undefined ? [] : [`${most.name} asks for ${most.proposal}`];
	const because = error ?? (asked.length + limits.length === 0 ? undefined : [...asked, ...limits].join('; '));
	const done =
		desiredReplicas === specReplicas
			? `Stays at ${counted(specReplicas, 'replica')}`
			: `Scales from ${specReplicas} to ${counted(desiredReplicas, 'replica')}`;
	return because === undefined ? done : `${done}: ${unbroken(because)}`;
}

function metricText({spec, outcome, pods, strangers}: ExplainedMetric, band: Explanation['band']): string {
	const {usageRatio, rebalancedRatio, utilization, averageValueMilli, proposal, error, groups} = outcome;
	const named = pods.map(pod => ({...pod, name: unbroken(pod.name)}));
	const width = Math.max(0, ...named.map(({name}) => name.length));
	const container = spec.type === 'ContainerResource' ? ` of container ${unbroken(spec.container)}` : '';
	const usage = [
		...(utilization === undefined ? [] : [`utilization ${utilization} %`]),
		...(averageValueMilli === undefined ? [] : [`average ${metricAmount(spec, averageValueMilli)}`]),
	];
	return [
		`${spec.type} metric ${unbroken(spec.name)}${container}, target ${targetText(spec)}`,
		...named.map(pod => `  ${pod.name.padEnd(width)}  ${standings[pod.standing]}${usageText(spec, pod)}`),
		...strangers.map(name => `  ${unbroken(name)}  has metrics and is not among the pods`),
		...(usage.length === 0 ? [] : [`  ${usage.join(', ')}`]),
		...(usageRatio === undefined
			? []
			: [
					`  ratio ${ratio(usageRatio)} of the target; from ${ratio(band.low)} to ${ratio(band.high)} nothing changes` +
						(groups === undefined ? '' : `; ${groups.readyPodCount} pods ready`),
				]),
		...(rebalancedRatio === undefined
			? []
			: [`  ratio ${ratio(rebalancedRatio)} with the missing and unready pods counted against the change`]),
		error === undefined ? `  proposes ${proposal}` : `  error: ${unbroken(error)}`,
	].join('\n');
}

function targetText({name, target, type}: MetricSpec): string {
	switch (target.type) {
		case 'Utilization':
			return `${target.averageUtilization} % of the request`;
		case 'AverageValue':
			return `${metricAmount({name, type}, target.averageValueMilli)} a pod`;
		case 'Value':
			return metricAmount({name, type}, target.valueMilli);
	}
}

function usageText(spec: MetricSpec, {value, request}: ExplainedPod): string {
	if (value === undefined) {
		return '';
	}

	return `, uses ${metricAmount(spec, value)}${request === undefined ? '' : ` of ${metricAmount(spec, request)}`}`;
}

/** Amount of a metric: `132m` of CPU, `28.8Mi` of another resource, else a quantity. */
export function metricAmount({name, type}: {readonly name: string; readonly type: string}, milli: number): string {
	const isBytes = (type === 'Resource' || type === 'ContainerResource') && name !== 'cpu';
	return isBytes ? `${(milli / 1000 / 2 ** 20).toFixed(1)}Mi` : formatQuantityMilli(milli);
}

function ratio(value: number): string {
	return String(Math.round(value * 10_000) / 10_000);
}

function historyText(input: ReconcileInput, {recommendations, windows, policies, reach}: Explanation): string {
	const isBoth = input.spec.behavior !== undefined;
	const within = recommendations.filter(({isInUpWindow, isInDownWindow}) => isInUpWindow || isInDownWindow);
	return [
		`Stabilization over ${isBoth ? `${windows.up} s on the way up, ` : ''}${windows.down} s on the way down`,
		...within.map(
			({replicas, age, isInUpWindow, isInDownWindow}) =>
				`  ${age} s ago: ${replicas}${isBoth ? ` (${[isInUpWindow && 'up', isInDownWindow && 'down'].filter(Boolean).join(' and ')})` : ''}`,
		),
		...(within.length === 0 ? ['  no earlier recommendation'] : []),
		'',
		'Limits',
		...policies.map(
			({direction, type, value, periodSeconds, limit, left}) =>
				`  scale ${direction}: ${value}${type === 'Percent' ? ' %' : ' pods'} in ${periodSeconds} s, ${left} pods left, to ${limit}`,
		),
		...(isBoth
			? [
					`  select ${input.spec.behavior!.scaleUp.selectPolicy} on the way up, ${input.spec.behavior!.scaleDown.selectPolicy} on the way down`,
				]
			: ['  no behavior: at most twice the replicas, or 4']),
		`  may go to ${reach.lowest} at the least and ${reach.highest} at the most`,
	].join('\n');
}

function resultText({specReplicas}: ReconcileInput, {decision}: Explanation): string {
	const {desiredReplicas, proposal, reasons, error} = decision;
	return [
		`Result ${desiredReplicas}${desiredReplicas === specReplicas ? ', as it is' : ` instead of ${specReplicas}`}${proposal === undefined ? '' : `; proposal ${proposal}`}`,
		...reasons.map(reason => `  ${reason}${conditions[reason] === undefined ? '' : `: ${conditions[reason]}`}`),
		...(error === undefined ? [] : [`  error: ${unbroken(error)}`]),
	].join('\n');
}

/** A live answer for people: the explanation, and beside it what Kubernetes reports. */
export function liveText({name, namespace, input, explanation, status, refusals}: LiveAnswer): string {
	const reported = [
		'Kubernetes reports',
		`  desired replicas ${status.desiredReplicas ?? 'none'}, current replicas ${status.currentReplicas ?? 'none'}, last scaled ${status.lastScaleTime ?? 'never'}`,
		...(status.currentMetrics ?? []).map(liveMetricText),
		...(status.conditions ?? []).map(({type, status: value, reason, message}) =>
			unbroken(`  ${type} ${value}, ${reason ?? 'no reason'}: ${message ?? ''}`),
		),
		`  ${verdict(explanation.decision.desiredReplicas, status.desiredReplicas)}`,
	];
	const notes = [
		...refusals.map(refusal => `  ${unbroken(refusal)}`),
		"  The controller's memory cannot be read: earlier recommendations and changes of size are not known here.",
	];
	return `${explanationText(input, explanation, {title: `HPA ${namespace}/${name}`})}\n${[...reported, '', 'Notes', ...notes].join('\n')}\n`;
}

/** A live answer as one line of JSON. */
export function liveLine({name, namespace, explanation, status, refusals}: LiveAnswer): string {
	return `${JSON.stringify({...namedAnswer(`${namespace}/${name}`, explanation.decision), status, refusals})}\n`;
}

function liveMetricText({type, ...sources}: HpaMetricStatus): string {
	const [source] = Object.values(sources);
	const {averageUtilization, averageValue, value} = source?.current ?? {};
	const figures = [averageUtilization === undefined ? undefined : `${averageUtilization} %`, averageValue, value];
	const values = figures.filter(figure => figure !== undefined).join(', ');
	const name = source?.name ?? source?.metric?.name ?? 'unknown';
	return unbroken(`  ${type} metric ${name}: ${values === '' ? 'unknown' : values}`);
}

function verdict(here: number, there: number | undefined): string {
	return here === there ? 'the same count as here' : `here ${here}, there ${there ?? 'none'}`;
}
