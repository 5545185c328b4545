import {hpaManifest} from '../cluster/setup/render-manifests.ts';
import {currencySign} from '../experiment/currency.ts';
import type {Experiment} from '../experiment/experiment.ts';
import type {Estimate} from '../statistics/estimate.ts';
import type {TuneGoal} from './goal.ts';
import type {Value} from './knob.ts';
import type {Correctness} from './ocba.ts';
import type {Scaling} from './scaling.ts';
import type {SearchResult} from './search.ts';
import type {Sensitivity} from './sensitivity.ts';

/** A candidate as it is reported. Dollars an hour, seconds, watt-hours of a run, pods that came or went an hour. */
export type TuningCandidate = {
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
export function objectiveKey({minimize}: TuneGoal): 'costPerHour' | 'energy' | 'p95Seconds' {
	return minimize === 'costPerHour' ? 'costPerHour' : minimize === 'energyWattHours' ? 'energy' : 'p95Seconds';
}

/** What tuning comes to. */
export type Tuning = {
	readonly space: string;
	readonly goal: TuneGoal;
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
	readonly candidates: readonly TuningCandidate[];
	readonly sensitivity: readonly Sensitivity[];
};

/** What `tune --json` prints and `tune.json` holds. */
export function tuneDocument(experiment: Experiment, tuning: Tuning, {kubernetes}: {readonly kubernetes: string}) {
	const {name, profile, hash, replications} = experiment;
	const {space, goal, seed, end, runs, correctness, recommended, found, saved, candidates, sensitivity} = tuning;
	return {
		apiVersion: 'replicast/v1',
		kind: 'Tuning',
		experiment: {name, ...(profile !== undefined && {profile}), hash},
		kubernetes,
		space,
		minimize: goal.minimize,
		subjectTo: goal.constraints.map(({text}) => text),
		seed,
		end,
		runs,
		replications,
		probabilityOfCorrectSelection: correctness.correct,
		probabilityOfGoodSelection: {probability: correctness.good, within: correctness.within},
		units: {
			costPerHour: `${currencySign(experiment.prices.currency)}/h`,
			p95Seconds: 's',
			sloMisses: '1',
			availability: '1',
			churn: 'pods/h',
			energy: 'Wh',
			replicas: 'pods',
		},
		probabilityOfKeepingBounds: found,
		recommended: {autoscaler: hpaManifest(recommended.autoscaler).spec, containers: recommended.containers},
		saved,
		candidates,
		sensitivity,
	};
}
