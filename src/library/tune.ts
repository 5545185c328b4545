import {hostname} from 'node:os';
import {join, resolve} from 'node:path';
import process from 'node:process';
import {controllerConfig} from '../autoscaler/contracts.ts';
import {kubectlYaml} from '../autoscaler/kubectl-yaml.ts';
import type {ControllerConfig} from '../autoscaler/reconcile.ts';
import type {TuneCommandOptions} from '../cli/commands/tune.ts';
import {jobOptionsOf, smallestJobOf} from '../cli/commands/tune-cluster-options.ts';
import {KubeRefusal} from '../cluster/api/kube-api.ts';
import {claimObjects, type JobNames, namespaceObject, shardJob} from '../cluster/jobs/job-objects.ts';
import type {JobOptions} from '../cluster/jobs/job-options.ts';
import {digestOf} from '../cluster/jobs/pod/shard-work.ts';
import {planShardImage, shardProgram} from '../cluster/jobs/shard-image.ts';
import type {RunSteps} from '../cluster/replay/step.ts';
import {UserError} from '../errors.ts';
import type {Experiment} from '../experiment/experiment.ts';
import {estimate} from '../statistics/estimate.ts';
import {version} from '../store/disk/package.ts';
import {FinishedRuns} from '../store/results/finished-runs.ts';
import {readTuningDocument} from '../store/results/read-tuning.ts';
import type {Task} from '../tune/budgeted-runs.ts';
import type {CandidateFigures} from '../tune/figures.ts';
import {candidateNamed} from '../tune/given-candidates.ts';
import type {TuneGoal} from '../tune/goal.ts';
import {runKey} from '../tune/scaling.ts';
import type {Space} from '../tune/space.ts';
import {type Tuning, type TuningCandidate, tuningOf} from '../tune/tuning.ts';
import {CandidatePool, type EvaluateOptions} from './pool/candidate-pool.ts';

/** Whoever plays the runs of a search. */
export type Evaluator = {
	readonly play: (tasks: readonly Task[], options: EvaluateOptions) => Promise<readonly CandidateFigures[]>;
	readonly close: () => Promise<void>;
};

export type EvaluatorOptions = {
	readonly options: TuneCommandOptions;
	readonly experiment: Experiment;
	readonly controller: ControllerConfig;
	/** Of the results. */
	readonly folder: string;
	readonly signal: AbortSignal;
};

/** Threads of this machine, or a cluster that has been made ready. */
export async function openEvaluator(given: EvaluatorOptions): Promise<Evaluator> {
	const jobs = jobOptionsOf(given.options);
	return jobs === undefined ? localPlayer(given) : clusterPlayer(given, jobs);
}

function localPlayer({options, experiment, controller}: EvaluatorOptions): Evaluator {
	const player = new CandidatePool({experiment, controller, workers: options.workers});
	return {play: async (tasks, playing) => player.play(tasks, playing), close: async () => player.close()};
}

async function clusterPlayer(given: EvaluatorOptions, jobs: JobOptions): Promise<Evaluator> {
	const {options, experiment, controller, folder, signal} = given;
	const [{examine, refuseWithout, thisMachine}, {openSite}, {JobEvaluator}] = await Promise.all([
		import('../cluster/machine/doctor.ts'),
		import('../cluster/jobs/open-site.ts'),
		import('../cluster/jobs/job-evaluator.ts'),
	]);
	refuseWithout(await examine(thisMachine(), {isElsewhere: jobs.place.kind === 'foreign'}), 'tuning on Kubernetes');
	const {stderr} = process;
	const say = (line: string) => stderr.write(`${stderr.isTTY ? '\r\u001B[K' : ''}${line}\n`);
	const setup = {experiment, controller};
	const search = searchName(folder);
	const site = await openSite({...jobs, search, setup, signal, runSteps: runStepsBy(say), say}).catch(throwUserFault);
	const player = new JobEvaluator(site);
	const fewest = smallestJobOf(options);
	const local = fewest > 1 ? localPlayer(given) : undefined;
	return {
		play: async (tasks, playing) =>
			local && tasks.length < fewest ? local.play(tasks, playing) : player.play(tasks, playing).catch(throwUserFault),
		async close() {
			await local?.close();
			await site.close();
		},
	};
}

