import type {Experiment} from '../../experiment/experiment.ts';
import {initialReplicas} from '../../experiment/pod-requests.ts';
import type {ArmSummary, Estimate, Summary} from '../../forecast/summary.ts';
import {
	count,
	counted,
	formatEstimate,
	formatNumber,
	money,
	percent,
	perSecond,
	seconds,
	type UnitRule,
} from '../text/format.ts';
import {formatLatency} from '../text/latency.ts';
import type {Row} from '../text/report.ts';
import {unitRows} from './economics-rows.ts';

export type {Row} from '../text/report.ts';

type Figure = {readonly label: string; readonly cell: (arm: ArmSummary) => string};

const estimate = (label: string, of: (arm: ArmSummary) => Estimate, quantity: UnitRule): Figure => ({
	label,
	cell: arm => formatEstimate(of(arm), quantity),
});

const ttft: Figure = {label: 'time to first token, p95', cell: arm => formatLatency(arm, 'ttft')};
const tpot = estimate('time per output token', arm => arm.tpotSeconds.mean, seconds);

/** Figures that only requests with tokens have. */
const tokenFigures: readonly Figure[] = [ttft, tpot];

/** Figures of an engine that streams its answers: percentiles of its tokens' times, and the requests that kept the objective. */
const streamFigures: readonly Figure[] = [
	...percentiles('time to first token', arm => arm.ttftSeconds, ['p50']),
	ttft,
	...percentiles('time to first token', arm => arm.ttftSeconds, ['p99']),
	tpot,
	...percentiles('time per output token', arm => arm.tpotSeconds, ['p50', 'p95', 'p99']),
	...percentiles('inter-token latency', arm => arm.itlSeconds, ['p50', 'p95', 'p99']),
	estimate('goodput', arm => arm.goodputPerSecond, perSecond),
];

type Percentile = 'p50' | 'p95' | 'p99';

function percentiles(
	label: string,
	of: (arm: ArmSummary) => {readonly [Name in Percentile]?: Estimate} | undefined,
	names: readonly Percentile[],
): Figure[] {
	const unknown = {mean: null, low: null, high: null};
	return names.map(name => estimate(`${label}, ${name}`, arm => of(arm)?.[name] ?? unknown, seconds));
}

const figures: readonly Figure[] = [
	estimate('replicas, mean', arm => arm.replicas, count),
	{label: 'replicas, largest', cell: arm => formatNumber(arm.replicas.max)},
	estimate('throughput', arm => arm.throughputPerSecond, perSecond),
	{label: 'latency p50', cell: arm => formatLatency(arm, 'p50')},
	{label: 'latency p95', cell: arm => formatLatency(arm, 'p95')},
	{label: 'latency p99', cell: arm => formatLatency(arm, 'p99')},
	estimate('  of it waiting, p95', arm => arm.waitSeconds.p95, seconds),
	...streamFigures,
	estimate('availability', arm => arm.availability, percent),
	estimate('SLO attainment', arm => arm.sloAttainment, percent),
	{label: 'requests completed', cell: ({requests}) => completedOf(requests)},
	{label: 'failed / timed out / going on', cell: ({requests}) => lostOf(requests)},
	estimate('CPU utilization of request', arm => arm.cpuUtilization, percent),
	estimate('memory of request', arm => arm.memoryUtilization, percent),
	estimate('pod-hours', arm => arm.podHours, count),
];

/** Says something only where KEDA may take the last pod. */
const zero: readonly Figure[] = [
	{
		label: 'time at zero pods',
		cell: arm => (arm.zero === undefined ? 'none' : formatEstimate(arm.zero.share, percent)),
	},
	{label: 'starts from zero', cell: arm => (arm.zero === undefined ? 'none' : formatEstimate(arm.zero.starts, count))},
];

const cost = (currency: string) => estimate('cost per hour', arm => arm.costPerHour, money(currency));

/** Says something only where there are tenants to be fair to. */
const fairness = estimate('fairness among tenants', arm => arm.fairness, count);

