import type {Experiment, Slo} from '../experiment/experiment.ts';
import {Schedule} from '../experiment/schedule.ts';
import {addUpControl} from '../records/control-counts.ts';
import type {RunAccount} from '../records/pod-usage.ts';
import {simulate} from '../simulator/simulate.ts';
import {type Suspect, type SuspectRuns, suspectsOf, withoutSuspect} from './causes.ts';
import {shortfallOf} from './find-answer.ts';
import {hasBounds, meetsSlo} from './meets-slo.ts';
import {effectsOf, withoutEffect} from './nodes/node-effects.ts';
import type {NodeEffect} from './nodes/without-nodes.ts';
import {nodesAtOnce} from './nodes/without-nodes.ts';
import {eventsOf} from './prediction/simulate-predicted.ts';
import type {ReplicationResult} from './replicate.ts';

/** Arm of a forecast beyond the experiment's own two, simulated with exactly the same requests. */
export type Baseline =
	| {readonly kind: 'fixed'; readonly replicas: number}
	| {readonly kind: 'ideal'}
	| {readonly kind: 'nodes'; readonly effect: NodeEffect}
	| {readonly kind: 'without'; readonly suspect: Suspect};

/** Simulates one run of a baseline: plain data that crosses threads. */
export function simulateBaseline(experiment: Experiment, replication: number, baseline: Baseline): RunAccount {
	const schedule = experiment.workload.loop === 'open' ? new Schedule(experiment, replication) : undefined;
	const changed = changedFor(experiment, baseline);
	const arm = baseline.kind === 'fixed' ? 'fixed' : 'dynamic';
	const run = simulate(changed, {replication, arm, schedule, isRecorded: false});
	const {requests, pods, timeline, heldPodSeconds, nodes} = run;
	return {requests, pods, timeline, heldPodSeconds, ...(nodes !== undefined && {nodes})};
}

function changedFor(experiment: Experiment, baseline: Baseline): Experiment {
	switch (baseline.kind) {
		case 'fixed':
			return {...experiment, fixed: {replicas: baseline.replicas}};
		case 'ideal':
			return withoutDelay(experiment);
		case 'nodes':
			return withoutEffect(experiment, baseline.effect);
		case 'without':
			return withoutSuspect(experiment, baseline.suspect);
	}
}

/**
 * The experiment with an ideal autoscaler: the same targets and bounds, but it sees what the pods used in the last 15 s
 * without delay, its pods serve at once, and no window or policy holds it back.
 */
function withoutDelay(experiment: Experiment): Experiment {
	const {autoscaler, deployment} = experiment;
	if (autoscaler === 'none') {
		return experiment;
	}

	const atOnce = {
		stabilizationWindowSeconds: 0,
		selectPolicy: 'Max',
		policies: [{type: 'Pods', value: autoscaler.maxReplicas, periodSeconds: 1}],
	} as const;
	return {
		...experiment,
		metrics: 'ideal',
		autoscaler: {...autoscaler, behavior: {scaleUp: atOnce, scaleDown: atOnce}},
		deployment: {...deployment, startup: {kind: 'total', total: {distribution: 'constant', value: 0}}},
		...(experiment.nodeAutoscaler !== undefined && {nodeAutoscaler: nodesAtOnce(experiment.nodeAutoscaler)}),
	};
}

/**
 * The smallest number from 1 to `most` that `isEnough`, when more never does worse.
 *
 * @returns undefined when not even `most` is enough
 */
export async function smallestEnough(
	most: number,
	isEnough: (count: number) => Promise<boolean>,
): Promise<number | undefined> {
	if (!(await isEnough(most))) {
		return undefined;
	}

	let [tooFew, enough] = [0, most];
	while (enough - tooFew > 1) {
		const middle = Math.floor((tooFew + enough) / 2);
		if (await isEnough(middle)) {
			enough = middle;
		} else {
			tooFew = middle;
		}
	}

	return enough;
}

/** Replications of an experiment for which its baselines are simulated. */
const baselineReplications = 5;
/** Replications in which a suspected cause is taken away. */
const suspectReplications = 3;

/**
 * Most events of the arms of a replication for which baselines are simulated by default; beyond it they would take too
 * long.
 */
const mostEventsUnasked = 3_000_000;

/**
 * Whether baselines are simulated unasked: their runs are short, and they say something, against a fixed number, on an
 * objective, or why requests are lost.
 */
export function wantsBaselines(experiment: Experiment, results: readonly ReplicationResult[]): boolean {
	const {fixed, autoscaler, slo} = experiment;
	const [first] = results;
	const events = first === undefined ? 0 : eventsOf(first);
	const dynamic = results.map(result => result.dynamic);
	return (
		events <= mostEventsUnasked &&
		(fixed !== undefined ||
			(autoscaler !== 'none' && (hasBounds(slo) || shortfallOf(experiment, dynamic, undefined) !== undefined)))
	);
}

