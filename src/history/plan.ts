import type {HistorySeries} from '../records/history.ts';
import type {LabelMatch, SeriesQuery, WrittenQuery} from './series-query.ts';
import type {SeriesStore} from './series-store.ts';

/** Part of a history that a query gives: a series, or something that series are made of. */
export type PlanKey =
	| HistorySeries
	| 'cpuOfContainers'
	| 'throttledPeriods'
	| 'quotaPeriods'
	| 'latency'
	| 'latencySeconds'
	| 'requests'
	| 'limits'
	| 'targets'
	| 'nodes';

export type PlannedQuery = {
	readonly key: PlanKey;
	readonly query: SeriesQuery | WrittenQuery;
	/** Factor to the unit of the history; default 1. */
	readonly scale?: number;
};

/** Queries for a history, and sentences on their choice. */
export type Plan = {
	readonly queries: readonly PlannedQuery[];
	readonly notes: readonly string[];
	readonly missing: readonly {readonly series: PlanKey; readonly reason: string}[];
};

/** Distance of samples that is taken where none can be seen [s]: the default of Prometheus. */
export const unseenInterval = 60;

/**
 * Length of the window of a rate [s]: four scrapes, so that one or two that fail leave two samples, and at least a step, so
 * that no sample falls between two windows.
 */
export function rateWindow(interval: number, stepSeconds: number): number {
	return Math.max(4 * interval, stepSeconds);
}

/** Condition that a label is a value; none where the metric lacks the label. */
export function labelIs(
	label: string | undefined,
	value: string,
	operator: LabelMatch['operator'] = '=',
): LabelMatch[] {
	return label === undefined ? [] : [{label, operator, value}];
}

/** Plan of several plans. */
export function joinedPlans(plans: readonly Plan[]): Plan {
	return {
		queries: plans.flatMap(({queries}) => queries),
		notes: plans.flatMap(({notes}) => notes),
		missing: plans.flatMap(({missing}) => missing),
	};
}

/** The first metric of a list that the source has. */
export async function firstOf(source: SeriesStore, metrics: readonly string[]): Promise<string | undefined> {
	const names = await source.names(metrics);
	return metrics.find(metric => names.has(metric));
}