/** The main table's lines: one cell for dynamic, one for fixed when there is such an arm. */
export function forecastRows({dynamic, fixed, economics}: Summary): Row[] {
	const arms = fixed === null ? [dynamic] : [dynamic, fixed];
	const shown = [
		...figures,
		...(dynamic.zero === undefined ? [] : zero),
		cost(economics.currency),
		...(dynamic.tenants.length > 1 ? [fairness] : []),
	];
	const hasTokens = arms.some(
		({ttftSeconds, tpotSeconds}) => ttftSeconds.p95.mean !== null || tpotSeconds.mean.mean !== null,
	);
	const ofTokens = dynamic.itlSeconds !== undefined ? streamFigures : hasTokens ? tokenFigures : [];
	return shown
		.filter(figure => !streamFigures.includes(figure) || ofTokens.includes(figure))
		.map(({label, cell}) => [label, ...arms.map(cell)]);
}

/** The lines that answer most questions: a table of ten at most. */
const first: readonly string[] = [
	'replicas, mean',
	'replicas, largest',
	'throughput',
	'latency p50',
	'latency p95',
	'latency p99',
	'availability',
	'SLO attainment',
	'CPU utilization of request',
	'time at zero pods',
	'starts from zero',
	'cost per hour',
];

/** Lines that answer most questions on an engine that streams its answers. */
const firstStreamed: readonly string[] = [
	'replicas, mean',
	'replicas, largest',
	'latency p95',
	'time to first token, p95',
	'time per output token, p95',
	'inter-token latency, p99',
	'goodput',
	'SLO attainment',
	'time at zero pods',
	'starts from zero',
	'cost per hour',
	'cost per million output tokens',
];

/** The main table's first lines. */
export function firstRows(summary: Summary): Row[] {
	const isStreamed = summary.dynamic.itlSeconds !== undefined;
	const rows = isStreamed ? [...forecastRows(summary), ...unitRows(summary)] : forecastRows(summary);
	return rows.filter(([label]) => (isStreamed ? firstStreamed : first).includes(label!));
}

/** Heads of the main table's columns. */
export function forecastHead(experiment: Experiment): Row {
	const {autoscaler, keda, deployment, fixed} = experiment;
	const least =
		keda === undefined || autoscaler === 'none'
			? undefined
			: Math.min(autoscaler.minReplicas, initialReplicas(experiment, 'dynamic'));
	const dynamic =
		autoscaler === 'none'
			? `no autoscaler, ${pods(deployment.replicas ?? 1)}`
			: `dynamic, ${least ?? autoscaler.minReplicas}–${pods(autoscaler.maxReplicas)}`;
	return ['', dynamic, ...(fixed === undefined ? [] : [`fixed, ${pods(fixed.replicas)}`])];
}

/** Rows of the tenants: latency and throughput of each in both arms. */
export function tenantRows({dynamic, fixed}: Summary): Row[] {
	return dynamic.tenants.map((tenant, index) => {
		const other = fixed?.tenants[index];
		return [
			tenant.name,
			formatEstimate(tenant.throughputPerSecond, perSecond),
			formatLatency(tenant, 'p95'),
			...(other === undefined ? [] : [formatLatency(other, 'p95')]),
		];
	});
}

/** Heads of the tenants' table. */
export function tenantHead({fixed}: Summary): Row {
	const latency = fixed === null ? ['latency p95'] : ['p95 dynamic', 'p95 fixed'];
	return ['tenant', 'throughput', ...latency];
}

function pods(replicas: number): string {
	return counted(replicas, 'pod');
}

function completedOf({arrived, completed}: ArmSummary['requests']): string {
	return `${formatNumber(completed)} of ${formatNumber(arrived)}`;
}

function lostOf({failed, timedOut, inFlight}: ArmSummary['requests']): string {
	return [failed, timedOut, inFlight].map(requests => formatNumber(requests)).join(' / ');
}