type SimulateBaseline = (replication: number, baseline: Baseline) => Promise<RunAccount>;

/**
 * Adds the baselines of the first replications to the results: the smallest fixed number of pods that keeps the
 * objective, the autoscaler without delay, and where the objective is missed or kept too dearly the experiment without
 * each cause that may be behind that.
 *
 * @param results - of the replications, in their order
 * @param run - simulates one replication of a baseline
 */
export async function withBaselines(
	experiment: Experiment,
	results: readonly ReplicationResult[],
	run: SimulateBaseline,
): Promise<ReplicationResult[]> {
	const some = results.slice(0, baselineReplications);
	const all = async (baseline: Baseline) => Promise.all(some.map(async ({replication}) => run(replication, baseline)));
	const isScaled = experiment.autoscaler !== 'none';
	const [ideal, smallest] = await Promise.all([
		isScaled ? all({kind: 'ideal'}) : [],
		smallestFixed(experiment, some, async replicas => all({kind: 'fixed', replicas})),
	]);
	const suspects = await suspectedRuns(experiment, results, {smallest: smallest?.runs, run});
	const effects = effectsOf(experiment);
	const nodeRuns = await Promise.all(
		results
			.slice(0, effects.length === 0 ? 0 : suspectReplications)
			.map(async ({replication}) =>
				Promise.all(effects.map(async effect => ({effect, run: await run(replication, {kind: 'nodes', effect})}))),
			),
	);
	const searchedUpTo = mostPods(experiment);
	return results.map((result, index) => ({
		...result,
		...(index < some.length && {
			baselines: {
				searchedUpTo,
				...(nodeRuns[index] !== undefined && {nodes: nodeRuns[index]}),
				...(ideal[index] !== undefined && {ideal: ideal[index]}),
				...(smallest !== undefined && {smallest: {replicas: smallest.replicas, run: smallest.runs[index]!}}),
				...(index < suspectReplications &&
					suspects.length > 0 && {
						suspects: suspects.map(({suspect, runs}) => ({suspect, run: runs[index]!})),
					}),
			},
		}),
	}));
}

/** Simulates the first replications without each suspect, where there is a shortfall to find the cause of. */
async function suspectedRuns(
	experiment: Experiment,
	results: readonly ReplicationResult[],
	{smallest, run}: {readonly smallest: readonly RunAccount[] | undefined; readonly run: SimulateBaseline},
): Promise<SuspectRuns[]> {
	const dynamic = results.map(result => result.dynamic);
	const shortfall = shortfallOf(experiment, dynamic, smallest);
	const counts = addUpControl(dynamic.map(({control}) => control));
	const suspects = shortfall === undefined ? [] : suspectsOf(experiment, counts, shortfall);
	const some = results.slice(0, suspectReplications);
	return Promise.all(
		suspects.map(async suspect => ({
			suspect,
			runs: await Promise.all(some.map(async ({replication}) => run(replication, {kind: 'without', suspect}))),
		})),
	);
}

/** The largest fixed number that is tried: what either arm may have. */
function mostPods({fixed, autoscaler, deployment}: Experiment): number {
	const scaled = autoscaler === 'none' ? (deployment.replicas ?? 1) : autoscaler.maxReplicas;
	return Math.max(fixed?.replicas ?? 1, scaled);
}

async function smallestFixed(
	experiment: Experiment,
	results: readonly ReplicationResult[],
	playFixed: (replicas: number) => Promise<readonly RunAccount[]>,
): Promise<{replicas: number; runs: readonly RunAccount[]} | undefined> {
	const {fixed, workload} = experiment;
	const objective = {slo: objectiveOf(experiment, results), timeoutSeconds: workload.timeout};
	const known = new Map<number, readonly RunAccount[]>();
	if (fixed !== undefined) {
		known.set(
			fixed.replicas,
			results.map(result => result.fixed!),
		);
	}

	const replicas = await smallestEnough(mostPods(experiment), async count => {
		const runs = known.get(count) ?? (await playFixed(count));
		known.set(count, runs);
		return meetsSlo(
			runs.map(({requests}) => requests),
			objective,
		);
	});
	return replicas === undefined ? undefined : {replicas, runs: known.get(replicas)!};
}

/** The experiment's objective; without one, the availability that the dynamic arm has. */
function objectiveOf({slo}: Experiment, results: readonly ReplicationResult[]): Slo {
	if (hasBounds(slo)) {
		return slo;
	}

	const sum = results.reduce((total, {dynamic}) => total + dynamic.requests.availability, 0);
	return {availability: sum / results.length};
}
