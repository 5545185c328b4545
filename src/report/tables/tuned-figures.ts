import type {CandidateFigureName} from '../../tune/figures.ts';
import type {TuneGoal} from '../../tune/goal.ts';
import type {SearchProgress} from '../../tune/search.ts';
import type {CandidateStanding} from '../../tune/standing.ts';
import {
	count,
	formatMean,
	formatNumber,
	money,
	percent,
	perSecond,
	seconds,
	type UnitRule,
	wattHours,
} from '../text/format.ts';

/** Names of a candidate's figures in a report. */
export const figureWords: Readonly<Record<CandidateFigureName, string>> = {
	costPerHour: 'cost per hour',
	energyWattHours: 'energy of the run',
	p50Seconds: 'latency p50',
	p95Seconds: 'latency p95',
	p99Seconds: 'latency p99',
	ttftSeconds: 'time to first token p95',
	tpotP95Seconds: 'time per output token p95',
	itlP95Seconds: 'inter-token latency p95',
	goodputPerSecond: 'goodput',
	availability: 'availability',
	sloMisses: 'requests that miss the SLO',
	churnPerHour: 'pods that come or go per hour',
	meanReplicas: 'replicas, mean',
};

/** Unit and digits of a candidate's figures, where prices are in a currency. */
export function quantityOf(figure: CandidateFigureName, currency: string): UnitRule {
	return figure === 'costPerHour' ? money(currency) : quantities[figure];
}

const quantities: Readonly<Record<Exclude<CandidateFigureName, 'costPerHour'>, UnitRule>> = {
	energyWattHours: wattHours,
	p50Seconds: seconds,
	p95Seconds: seconds,
	p99Seconds: seconds,
	ttftSeconds: seconds,
	tpotP95Seconds: seconds,
	itlP95Seconds: seconds,
	goodputPerSecond: perSecond,
	availability: percent,
	sloMisses: percent,
	churnPerHour: count,
	meanReplicas: count,
};

/** Words for the phases of a search. */
export const phaseWords: Readonly<Record<SearchProgress['phase'], string>> = {
	start: 'Start',
	search: 'Search',
	select: 'Selection',
	simplify: 'Trying the present values in the best',
	report: 'Report on other replications',
};

type Aim = {readonly goal: TuneGoal; readonly currency: string};

/** Best candidate so far of a search, in words. */
export function standingText({objective, feasibility}: CandidateStanding, {goal, currency}: Aim): string {
	const value = formatMean(objective.mean, quantityOf(goal.minimize, currency));
	return `best so far ${value}, keeps the bounds with ${formatNumber(feasibility * 100)} %`;
}
