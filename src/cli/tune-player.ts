import {hostname} from 'node:os';
import {resolve} from 'node:path';
import process from 'node:process';
import type {ControllerConfig} from '../autoscaler/reconcile.ts';
import type {JobOptions} from '../cluster/jobs/job-options.ts';
import {KubeRefusal} from '../cluster/kube-get.ts';
import type {RunSteps} from '../cluster/step.ts';
import {UserError} from '../errors.ts';
import type {Experiment} from '../experiment/experiment.ts';
import {CandidatePlayer, type PlayOptions} from '../parallel/play-candidates.ts';
import {digestOf} from '../shards/sealed.ts';
import type {Task} from '../tune/budgeted-runs.ts';
import type {Figures} from '../tune/figures.ts';
import {jobOptionsOf, smallestJobOf} from './tune-cluster-options.ts';
import type {TuneCommandOptions} from './tune-options.ts';

/** Whoever plays the runs of a search. */
export type TunePlayer = {
	readonly play: (tasks: readonly Task[], options: PlayOptions) => Promise<readonly Figures[]>;
	readonly close: () => Promise<void>;
};

export type TunePlayerOptions = {
	readonly options: TuneCommandOptions;
	readonly experiment: Experiment;
	readonly controller: ControllerConfig;
	/** Of the results. */
	readonly folder: string;
	readonly signal: AbortSignal;
};

/** Threads of this machine, or a cluster that has been made ready. */
export async function openPlayer(given: TunePlayerOptions): Promise<TunePlayer> {
	const jobs = jobOptionsOf(given.options);
	return jobs === undefined ? localPlayer(given) : clusterPlayer(given, jobs);
}

function localPlayer({options, experiment, controller}: TunePlayerOptions): TunePlayer {
	const player = new CandidatePlayer({experiment, controller, workers: options.workers});
	return {play: async (tasks, playing) => player.play(tasks, playing), close: async () => player.close()};
}

async function clusterPlayer(given: TunePlayerOptions, jobs: JobOptions): Promise<TunePlayer> {
	const {options, experiment, controller, folder, signal} = given;
	const [{examine, refuseWithout, thisMachine}, {openSite}, {ClusterPlayer}] = await Promise.all([
		import('../cluster/machine/doctor.ts'),
		import('../cluster/jobs/open-site.ts'),
		import('../cluster/jobs/cluster-player.ts'),
	]);
	refuseWithout(await examine(thisMachine(), {isElsewhere: jobs.place.kind === 'foreign'}), 'tuning on Kubernetes');
	const {stderr} = process;
	const say = (line: string) => stderr.write(`${stderr.isTTY ? '\r\u001B[K' : ''}${line}\n`);
	const setup = {experiment, controller};
	const search = searchName(folder);
	const site = await openSite({...jobs, search, setup, signal, runSteps: runStepsBy(say), say}).catch(throwUserFault);
	const player = new ClusterPlayer(site);
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
