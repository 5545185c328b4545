import type {Experiment} from '../experiment/experiment.ts';
import {costPerHour} from '../forecast/compare-baseline.ts';
import {energyOf} from '../forecast/energy.ts';
import {cutOffOf} from '../forecast/meets-slo.ts';
import type {RunAccount} from '../records/pod-usage.ts';
import {replicaFigures} from '../records/replica-line.ts';
import type {RequestFigures} from '../records/request-statistics.ts';
import type {CutFigure} from '../records/timeout-cut.ts';

/** Figures of one run of a candidate, in the order in which they are kept. */
export const figureNames = [
	'costPerHour',
	'energyWattHours',
	'p50Seconds',
	'p95Seconds',
	'p99Seconds',
	'ttftSeconds',
	'availability',
	'sloMisses',
	'churnPerHour',
	'meanReplicas',
] as const;

/** Figures that only runs have whose requests have times of tokens: an engine's, or where the objective bounds them. */
export const tokenFigureNames = ['tpotP95Seconds', 'itlP95Seconds', 'goodputPerSecond'] as const;

type TokenFigureName = (typeof tokenFigureNames)[number];
export type CandidateFigureName = (typeof figureNames)[number] | TokenFigureName;

/** Dollars an hour, watt-hours of the run, seconds, fractions, pods that came or went an hour, pods, requests/s. None is NaN. */
export type CandidateFigures = Readonly<Record<(typeof figureNames)[number], number>> & {
	readonly [Name in TokenFigureName]?: number;
};

/** Names of all figures, in the order in which a run's are kept. */
export const keptFigures: readonly CandidateFigureName[] = [...figureNames, ...tokenFigureNames];

/** A run's figures as they are kept; null for one that it does not have. */
export function keptValues(figures: CandidateFigures): (number | null)[] {
	return keptFigures.map(name => figures[name] ?? null);
}

/** The figures of a run that were kept. */
export function figuresIn(values: readonly (number | null)[]): CandidateFigures {
	const entries = keptFigures.map((name, index) => [name, values[index]] as const);
	return Object.fromEntries(entries.filter(([, value]) => typeof value === 'number')) as CandidateFigures;
}

/** Whether the runs of an experiment have a figure. */
export function hasFigure({deployment, slo}: Experiment, figure: CandidateFigureName): boolean {
	return (
		deployment.service.kind === 'engine' ||
		!tokenFigureNames.some(name => name === figure) ||
		(figure === 'tpotP95Seconds' && slo.tpot !== undefined)
	);
}

const secondsPerHour = 3600;

/** Mean of one figure over runs, at least one. */
export function meanFigure(runs: readonly CandidateFigures[], figure: CandidateFigureName): number {
	return runs.reduce((sum, run) => sum + (run[figure] ?? Number.NaN), 0) / runs.length;
}

/**
 * The figures of one run. Latencies that the clients' timeout cuts off are just beyond it, and beyond the objective's bound,
 * which they never keep; where nobody asked, nothing was missed.
 *
 * @param experiment - with the candidate's autoscaler and containers
 */
export function figuresOf(experiment: Experiment, run: RunAccount): CandidateFigures {
	const {warmup, duration, energy, workload, slo} = experiment;
	const {latencySeconds, ttftSeconds, availability, sloAttainment} = run.requests;
	const cut = cutOffOf([run.requests], workload.timeout);
	const answered = (figure: CutFigure, seconds: number) =>
		cut.includes(figure) || Number.isNaN(seconds) ? beyond(workload.timeout, slo[figure]) : seconds;
	const kept = (share: number) => (Number.isNaN(share) ? 1 : share);
	return {
		costPerHour: costPerHour(experiment, run),
		energyWattHours: energyOf(run.pods, energy, {nodes: run.nodes, window: {fromSeconds: warmup, toSeconds: duration}})
			.wattHours,
		p50Seconds: answered('p50', latencySeconds.p50),
		p95Seconds: answered('p95', latencySeconds.p95),
		p99Seconds: answered('p99', latencySeconds.p99),
		ttftSeconds: answered('ttft', ttftSeconds.p95),
		availability: kept(availability),
		sloMisses: 1 - kept(sloAttainment),
		churnPerHour: (podChanges(run, warmup) * secondsPerHour) / (duration - warmup),
		meanReplicas: replicaFigures(run.timeline, warmup, duration).mean,
		...tokenFiguresOf(run.requests, workload.timeout),
	};
}

/** Times of tokens and goodput; a token took longer than clients wait where nothing completed. */
function tokenFiguresOf({tpotSeconds, itlSeconds, goodputPerSecond}: RequestFigures, timeout: number) {
	const given = (seconds: number) => (Number.isNaN(seconds) ? beyond(timeout) : seconds);
	return {
		...(tpotSeconds.p95 !== undefined && {tpotP95Seconds: given(tpotSeconds.p95)}),
		...(itlSeconds !== undefined && {itlP95Seconds: given(itlSeconds.p95), goodputPerSecond}),
	};
}

/** Just more than a timeout, and than a bound: no percentile that the timeout cuts off keeps one. */
function beyond(timeoutSeconds: number, bound = 0): number {
	return Math.max(timeoutSeconds, bound) * (1 + 1e-6);
}

/** Pods that the autoscaler added and took away after the warm-up. */
function podChanges({timeline}: RunAccount, from: number): number {
	let [changes, before] = [0, timeline[0]?.[1] ?? 0];
	for (const [at, replicas] of timeline) {
		changes += at >= from ? Math.abs(replicas - before) : 0;
		before = replicas;
	}

	return changes;
}

/**
 * Pareto front: the vectors that no other one dominates, being as small in every part and smaller in one. The first of
 * equal ones represents them.
 *
 * @param vectors - of one length
 * @returns one answer a vector, in their order
 */
export function paretoFront(vectors: readonly (readonly number[])[]): boolean[] {
	return vectors.map(
		(vector, index) =>
			!vectors.some((other, place) => dominates(other, vector) || (place < index && equals(other, vector))),
	);
}

function dominates(a: readonly number[], b: readonly number[]): boolean {
	return a.every((value, index) => value <= b[index]!) && a.some((value, index) => value < b[index]!);
}

function equals(a: readonly number[], b: readonly number[]): boolean {
	return a.every((value, index) => value === b[index]);
}
