import type {Experiment} from '../experiment/experiment.ts';
import {addUpControl} from '../records/control-counts.ts';
import type {RunAccount} from '../records/pod-usage.ts';
import {estimate} from '../statistics/estimate.ts';
import type {Answer, FixedPodsAnswer} from './answer.ts';
import {findCause, judgedSlo, type Shortfall, type SuspectRuns} from './causes.ts';
import {costPerHour, savingsFigures} from './compare-baseline.ts';
import {hasBounds, meetsSlo, sloChecks} from './meets-slo.ts';
import type {ReplicationResult} from './replicate.ts';

type AnsweredRun = Pick<ReplicationResult, 'baselines'> & {readonly dynamic: RunAccount; readonly fixed?: RunAccount};

/** Part by which dynamic may cost more than the fewest fixed pods before a cause is looked for. */
const worthAsking = 0.02;

/**
 * Shortfall of an experiment's runs that needs a cause: an objective that is missed, else a cost above that of the fewest fixed
 * pods that keep it. Undefined without an autoscaler, and where all is well.
 *
 * @param dynamic - of all replications, at least one
 * @param fewest - runs of the fewest fixed pods that keep the objective
 */
export function shortfallOf(
	experiment: Experiment,
	dynamic: readonly RunAccount[],
	fewest: readonly RunAccount[] | undefined,
): Shortfall | undefined {
	const {autoscaler, slo, workload} = experiment;
	if (autoscaler === 'none') {
		return undefined;
	}

	const objective = {slo: judgedSlo(slo), timeoutSeconds: workload.timeout};
	if (!meetsSlo(requestsOf(dynamic), objective)) {
		return 'missed';
	}

	const isDear =
		fewest !== undefined && meanCost(experiment, dynamic) > (1 + worthAsking) * meanCost(experiment, fewest);
	return hasBounds(slo) && isDear ? 'dear' : undefined;
}

/**
 * The answer of an experiment's runs, simulated or measured: whether the objective is kept, what it costs, against fixed
 * pods, and the one cause that matters most.
 *
 * @param results - every replication once, at least one
 */
export function findAnswer(experiment: Experiment, results: readonly AnsweredRun[]): Answer {
	const {slo, workload, fixed} = experiment;
	const dynamic = results.map(result => result.dynamic);
	const objective = {slo, timeoutSeconds: workload.timeout};
	const checks = sloChecks(requestsOf(dynamic), objective);
	const fixedRuns = results.flatMap(result => result.fixed ?? []);
	const smallest = results.flatMap(({baselines}) => baselines?.smallest ?? []);
	const [first] = smallest;
	const against = (replicas: number, runs: readonly RunAccount[]) => fixedPods(experiment, {replicas, runs, dynamic});
	const total = (of: (run: RunAccount) => number) => dynamic.reduce((sum, run) => sum + of(run), 0);
	const ended = total(({requests: {requests}}) => requests.arrived - requests.inFlight);
	return {
		objective: checks.length === 0 ? 'none' : checks.every(({isKept}) => isKept) ? 'kept' : 'missed',
		checks,
		costPerHour: meanOrNull(dynamic.map(run => costPerHour(experiment, run))),
		timedOutShare: ended === 0 ? null : total(({requests}) => requests.requests.timedOut) / ended,
		failedShare: ended === 0 ? null : total(({requests}) => requests.requests.failed) / ended,
		fixed: fixedRuns.length === 0 || fixed === undefined ? null : against(fixed.replicas, fixedRuns),
		fewest:
			first === undefined || checks.length === 0
				? null
				: against(
						first.replicas,
						smallest.map(({run}) => run),
					),
		searchedUpTo: results[0]?.baselines?.searchedUpTo ?? null,
		cause: causeOf(experiment, results) ?? null,
	};
}

function causeOf(experiment: Experiment, results: readonly AnsweredRun[]): Answer['cause'] | undefined {
	const dynamic = results.map(result => result.dynamic);
	const smallest = results.flatMap(({baselines}) => baselines?.smallest?.run ?? []);
	const shortfall = shortfallOf(experiment, dynamic, smallest.length === 0 ? undefined : smallest);
	const isSearched = results[0]?.baselines !== undefined;
	return shortfall === undefined
		? undefined
		: findCause(experiment, {
				shortfall,
				counts: addUpControl(dynamic.map(({control}) => control)),
				dynamic,
				suspects: suspectRuns(results),
				isNeverKept: isSearched && smallest.length === 0,
			});
}

function suspectRuns(results: readonly AnsweredRun[]): SuspectRuns[] {
	const each = results.flatMap(({baselines}) => (baselines?.suspects === undefined ? [] : [baselines.suspects]));
	return (each[0] ?? []).map(({suspect}, index) => ({suspect, runs: each.map(suspects => suspects[index]!.run)}));
}

type Compared = {
	readonly replicas: number;
	readonly runs: readonly RunAccount[];
	readonly dynamic: readonly RunAccount[];
};

function fixedPods(experiment: Experiment, {replicas, runs, dynamic}: Compared): FixedPodsAnswer {
	const {slo, workload} = experiment;
	const cost = meanCost(experiment, runs);
	const {low, high} = savingsFigures(
		experiment,
		runs.map((run, index) => [dynamic[index]!, run]),
	).perHour;
	return {
		replicas,
		costPerHour: orNull(cost),
		relativeCost: cost === 0 ? null : orNull(meanCost(experiment, dynamic) / cost - 1),
		isAsDear: low !== null && high !== null && low <= 0 && high >= 0,
		keepsObjective: meetsSlo(requestsOf(runs), {slo, timeoutSeconds: workload.timeout}),
	};
}

function requestsOf(runs: readonly RunAccount[]): RunAccount['requests'][] {
	return runs.map(({requests}) => requests);
}

function meanCost(experiment: Experiment, runs: readonly RunAccount[]): number {
	return runs.reduce((sum, run) => sum + costPerHour(experiment, run), 0) / runs.length;
}

function meanOrNull(values: readonly number[]): number | null {
	return estimate(values).mean;
}

function orNull(value: number): number | null {
	return Number.isNaN(value) ? null : value;
}
