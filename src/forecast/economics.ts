import type {Experiment} from '../experiment/experiment.ts';
import type {RunAccount} from '../records/pod-usage.ts';
import {type Stage, stages} from '../records/stage-clock.ts';
import {type Estimate, estimate} from '../statistics/estimate.ts';
import {perHour, type RunEconomics, runEconomics} from './run-economics.ts';

/** Means over runs with their intervals; money of an hour, in the currency of the prices, unless a name says otherwise. */
export type ArmEconomics = {
	/** At the experiment's own prices, by where the pods' time went. */
	readonly stages: Readonly<Record<Stage, {readonly podHours: Estimate; readonly costPerHour: Estimate}>>;
	/** Of it for pods that the autoscaler kept although its metrics asked for fewer. */
	readonly slowScaleDownPerHour: Estimate;
	readonly energy: EnergyFigures;
	readonly costPerThousandRequests: Estimate;
	readonly costPerMillionOutputTokens: Estimate;
	readonly cpuSecondsPerRequest: Estimate;
};

/** Energy in the measured window. `idle` is the part that the reserved cores draw even when they do nothing. */
export type EnergyFigures = {
	readonly kilowattHours: Estimate;
	readonly idleKilowattHours: Estimate;
	/** At the price of the energy model, which is in dollars whatever the pods are billed in. */
	readonly electricityDollars: Estimate;
	readonly idleElectricityDollars: Estimate;
	readonly gramsCo2e: Estimate;
	readonly idleGramsCo2e: Estimate;
	readonly embodiedGramsCo2e: Estimate;
};

/** One arm's bill by one price book for an hour: workload and idle capacity add up to it. */
export type BillFigures = {
	readonly costPerHour: Estimate;
	readonly workloadPerHour: Estimate;
	readonly idlePerHour: Estimate;
	/** Most nodes at a time; null where no nodes are billed. */
	readonly mostNodes: number | null;
};

/** Cost of both arms by one price book. */
export type BillingFigures = {
	readonly prices: string;
	/** Of this row: rows of other currencies are not held against it. */
	readonly currency: string;
	/** `fixed-nodes`: as many nodes all the time as either arm needs at most. */
	readonly kind: 'per-pod' | 'per-resource' | 'nodes' | 'fixed-nodes';
	readonly dynamic: BillFigures;
	readonly fixed: BillFigures | null;
	readonly savedPerHour: Estimate | null;
};

/** Their cost minus that of dynamic, pair by pair under the same requests; a month has 30 days, a year 365. */
export type SavingsFigures = {
	readonly perHour: Estimate;
	readonly fraction: Estimate;
	readonly perDay: Estimate;
	readonly perMonth: Estimate;
	readonly perYear: Estimate;
};

/** Savings of dynamic against a baseline, and the quality of service of both. */
export type AgainstFigures = {
	/** The experiment's fixed number; the smallest fixed number that keeps the objective; the same without delay. */
	readonly baseline: 'fixed' | 'smallest-fixed' | 'ideal';
	/** Null for an autoscaler. */
	readonly replicas: number | null;
	/** Pairs of runs. */
	readonly replications: number;
	readonly costPerHour: Estimate;
	readonly savings: SavingsFigures;
	readonly sloAttainment: {readonly dynamic: Estimate; readonly baseline: Estimate};
	/** Whether the objective is kept on average. */
	readonly meetsSlo: {readonly dynamic: boolean; readonly baseline: boolean};
	/**
	 * Shape of the load at which dynamic costs as much: the share of the time in which it may have more pods than its
	 * floor, at the present average while loaded. Null against an autoscaler, or when it cannot be computed.
	 */
	readonly breakEven: {
		readonly loadedShare: Estimate;
		readonly podsWhileLoaded: Estimate;
		readonly breakEvenShare: Estimate;
	} | null;
};

/** The economics of an experiment, simulated or measured. */
export type Economics = {
	/** Code of the currency of all money but that of other ways of billing. */
	readonly currency: string;
	readonly dynamic: ArmEconomics;
	readonly fixed: ArmEconomics | null;
	/** Ways of billing side by side, the experiment's own first. */
	readonly billing: readonly BillingFigures[];
	readonly against: readonly AgainstFigures[];
	/** Price books whose nodes are too small for a pod. */
	readonly tooSmallNodes: readonly string[];
};

const wattHoursPerKilowattHour = 1000;
const secondsPerHour = 3600;

/** The economics of one arm over its runs, simulated or measured, at the experiment's own prices. */
export function armEconomics(experiment: Experiment, runs: readonly RunAccount[]): ArmEconomics {
	const window = {fromSeconds: experiment.warmup, toSeconds: experiment.duration};
	const each = runs.map(run => runEconomics(run, experiment));
	const over = (figure: (run: RunEconomics) => number) => estimate(each.map(figure), {min: 0});
	return {
		stages: Object.fromEntries(
			stages.map(stage => [
				stage,
				{
					podHours: over(run => run.stages[stage].podSeconds / secondsPerHour),
					costPerHour: over(run => perHour(run.stages[stage].dollars, window)),
				},
			]),
		) as ArmEconomics['stages'],
		slowScaleDownPerHour: over(run => perHour(run.slowScaleDownDollars, window)),
		energy: energyFigures(over),
		costPerThousandRequests: over(run => run.dollarsPerThousandRequests),
		costPerMillionOutputTokens: over(run => run.dollarsPerMillionOutputTokens),
		cpuSecondsPerRequest: over(run => run.cpuSecondsPerRequest),
	};
}

function energyFigures(over: (figure: (run: RunEconomics) => number) => Estimate): EnergyFigures {
	return {
		kilowattHours: over(({energy}) => energy.wattHours / wattHoursPerKilowattHour),
		idleKilowattHours: over(({energy}) => energy.idleWattHours / wattHoursPerKilowattHour),
		electricityDollars: over(({energy}) => energy.dollars ?? Number.NaN),
		idleElectricityDollars: over(({energy}) => energy.idleDollars ?? Number.NaN),
		gramsCo2e: over(({energy}) => energy.gramsCo2e),
		idleGramsCo2e: over(({energy}) => energy.idleGramsCo2e),
		embodiedGramsCo2e: over(({energy}) => energy.embodiedGramsCo2e ?? Number.NaN),
	};
}
