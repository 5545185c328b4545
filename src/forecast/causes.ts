import type {Experiment, Slo} from '../experiment/experiment.ts';
import {scalesToZero} from '../experiment/keda/scales-to-zero.ts';
import type {ControlCounts} from '../records/control-counts.ts';
import type {RunAccount} from '../records/pod-usage.ts';
import type {AnswerCause, CauseKind} from './answer.ts';
import {costPerHour} from './compare-baseline.ts';
import {deadMetric, unreachableMetrics} from './custom-metric-warnings.ts';
import {hasBounds, type SloCheck, sloChecks} from './meets-slo.ts';
import {metricLabel} from './warnings.ts';
import {stuckAtZero} from './zero/stuck-at-zero.ts';

type HpaSpec = Exclude<Experiment['autoscaler'], 'none'>;
type MetricTarget = HpaSpec['metrics'][number]['target'];
type ScalingRules = NonNullable<HpaSpec['behavior']>['scaleUp'];

/** A cause that a simulation takes away: plain data that crosses threads. */
export type Suspect = {
	readonly cause: Exclude<CauseKind, 'no-metric' | 'out-of-reach' | 'stuck-at-zero' | 'capacity'>;
	/** Number of the metric that it is of. */
	readonly metric?: number;
};

/** Runs of an experiment without a suspect, in the order of replications. */
export type SuspectRuns = {readonly suspect: Suspect; readonly runs: readonly RunAccount[]};

/** Shortfall that a cause is looked for: a missed objective, or a cost above that of fixed pods that keep it. */
export type Shortfall = 'missed' | 'dear';

/** Share of the reconciles from which on an autoscaler is without a metric, and a metric keeps pods. */
const mostly = 0.5;
const often = 0.1;
/** Availability below which requests are lost where no objective says how many may be. */
const answered = 0.99;

/** The bounds that a run without an objective of its own is judged by: that its requests are answered. */
export function judgedSlo(slo: Slo): Slo {
	return hasBounds(slo) ? slo : {availability: answered};
}

/** Rules of Kubernetes where a manifest has no `behavior` (autoscaling/v2 defaults, `pkg/apis/autoscaling/v2/defaults.go`). */
const usualScaleUp: ScalingRules = {
	stabilizationWindowSeconds: 0,
	selectPolicy: 'Max',
	policies: [
		{type: 'Percent', value: 100, periodSeconds: 15},
		{type: 'Pods', value: 4, periodSeconds: 15},
	],
};

/** Suspects that may be the cause of a shortfall, from what the autoscaler did over all replications. */
export function suspectsOf(experiment: Experiment, counts: ControlCounts | undefined, shortfall: Shortfall): Suspect[] {
	const {autoscaler, metrics, deployment, faults} = experiment;
	if (autoscaler === 'none' || counts === undefined || isWithoutMetric(counts)) {
		return [];
	}

	const hasScaled = counts.scaleUps > 0;
	const when = (is: boolean, cause: Suspect['cause']): Suspect[] => (is ? [{cause}] : []);
	if (shortfall === 'dear') {
		return [
			...keepers(counts),
			...when(hasScaled, 'scale-down-window'),
			...when(autoscaler.minReplicas > 1, 'minimum'),
			...when(true, 'targets-low'),
		];
	}

	const hasStartup = !(deployment.startup.kind === 'total' && isNothing(deployment.startup.total));
	return [
		...when(faults.length > 0, 'faults'),
		...when(scalesToZero(experiment), 'zero-pods'),
		...when(counts.atMost > 0, 'maximum'),
		...when(hasScaled && hasStartup, 'start-up'),
		...when(hasScaled && metrics !== 'ideal', 'metrics-age'),
		...when(counts.wantedMore > 0 && autoscaler.behavior !== undefined, 'scale-up-rules'),
		...when(true, 'targets-high'),
	];
}

function isNothing(time: {readonly distribution: string; readonly value?: number}): boolean {
	return time.distribution === 'constant' && time.value === 0;
}

