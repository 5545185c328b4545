import {costPerHour} from '../economics/compare-baseline.ts';
import {energyOf} from '../economics/energy.ts';
import type {Experiment} from '../experiment/experiment.ts';
import {replicaFigures} from '../records/replica-line.ts';
import type {RunAccount} from '../records/run-account.ts';

/** What is read off one run of a candidate, in the order in which it is kept. */
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

export type FigureName = (typeof figureNames)[number];

/** Dollars an hour, watt-hours of the run, seconds, fractions, pods that came or went an hour, pods. None is NaN. */
export type Figures = Readonly<Record<FigureName, number>>;

const secondsPerHour = 3600;

/** Mean of one figure over runs, at least one. */
export function meanFigure(runs: readonly Figures[], figure: FigureName): number {
	return runs.reduce((sum, run) => sum + run[figure], 0) / runs.length;
}

/**
 * The figures of one run. Where nothing was answered, latencies are the time after which clients gave up; where nobody
 * asked, nothing was missed.
 *
 * @param experiment - with the candidate's autoscaler and containers
 */
export function figuresOf(experiment: Experiment, run: RunAccount): Figures {
	const {warmup, duration, energy, workload} = experiment;
	const {latencySeconds, ttftSeconds, availability, sloAttainment} = run.requests;
	const answered = (seconds: number) => (Number.isNaN(seconds) ? workload.timeout : seconds);
	const kept = (share: number) => (Number.isNaN(share) ? 1 : share);
	return {
		costPerHour: costPerHour(experiment, run),
		energyWattHours: energyOf(run.pods, energy).wattHours,
		p50Seconds: answered(latencySeconds.p50),
		p95Seconds: answered(latencySeconds.p95),
		p99Seconds: answered(latencySeconds.p99),
		ttftSeconds: answered(ttftSeconds.p95),
		availability: kept(availability),
		sloMisses: 1 - kept(sloAttainment),
		churnPerHour: (podChanges(run, warmup) * secondsPerHour) / (duration - warmup),
		meanReplicas: replicaFigures(run.timeline, warmup, duration).mean,
	};
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
