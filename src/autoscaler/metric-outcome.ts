import type {PodGroups} from './pod-groups.ts';

/** What came of one metric, with the figures on the way there. */
export type MetricOutcome = {
	readonly groups?: PodGroups;
	/** Usage over target of the pods that count. */
	readonly usageRatio?: number;
	/** The same once missing and unready pods have been given a value; absent when there was no need. */
	readonly rebalancedRatio?: number;
	readonly utilization?: number;
	readonly averageValueMilli?: number;
	readonly proposal?: number;
	readonly error?: string;
};