/** The metric that most often keeps pods which all others would let go. */
function keepers({metrics, reconciles}: ControlCounts): Suspect[] {
	const alone = metrics.map(metric => metric.alone);
	const most = Math.max(0, ...alone);
	return most / reconciles < often ? [] : [{cause: 'metric-keeps-pods', metric: alone.indexOf(most)}];
}

/** The experiment with a suspect taken away. */
export function withoutSuspect(experiment: Experiment, {cause, metric}: Suspect): Experiment {
	const {autoscaler, deployment} = experiment;
	if (autoscaler === 'none') {
		return experiment;
	}

	const {behavior, metrics, minReplicas, maxReplicas} = autoscaler;
	const scaled = (changes: Partial<HpaSpec>): Experiment => ({
		...experiment,
		autoscaler: {...autoscaler, ...changes},
	});
	const atOnce: ScalingRules = {
		stabilizationWindowSeconds: 0,
		selectPolicy: 'Max',
		policies: [{type: 'Pods', value: maxReplicas, periodSeconds: 1}],
	};
	const targets = (factor: number) =>
		scaled({metrics: metrics.map(spec => ({...spec, target: scaledTarget(spec.target, factor)}))});
	switch (cause) {
		case 'metric-keeps-pods':
			return scaled({metrics: metrics.filter((_, index) => index !== metric)});
		case 'scale-down-window':
			return scaled({behavior: {scaleUp: behavior?.scaleUp ?? usualScaleUp, scaleDown: atOnce}});
		case 'scale-up-rules':
			return scaled({behavior: {scaleDown: behavior?.scaleDown ?? atOnce, scaleUp: atOnce}});
		case 'faults':
			return {...experiment, faults: []};
		case 'zero-pods':
			return withoutZero(experiment);
		case 'minimum':
			return scaled({minReplicas: Math.min(1, minReplicas)});
		case 'maximum':
			return scaled({maxReplicas: 2 * maxReplicas});
		case 'targets-low':
			return targets(1.5);
		case 'targets-high':
			return targets(0.5);
		case 'metrics-age':
			return {...experiment, metrics: 'ideal'};
		case 'start-up':
			return {
				...experiment,
				deployment: {...deployment, startup: {kind: 'total', total: {distribution: 'constant', value: 0}}},
			};
	}
}

/** The experiment with a pod that stays. */
function withoutZero(experiment: Experiment): Experiment {
	const {keda} = experiment;
	if (keda === undefined) {
		return experiment;
	}

	const {idleReplicaCount: _, ...rest} = keda;
	return {...experiment, keda: {...rest, minReplicaCount: Math.max(1, keda.minReplicaCount)}};
}

function scaledTarget(target: MetricTarget, factor: number): MetricTarget {
	const times = (value: number) => Math.max(1, Math.round(value * factor));
	switch (target.type) {
		case 'Utilization':
			return {...target, averageUtilization: times(target.averageUtilization)};
		case 'AverageValue':
			return {...target, averageValueMilli: times(target.averageValueMilli)};
		case 'Value':
			return {...target, valueMilli: times(target.valueMilli)};
	}
}

type Evidence = {
	readonly shortfall: Shortfall;
	readonly counts: ControlCounts | undefined;
	/** Runs of the dynamic arm as it is, at least as many as of a suspect. */
	readonly dynamic: readonly RunAccount[];
	readonly suspects: readonly SuspectRuns[];
	/** Whether not even the largest fixed number that was tried keeps the objective. */
	readonly isNeverKept: boolean;
};

/** Parts of the shortfall that taking a cause away has to remove for it to be named. */
const leastRelief = {missed: 0.5, dear: 0.03};

