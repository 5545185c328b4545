import {hostname} from 'node:os';
import {resolve} from 'node:path';
import {kubectlYaml} from '../autoscaler/kubectl-yaml.ts';
import {parseQuantity} from '../autoscaler/quantity.ts';
import type {ControllerConfig} from '../autoscaler/reconcile.ts';
import {KubeRefusal} from '../cluster/api/kube-api.ts';
import {claimObjects, type JobNames, namespaceObject, shardJob} from '../cluster/jobs/job-objects.ts';
import type {JobOptions} from '../cluster/jobs/job-options.ts';
import {digestOf} from '../cluster/jobs/pod/shard-work.ts';
import {planShardImage, shardProgram} from '../cluster/jobs/shard-image.ts';
import {UserError} from '../errors.ts';
import type {Experiment} from '../experiment/experiment.ts';
import type {Task} from '../tune/budgeted-runs.ts';
import type {CandidateFigures} from '../tune/figures.ts';
import {CandidatePool, type EvaluateOptions} from './pool/candidate-pool.ts';
import type {UseCaseOptions} from './use-case.ts';

/** Evaluates the candidates of a search. */
export type Evaluator = {
	readonly evaluate: (tasks: readonly Task[], options: EvaluateOptions) => Promise<readonly CandidateFigures[]>;
	readonly close: () => Promise<void>;
};

/** Jobs of a cluster that simulate the runs of a search. */
export type TuningJobs = JobOptions & {
	/** Fewest runs that are worth a Job; fewer are simulated on this machine. Default 1. */
	readonly smallestJob?: number;
};

type EvaluatorOptions = {
	readonly experiment: Experiment;
	readonly controller: ControllerConfig;
	/** Threads of this machine. */
	readonly workers: number;
	/** Without it, threads of this machine simulate. */
	readonly jobs?: TuningJobs | undefined;
	/** Folder of the results. */
	readonly folder: string;
	readonly signal: AbortSignal;
	readonly onProgress: NonNullable<UseCaseOptions['onProgress']>;
};

/** Opens an evaluator on threads of this machine, or on a cluster that it makes ready. */
export async function openEvaluator(options: EvaluatorOptions): Promise<Evaluator> {
	return options.jobs === undefined ? openThreads(options) : openJobs(options, options.jobs);
}

function openThreads(options: EvaluatorOptions): Evaluator {
	const pool = new CandidatePool(options);
	return {
		evaluate: async (tasks, evaluating) => pool.evaluate(tasks, evaluating),
		close: async () => pool.close(),
	};
}

async function openJobs(options: EvaluatorOptions, jobs: TuningJobs): Promise<Evaluator> {
	const {experiment, controller, folder, signal, onProgress} = options;
	const [{examine, refuseWithout, thisMachine}, {openSite}, {JobEvaluator}] = await Promise.all([
		import('../cluster/machine/doctor.ts'),
		import('../cluster/jobs/open-site.ts'),
		import('../cluster/jobs/job-evaluator.ts'),
	]);
	refuseWithout(await examine(thisMachine(), {isElsewhere: jobs.place.kind === 'foreign'}), 'tuning on Kubernetes');
	const site = await openSite({
		...jobs,
		search: searchName(folder),
		setup: {experiment, controller},
		signal,
		onProgress,
	}).catch(throwUserFault);
	const inJobs = new JobEvaluator(site);
	const {smallestJob = 1} = jobs;
	const onThreads = smallestJob > 1 ? openThreads(options) : undefined;
	return {
		evaluate: async (tasks, evaluating) =>
			onThreads && tasks.length < smallestJob
				? onThreads.evaluate(tasks, evaluating)
				: inJobs.evaluate(tasks, evaluating).catch(throwUserFault),
		async close() {
			await onThreads?.close();
			await site.close();
		},
	};
}

/** Refusals of the API are for the owner of the cluster to mend. */
function throwUserFault(error: unknown): never {
	throw error instanceof KubeRefusal
		? new UserError('E_CLUSTER', `Expected the cluster to allow the Jobs of a search, got ${error.message}`, {
				cause: error,
			})
		: error;
}

/** Name of a search: the same for the same folder of the same machine, so that a command finds what an earlier one left. */
export function searchName(folder: string): string {
	return `tune-${digestOf(`${hostname()} ${resolve(folder)}`).slice(0, 10)}`;
}

/** Number of shards where it is only known from the nodes. */
const someShards = 4;

/** Objects that a search in Jobs would apply, as YAML documents: one Job stands for that of each batch. */
export async function printJobManifests(options: JobOptions, folder: string): Promise<string> {
	const {namespace, memory, claim, shards = someShards} = options;
	await shardProgram();
	const image = options.image ?? (await planShardImage()).image;
	const names: JobNames = {namespace, search: searchName(folder), image, memory, claim};
	const job = shardJob(names, {batch: '0001', shards});
	const documents = [namespaceObject(namespace), ...claimObjects(names), job];
	return documents.map(document => kubectlYaml(document)).join('---\n');
}

/** Whether a text is a quantity of Kubernetes above 0. */
export function isPositiveQuantity(text: string): boolean {
	try {
		return parseQuantity(text) > 0;
	} catch {
		return false;
	}
}
