import type {ControllerConfig} from '../autoscaler/reconcile.ts';
import type {Experiment} from '../experiment/experiment.ts';
import {type RequestBlocks, Schedule} from '../experiment/schedule.ts';
import {llmWithin} from '../experiment/threads.ts';
import {simulate} from '../simulator/simulate.ts';
import {type CandidateFigures, figuresOf} from './figures.ts';
import type {Scaling} from './scaling.ts';

type EvaluationInput = {
	readonly replication: number;
	/** The replication's requests, if they have been drawn already. */
	readonly schedule?: RequestBlocks | undefined;
	readonly controller: ControllerConfig;
};

/** The experiment with another scaling. */
export function scaled(experiment: Experiment, {autoscaler, containers}: Scaling): Experiment {
	const {deployment} = experiment;
	return {...experiment, autoscaler, deployment: {...deployment, containers, llm: llmWithin(deployment, containers)}};
}

/** Replication whose requests every replay of an experiment sends. */
const replayedReplication = 0;

/**
 * Evaluates a candidate as replays may turn out: runs of its autoscaled arm with exactly the replayed requests, one a
 * replication. Only the other draws differ.
 */
export function* evaluateAsReplayed(
	experiment: Experiment,
	{replications, controller}: {readonly replications: number; readonly controller: ControllerConfig},
): Generator<CandidateFigures> {
	const isOpen = experiment.workload.loop === 'open';
	const schedule = isOpen ? new Schedule(experiment, replayedReplication) : undefined;
	for (let replication = 0; replication < replications; replication++) {
		const options = {replication, arm: 'dynamic', schedule, usersOf: replayedReplication} as const;
		yield figuresOf(experiment, simulate(experiment, {...options, isRecorded: false, controller}));
	}
}

/** Evaluates one replication of one candidate: the autoscaled arm alone. */
export function evaluateCandidate(
	experiment: Experiment,
	scaling: Scaling,
	{replication, schedule, controller}: EvaluationInput,
): CandidateFigures {
	const changed = scaled(experiment, scaling);
	const requests =
		schedule ?? (experiment.workload.loop === 'open' ? new Schedule(experiment, replication) : undefined);
	const run = simulate(changed, {replication, arm: 'dynamic', schedule: requests, isRecorded: false, controller});
	return figuresOf(changed, run);
}
