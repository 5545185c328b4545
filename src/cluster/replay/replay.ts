import {rmSync} from 'node:fs';
import {join} from 'node:path';
import {UserError} from '../../errors.ts';
import type {Experiment} from '../../experiment/experiment.ts';
import type {Arm} from '../../records/record.ts';
import {program} from '../../store/disk/package.ts';
import {makeScratch} from '../../store/disk/write-atomically.ts';
import type {Cluster} from '../setup/cluster.ts';
import {controllerDifferences} from '../setup/controller-settings.ts';
import {deleteKindCluster} from '../setup/kind-cluster.ts';
import {keepJournal} from './keep-journal.ts';
import {recordHead} from './keep-measured.ts';
import {rescuePartial} from './partial.ts';
import type {Place} from './prepare.ts';
import {RealEngine} from './real-engine.ts';
import type {ReadyEngine, ReplayEngine} from './replay-engine.ts';
import type {ReplayRun} from './replay-run.ts';
import {type OnStepProgress, runSteps} from './step.ts';

export type RunsOptions = {
	readonly place: Place;
	/** Means by which the runs are replayed; real pods when left out. */
	readonly engine?: ReplayEngine;
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
type Folders = Pick<RunsOptions, 'out' | 'folderOf' | 'engine'>;

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
	const {keeps, signal, onProgress, engine = new RealEngine()} = options;
	const scratch = makeScratch();
	let cluster: Cluster | undefined;
	try {
		let prepared: {readonly needs: string; readonly by: ReadyEngine} | undefined;
		for (const run of runs) {
			if (!isPending(run, options)) {
				continue;
			}

			const needs = engine.needsOf(run);
			if (prepared?.needs !== needs) {
				const by = await engine.prepare(run, {
					...options,
					scratch,
					onCluster(found) {
						cluster = {...found, isOurs: found.isOurs || cluster?.isOurs === true};
					},
				});
				prepared = {needs, by};
			}

			await replayOnce(run, prepared.by, options);
		}
	} finally {
		await leave(cluster, {keeps, engine}).catch((error: Error) => onProgress({doing: error.message, isOver: true}));
		rmSync(scratch, {recursive: true, force: true});
	}

	signal.throwIfAborted();
}

/** Whether a run is not there yet, or was found invalid. */
function isPending(run: ReplayRun, options: RunsOptions): boolean {
	const folder = folderOf(run, options);
	refuseOtherEngine(folder, kindOf(options));
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
	return head?.engine === kindOf(folders) && head.experiment.hash === run.experiment.hash && head.validity.valid;
}

/** Engine that a run's record names. */
function kindOf({engine}: Pick<RunsOptions, 'engine'>): ReplayEngine['kind'] {
	return engine?.kind ?? 'measured';
}

/** @throws {UserError} E_USAGE when the record in a folder is of another engine: nothing replaces it */
function refuseOtherEngine(folder: string, kind: ReplayEngine['kind']): void {
	const there = recordHead(folder)?.engine;
	if (there !== undefined && there !== kind) {
		throw new UserError('E_USAGE', `Expected no ${there} record in ${folder}, got one: --out names another folder`);
	}
}

/** Folder of a run's record. */
export function folderOf({experiment, arm, repeat}: ReplayRun, {out, folderOf: nameOf}: Folders): string {
	return join(out, nameOf(experiment), `${arm}-${repeat}`);
}

/** Replays once, from a clean start to a written record. The measurements are written even if it breaks off. */
async function replayOnce(run: ReplayRun, ready: ReadyEngine, options: RunsOptions): Promise<void> {
	const {signal, onProgress, version, probes = true} = options;
	const folder = folderOf(run, options);
	const {models} = ready;
	const {experiment, arm} = run;
	const notes = [...controllerDifferences(experiment, {arm, cluster: ready.controller}), ...ready.notesOf(run)];
	for (const note of notes) {
		onProgress({doing: folder, detail: note, isOver: true});
	}

	const {commit} = program();
	const versions = {replicast: version, ...(commit !== undefined && {replicastCommit: commit}), ...ready.versions};
	await keepJournal(
		folder,
		{...run, engine: kindOf(options), versions, models, notes},
		{
			signal,
			onProgress,
			replay: async (journal, signal) => runSteps(ready.steps(run, {journal, signal, probes}), onProgress),
		},
	);
}

async function leave(
	cluster: Cluster | undefined,
	{keeps, engine}: {readonly keeps: boolean; readonly engine: ReplayEngine},
): Promise<void> {
	if (cluster === undefined) {
		return;
	}

	if (cluster.isOurs && !keeps) {
		await cluster.release?.();
		await deleteKindCluster(cluster.name);
	} else {
		await engine.leave(cluster, {keeps});
		await cluster.release?.();
	}

	cluster.api.close();
}
