import {rmSync} from 'node:fs';
import {join} from 'node:path';
import type {Experiment} from '../../experiment/experiment.ts';
import type {Arm} from '../../records/record.ts';
import {program} from '../../store/disk/package.ts';
import {makeScratch} from '../../store/disk/write-atomically.ts';
import {removeKeda} from '../keda/install-keda.ts';
import {removePrometheus} from '../keda/install-prometheus.ts';
import {needsKeda} from '../keda/needs.ts';
import {removeWorkload} from '../setup/apply.ts';
import type {Cluster} from '../setup/cluster.ts';
import {controllerDifferences} from '../setup/controller-settings.ts';
import {deleteKindCluster} from '../setup/kind-cluster.ts';
import {keepJournal} from './keep-journal.ts';
import {recordHead} from './keep-measured.ts';
import {rescuePartial} from './partial.ts';
import {type Place, type Prepared, prepare} from './prepare.ts';
import {type ReplayRun, replaySteps} from './replay-steps.ts';
import {type OnStepProgress, runSteps} from './step.ts';

export type RunsOptions = {
	readonly place: Place;
	/** Leaves a cluster that was made for this where it is. */
	readonly keeps: boolean;
	readonly out: string;
	/** Name of the experiment's folder in `out`. */
	readonly folderOf: (experiment: Experiment) => string;
	/** Version of this package, for the records. */
	readonly version: string;
	/** Whether each run measures the speed of an idle pod before and after its load; it does when left out. */
	readonly probes?: boolean;
	readonly signal: AbortSignal;
	readonly onProgress: OnStepProgress;
};

/** Folders of all records, and of one experiment's. */
type Folders = Pick<RunsOptions, 'out' | 'folderOf'>;

/** The runs that replay experiments, repeat by repeat and arm by arm. */
export function replayRunsOf(
	experiments: readonly Experiment[],
	{arms, repeats}: {readonly arms: readonly Arm[]; readonly repeats: number},
): ReplayRun[] {
	const numbers = Array.from({length: repeats}, (_, repeat) => repeat);
	return experiments.flatMap(experiment => numbers.flatMap(repeat => arms.map(arm => ({experiment, arm, repeat}))));
}

/** Whether every run has a valid record. */
export function areMeasured(runs: readonly ReplayRun[], folders: Folders): boolean {
	return runs.every(run => isMeasured(run, folders));
}

/** Makes each run in turn; one that is already measured is not measured again. */
export async function replayRuns(runs: readonly ReplayRun[], options: RunsOptions): Promise<void> {
	const {keeps, signal, onProgress} = options;
	const scratch = makeScratch();
	let cluster: Cluster | undefined;
	let hasInstalledKeda = false;
	try {
		let prepared: {readonly needs: string; readonly by: Prepared} | undefined;
		for (const run of runs) {
			if (!isPending(run, options)) {
				continue;
			}

			const {model, container} = run.experiment.deployment.llm;
			const needs = `${container} ${model}${needsKeda(run.experiment, run.arm) ? ' with KEDA' : ''}`;
			if (prepared?.needs !== needs) {
				const by = await prepare(run, {
					...options,
					scratch,
					onCluster(found) {
						cluster = {...found, isOurs: found.isOurs || cluster?.isOurs === true};
					},
					onKeda() {
						hasInstalledKeda = true;
					},
				});
				prepared = {needs, by};
			}

			await replayOnce(run, prepared.by, options);
		}
	} finally {
		await leave(cluster, {keeps, keda: hasInstalledKeda ? options.place : undefined}).catch((error: Error) =>
			onProgress({doing: error.message, isOver: true}),
		);
		rmSync(scratch, {recursive: true, force: true});
	}

	signal.throwIfAborted();
}

/** Whether a run is not there yet, or was found invalid. */
function isPending(run: ReplayRun, options: RunsOptions): boolean {
	const folder = folderOf(run, options);
	if (rescuePartial(folder, run)) {
		options.onProgress({doing: folder, detail: 'kept what a killed replay left', isOver: true});
	}

	const isThere = isMeasured(run, options);
	if (isThere) {
		options.onProgress({doing: folder, detail: 'already measured', isOver: true});
	}

	return !isThere;
}

function isMeasured(run: ReplayRun, folders: Folders): boolean {
	const head = recordHead(folderOf(run, folders));
	return head?.experiment.hash === run.experiment.hash && head.validity.valid;
}

/** Folder of a run's record. */
export function folderOf({experiment, arm, repeat}: ReplayRun, {out, folderOf: nameOf}: Folders): string {
	return join(out, nameOf(experiment), `${arm}-${repeat}`);
}

/** Replays once, from a clean start to a written record. The measurements are written even if it breaks off. */
async function replayOnce(run: ReplayRun, prepared: Prepared, options: RunsOptions): Promise<void> {
	const {signal, onProgress, version, probes = true} = options;
	const folder = folderOf(run, options);
	const {versions, models} = prepared.software;
	const {experiment, arm} = run;
	const notes = controllerDifferences(experiment, {arm, cluster: prepared.software.controller});
	for (const note of notes) {
		onProgress({doing: folder, detail: note, isOver: true});
	}

	const {commit} = program();
	const software = {replicast: version, ...(commit !== undefined && {replicastCommit: commit}), ...versions};
	const replayed = {...run, versions: {...software, ...imageVersions(prepared)}, models, notes};
	await keepJournal(folder, replayed, {
		signal,
		onProgress,
		replay: async (journal, signal) => runSteps(replaySteps(run, {prepared, journal, signal, probes}), onProgress),
	});
}

type Leaving = {readonly keeps: boolean; readonly keda: Pick<Place, 'keda'> | undefined};

function imageVersions({images: {backend, ollama}}: Prepared): Record<string, string> {
	return {backendImage: backend, ollamaImage: ollama};
}

/** @param keda - where KEDA was installed for this: place of its manifest */
async function leave(cluster: Cluster | undefined, {keeps, keda}: Leaving): Promise<void> {
	if (cluster === undefined) {
		return;
	}

	if (cluster.isOurs && !keeps) {
		await cluster.release?.();
		await deleteKindCluster(cluster.name);
	} else {
		await removeWorkload(cluster, AbortSignal.timeout(60_000));
		if (keda !== undefined && !keeps) {
			await removePrometheus(cluster);
			await removeKeda(cluster, keda.keda);
		}

		await cluster.release?.();
	}

	cluster.api.close();
}
