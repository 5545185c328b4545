import {hasBounds, meetsSlo} from '../economics/meets-slo.ts';
import type {Experiment, Slo} from '../experiment/experiment.ts';
import {type Baseline, type ReplicationResult, smallestEnough} from '../forecast/forecast.ts';
import type {RunAccount} from '../records/run-account.ts';

/** Replications of an experiment that its baselines are played with. */
export const baselineReplications = 5;

/** Where both arms of a replication took more events, the baselines would take too long to be played unasked. */
export const mostEventsUnasked = 3_000_000;

type Play = (replication: number, baseline: Baseline) => Promise<RunAccount>;

/**
 * The results with the baselines of the first replications added: the smallest fixed number of pods that keeps the
 * objective, and the autoscaler without delay.
 *
 * @param results - of the replications, in their order
 * @param play - runs one replication of a baseline
 */
export async function withBaselines(
	experiment: Experiment,
	results: readonly ReplicationResult[],
	play: Play,
): Promise<ReplicationResult[]> {
	const some = results.slice(0, baselineReplications);
	const all = async (baseline: Baseline) => Promise.all(some.map(async ({replication}) => play(replication, baseline)));
	const isScaled = experiment.autoscaler !== 'none';
	const [ideal, smallest] = await Promise.all([
		isScaled ? all({kind: 'ideal'}) : [],
		smallestFixed(experiment, some, async replicas => all({kind: 'fixed', replicas})),
	]);
	return results.map((result, index) => ({
		...result,
		...(index < some.length && {
			baselines: {
				...(ideal[index] !== undefined && {ideal: ideal[index]}),
				...(smallest !== undefined && {smallest: {replicas: smallest.replicas, run: smallest.runs[index]!}}),
			},
		}),
	}));
}

async function smallestFixed(
	experiment: Experiment,
	results: readonly ReplicationResult[],
	playFixed: (replicas: number) => Promise<readonly RunAccount[]>,
): Promise<{replicas: number; runs: readonly RunAccount[]} | undefined> {
	const {autoscaler, fixed, deployment} = experiment;
	const slo = objectiveOf(experiment, results);
	const known = new Map<number, readonly RunAccount[]>();
	if (fixed !== undefined) {
		known.set(
			fixed.replicas,
			results.map(result => result.fixed!),
		);
	}

	const most = Math.max(
		fixed?.replicas ?? 1,
		autoscaler === 'none' ? (deployment.replicas ?? 1) : autoscaler.maxReplicas,
	);
	const replicas = await smallestEnough(most, async count => {
		const runs = known.get(count) ?? (await playFixed(count));
		known.set(count, runs);
		return meetsSlo(
			runs.map(({requests}) => requests),
			slo,
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
