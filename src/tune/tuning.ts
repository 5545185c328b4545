import type {Estimate} from '../statistics/estimate.ts';
import type {Goal} from './goal.ts';
import type {Value} from './knob.ts';
import type {Correctness} from './ocba.ts';
import type {Scaling} from './scaling.ts';
import type {SearchResult} from './search.ts';
import type {Sensitivity} from './sensitivity.ts';

/** A candidate as it is reported. Dollars an hour, seconds, watt-hours of a run, pods that came or went an hour. */
export type TunedCandidate = {
	/** `present`, `kubernetes-default`, or a digest of its settings. */
	readonly name: string;
	readonly settings: Readonly<Record<string, Value>>;
	readonly costPerHour: Estimate;
	readonly p95Seconds: Estimate;
	readonly sloMisses: Estimate;
	readonly availability: Estimate;
	readonly churn: Estimate;
	readonly energy: Estimate;
	readonly replicas: Estimate;
	/** Whether its means keep every bound. */
	readonly meetsGoal: boolean;
	/** Probability that its true means do, by these replications. */
	readonly feasibility: number;
	/** Whether no other reported candidate is as good in all of cost, latency, churn and energy. */
	readonly onFront: boolean;
	readonly present: boolean;
	readonly default: boolean;
	readonly recommended: boolean;
	/** Whether its figures are of replications that the search has not seen. */
	readonly heldOut: boolean;
	/** Replications behind its figures. */
	readonly replications: number;
	/** Conditions of the space that it breaks: it is shown to be compared with, and never recommended. */
	readonly breaks?: readonly string[];
	/** Why the search gave it up. */
	readonly loss?: 'misses' | 'worse' | 'cut';
};

/** Where a candidate's objective stands. */
export function objectiveKey({minimize}: Goal): 'costPerHour' | 'energy' | 'p95Seconds' {
	return minimize === 'costPerHour' ? 'costPerHour' : minimize === 'energyWattHours' ? 'energy' : 'p95Seconds';
}

/** What tuning comes to. */
export type Tuning = {
	readonly space: string;
	readonly goal: Goal;
	readonly seed: number;
	readonly end: SearchResult['end'];
	/** Of the search; what is reported was played on top. */
	readonly runs: number;
	readonly correctness: Correctness;
	readonly recommended: Scaling;
	/** How probable it is that the recommended one keeps the bounds, by the replications of the search. */
	readonly found: {readonly feasibility: number; readonly replications: number};
	/** What the recommended one saves against the present one, pair by pair. */
	readonly saved: {readonly costPerHour: Estimate; readonly fraction: Estimate};
	/** The recommended one first, then the present one and Kubernetes' defaults, then by cost. */
	readonly candidates: readonly TunedCandidate[];
	readonly sensitivity: readonly Sensitivity[];
};