/** What the API refuses is for whoever runs the cluster to allow. */
function throwUserFault(error: unknown): never {
	throw error instanceof KubeRefusal
		? new UserError('E_CLUSTER', `Expected the cluster to allow the Jobs of a search, got ${error.message}`, {
				cause: error,
			})
		: error;
}

/** The same for the same folder of the same machine, so that a command finds what the one before it left. */
export function searchName(folder: string): string {
	return `tune-${digestOf(`${hostname()} ${resolve(folder)}`).slice(0, 10)}`;
}

/** Steps as lines, each when it is done. */
function runStepsBy(say: (line: string) => void): RunSteps {
	return async steps => {
		for (const {title, run} of steps) {
			const result = await run(text => say(`${title}: ${text}`));
			say(result === undefined ? title : `${title}: ${result}`);
		}
	};
}

/** What a tuning is asked with, beside its budget. */
export type Asked = {readonly goal: TuneGoal; readonly folder: string};

/** The runs of a space that are finished, in the folder of its tuning. */
export function openFinishedRuns({experiment}: Space, {folder}: Omit<Asked, 'goal'>): FinishedRuns {
	const controller = controllerConfig(experiment);
	return FinishedRuns.open(join(folder, 'runs.ndjson'), runKey(experiment, {controller, version: version()}));
}

/** The tuning that an earlier command finished; nothing when it was asked something else, or ended early. */
export function finishedTuning(space: Space, asked: Asked): Tuning | undefined {
	const document = readTuningDocument(join(asked.folder, 'tune.json'));
	const tuning = document && tuningOf(document, space);
	const {experiment} = space;
	const isOfThis =
		tuning !== undefined &&
		tuning.end !== 'interrupted' &&
		tuning.seed === experiment.seed &&
		document?.experiment.hash === experiment.hash &&
		document.kubernetes === controllerConfig(experiment).kubernetes &&
		document.replications === experiment.replications &&
		textOf(tuning.goal) === textOf(asked.goal);
	return isOfThis && comesOfRuns(space, tuning, asked) ? tuning : undefined;
}

function textOf({minimize, constraints}: TuneGoal): string {
	return [minimize, ...constraints.map(({text}) => text)].join(' ');
}

/** Whether its figures are those of the finished runs: models and prices, which no hash covers, are then the same. */
function comesOfRuns(space: Space, {candidates}: Tuning, asked: Asked): boolean {
	const finished = openFinishedRuns(space, asked);
	try {
		return candidates
			.filter(({recommended, present}) => recommended || present)
			.every(one => one.heldOut && one.costPerHour.mean === costOf(space, one, finished));
	} finally {
		finished.close();
	}
}

function costOf(space: Space, one: TuningCandidate, finished: FinishedRuns): number | null {
	const candidate = candidateNamed(space, one);
	const costs = Array.from({length: one.replications}, (_, replication) => {
		return candidate && finished.find(candidate.id, replication)?.costPerHour;
	});
	return estimate(costs.map(cost => cost ?? Number.NaN)).mean;
}

/** Stands for the number of shards where it is only known from the nodes. */
const someShards = 4;

/** What `tune --on kubernetes` would apply, as YAML documents: one Job stands for that of each batch. */
export async function printJobManifests(options: JobOptions, folder: string): Promise<string> {
	const {namespace, memory, claim, shards = someShards} = options;
	await shardProgram();
	const image = options.image ?? (await planShardImage()).image;
	const names: JobNames = {namespace, search: searchName(folder), image, memory, claim};
	const job = shardJob(names, {batch: '0001', shards});
	const documents = [namespaceObject(namespace), ...claimObjects(names), job];
	return documents.map(document => kubectlYaml(document)).join('---\n');
}
