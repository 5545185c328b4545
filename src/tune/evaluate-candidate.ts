import type {ControllerConfig} from '../autoscaler/reconcile.ts';
import {drawConditions, uncertaintyOf} from '../experiment/conditions/draw-conditions.ts';
import {underConditions} from '../experiment/conditions/under-conditions.ts';
import type {Experiment, ServiceModel} from '../experiment/experiment.ts';
import {type RequestBlocks, Schedule} from '../experiment/schedule.ts';
import {llmWithin} from '../experiment/threads.ts';
import {simulate} from '../simulator/simulate.ts';
import {type CandidateFigures, figuresOf} from './figures.ts';
import {type Scaling, servingWith} from './scaling.ts';

type EvaluationInput = {
	readonly replication: number;
	/** The replication's requests, if they have been drawn already. */
	readonly schedule?: RequestBlocks | undefined;
	readonly controller: ControllerConfig;
};

/** The experiment with another scaling. */
export function scaled(experiment: Experiment, {autoscaler, keda, containers, nodes, serving}: Scaling): Experiment {
	const {deployment: own, keda: _, ...rest} = experiment;
	const scaledBy = {autoscaler, ...(keda !== undefined && {keda}), ...(nodes !== undefined && {nodeAutoscaler: nodes})};
	const deployment = serving === undefined ? own : servingWith(own, serving);
	return {...rest, ...scaledBy, deployment: {...deployment, containers, llm: llmWithin(deployment, containers)}};
}

/**
 * The experiment as one replication finds it: with a machine, coefficients and a load that are drawn where their
 * distribution is given. All candidates find the same.
 */
export function asFound(experiment: Experiment, replication: number): Experiment {
	return uncertaintyOf(experiment).length === 0
		? experiment
		: underConditions(experiment, drawConditions(experiment, replication));
}

/** The experiment with its machine, coefficients and load as they most likely are, in every replication. */
export function asLikeliest(experiment: Experiment): Experiment {
	const {deployment, workload} = experiment;
	const {uncertainty: _, ...certain} = workload;
	return {
		...experiment,
		workload: certain as Experiment['workload'],
		deployment: {...deployment, service: withoutSpread(deployment.service)},
	};
}

function withoutSpread(service: ServiceModel): ServiceModel {
	if (service.kind === 'time') {
		return service;
	}

	const {variation: _, ...known} = service;
	if (known.kind !== 'work') {
		return known;
	}

	const {spread: __, ...work} = known;
	return work;
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

/** Evaluates one replication of one candidate, as it is found: the autoscaled arm alone. */
export function evaluateCandidate(
	experiment: Experiment,
	scaling: Scaling,
	{replication, schedule, controller}: EvaluationInput,
): CandidateFigures {
	const changed = scaled(asFound(experiment, replication), scaling);
	const requests = schedule ?? scheduleOf(changed, replication);
	const run = simulate(changed, {replication, arm: 'dynamic', schedule: requests, isRecorded: false, controller});
	return figuresOf(changed, run);
}

/** Requests of a replication of an experiment that is as it is found; undefined where users send them. */
export function scheduleOf(found: Experiment, replication: number): Schedule | undefined {
	return found.workload.loop === 'open' ? new Schedule(found, replication) : undefined;
}
