import type {Experiment} from '../experiment/experiment.ts';
import {type ReplicationResult, summarize} from '../forecast/forecast.ts';
import type {Summary} from '../forecast/summary.ts';
import type {Timeline} from '../records/replica-line.ts';

/** What the page shows at a time: an experiment and the replications that were played of it. */
export type Shown = {
	readonly experiment: Experiment;
	readonly summary: Summary;
	/** Replicas of the dynamic arm, one line a replication. */
	readonly timelines: readonly Timeline[];
};

/** @param results - in the order of replications, from 0 on, at least one */
export function shownOf(experiment: Experiment, results: readonly ReplicationResult[]): Shown {
	return {
		experiment,
		summary: summarize(experiment, results),
		timelines: results.map(({dynamic}) => dynamic.timeline),
	};
}
