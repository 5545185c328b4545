import type {MetricResult} from '../../autoscaler/contracts.ts';

/** State of the autoscaler at a moment. */
export type WitnessStep = {
	/** [s] from the beginning of the load. */
	readonly at: number;
	readonly replicas: number;
	/** Replicas that it decided on. */
	readonly desired: number;
	/** Value and proposal of each metric. */
	readonly metrics: readonly MetricResult[];
	/** Event beside, in words. */
	readonly remark?: string;
};

/** A case as `replicast decide` takes it: plain data, quantities as text. */
export type CaseDocument = Readonly<Record<string, unknown>>;

/** Question to the autoscaler in the form that `replicast decide` takes, and its answer. */
export type WitnessCase = {readonly case: CaseDocument; readonly desiredReplicas: number};

/** Evidence of a finding: a load, the decisions of the autoscaler under it, and its own answers at the telling moments. */
export type Witness = {
	/** Load in words. */
	readonly load: string;
	/** Engine that made the timeline. */
	readonly from: 'simulator' | 'calculator';
	readonly timeline: readonly WitnessStep[];
	readonly cases: readonly WitnessCase[];
};

/** A witness that is to be simulated. */
export type WitnessPlan = {
	readonly load: string;
	/** An experiment as its file has it. */
	readonly experiment: Readonly<Record<string, unknown>>;
	/** Experiment with another setting, which is simulated beside it. */
	readonly other?: Readonly<Record<string, unknown>>;
	/** Whether the run shows the finding; it is dropped where it does not. */
	readonly shows: (steps: readonly WitnessStep[], other: readonly WitnessStep[]) => boolean;
	readonly cases: readonly WitnessCase[];
};

/** Whether a witness has still to be simulated. */
export function isPlan(witness: Witness | WitnessPlan): witness is WitnessPlan {
	return 'experiment' in witness;
}