/** The one cause that matters most: the suspect without which the shortfall is least. */
export function findCause(experiment: Experiment, evidence: Evidence): AnswerCause | undefined {
	const {counts, suspects, dynamic, shortfall, isNeverKept} = evidence;
	const {autoscaler} = experiment;
	const stuck = stuckAtZero(experiment, dynamic);
	if (stuck !== undefined) {
		return {kind: 'stuck-at-zero', metric: stuck, share: null, without: null};
	}

	if (counts !== undefined && isWithoutMetric(counts)) {
		const share = counts.withoutMetric / counts.reconciles;
		return {kind: 'no-metric', metric: deadMetric(experiment) ?? null, share, without: null};
	}

	const [unreachable] = unreachableMetrics(experiment);
	if (shortfall === 'missed' && counts?.scaleUps === 0 && unreachable !== undefined) {
		return {kind: 'out-of-reach', metric: unreachable.name, share: null, without: null};
	}

	const relieved = suspects
		.map(({suspect, runs}) => ({suspect, runs, ...reliefOf(experiment, {runs, dynamic, shortfall})}))
		.filter(({relief}) => relief >= leastRelief[shortfall])
		.sort((a, b) => Number(isGeneral(a)) - Number(isGeneral(b)) || b.relief - a.relief || a.cost - b.cost);
	const [best] = relieved;
	if (best === undefined) {
		return shortfall === 'missed' && isNeverKept
			? {kind: 'capacity', metric: null, share: null, without: null}
			: undefined;
	}

	const {cause, metric} = best.suspect;
	const keeping = metric === undefined ? undefined : counts?.metrics[metric]?.alone;
	return {
		kind: cause,
		metric: metric === undefined || autoscaler === 'none' ? null : metricLabel(autoscaler.metrics[metric]),
		share: keeping === undefined ? null : keeping / counts!.reconciles,
		without: {
			replications: best.runs.length,
			costPerHour: best.cost,
			costPerHourWith: meanCost(experiment, dynamic.slice(0, best.runs.length)),
			checks: checksOf(experiment, best.runs),
		},
	};
}

/** Other targets change all that an autoscaler does: they are the cause only where nothing more definite is. */
function isGeneral({suspect}: SuspectRuns): boolean {
	return suspect.cause === 'targets-low' || suspect.cause === 'targets-high';
}

/** Whether the autoscaler is without a valid metric most of the time. */
export function isWithoutMetric({withoutMetric, reconciles}: ControlCounts): boolean {
	return withoutMetric / reconciles >= mostly;
}

/** Part of the shortfall that is gone, 0 to 1: of what is missed, or of the cost where all that was kept still is. */
function reliefOf(
	experiment: Experiment,
	{runs, dynamic, shortfall}: {readonly runs: readonly RunAccount[]} & Pick<Evidence, 'dynamic' | 'shortfall'>,
): {readonly relief: number; readonly cost: number} {
	const before = dynamic.slice(0, runs.length);
	const cost = meanCost(experiment, runs);
	const [missedBefore, missedAfter] = [before, runs].map(these => distanceOf(checksOf(experiment, these)));
	if (shortfall === 'missed') {
		return {relief: missedBefore === 0 ? 0 : 1 - missedAfter! / missedBefore!, cost};
	}

	return {relief: missedAfter! > missedBefore! ? 0 : 1 - cost / meanCost(experiment, before), cost};
}

/** Distance by which the worst bound is missed, in parts of the bound; 0 where all are kept. */
function distanceOf(checks: readonly SloCheck[]): number {
	return Math.max(
		0,
		...checks
			.filter(({isKept}) => !isKept)
			.map(({figure, bound, value, isCutOff}) => {
				if (figure === 'availability') {
					return (bound - (value ?? 0)) / Math.max(1 - bound, 0.001);
				}

				return isCutOff || value === null ? Number.MAX_SAFE_INTEGER : Math.max((value - bound) / bound, 1e-9);
			}),
	);
}

function checksOf({slo, workload}: Experiment, runs: readonly RunAccount[]): SloCheck[] {
	return sloChecks(
		runs.map(({requests}) => requests),
		{slo: judgedSlo(slo), timeoutSeconds: workload.timeout},
	);
}

function meanCost(experiment: Experiment, runs: readonly RunAccount[]): number {
	return runs.reduce((sum, run) => sum + costPerHour(experiment, run), 0) / runs.length;
}
