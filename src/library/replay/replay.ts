import {join} from 'node:path';
import {EmulatedEngine} from '../../cluster/emulated/emulated-engine.ts';
import {examine, refuseWithout, thisMachine} from '../../cluster/machine/doctor.ts';
import type {Place} from '../../cluster/replay/prepare.ts';
import {areMeasured, type RunsOptions, replayRuns, replayRunsOf} from '../../cluster/replay/replay.ts';
import type {ReplayRun} from '../../cluster/replay/replay-run.ts';
import type {Experiment} from '../../experiment/experiment.ts';
import {summarize} from '../../forecast/summarize.ts';
import type {Summary} from '../../forecast/summary.ts';
import {readAccount} from '../../records/read-account.ts';
import type {Timeline} from '../../records/replica-line.ts';
import {replayAnswer} from '../../report/answers/replay-answer.ts';
import type {RunCharts} from '../../report/charts/run-charts.ts';
import {version} from '../../store/disk/package.ts';
import {refuseUnwritable} from '../../store/disk/refuse-unwritable.ts';
import {writeFileAtomically} from '../../store/disk/write-atomically.ts';
import {type FoundRecord, findRecords} from '../../store/records/find-records.ts';
import {readRecord} from '../../store/records/read-record.ts';
import {readRepeats} from '../audit.ts';
import type {WantedCharts} from '../draw-forecast-page.ts';
import type {UseCaseOptions} from '../use-case.ts';
import {type ReplaySubject, readReplaySubject, refuseStrangeKeda, refuseUnfit} from './replay-subject.ts';

export type {Place} from '../../cluster/replay/prepare.ts';
export {replayManifests, usualPlace} from './replay-subject.ts';

type MeasureOptions = UseCaseOptions &
	Pick<RunsOptions, 'out' | 'folderOf' | 'probes' | 'engine'> & {
		readonly place: Place;
		/** Leaves a cluster that was made for this where it is. */
		readonly keeps: boolean;
	};

/**
 * Replays runs on a cluster and writes their records; existing valid ones are not measured again. Where all exist, the
 * machine needs no cluster.
 *
 * @throws the signal's reason after an interruption: the records of the measured runs are written
 */
export async function measureOnCluster(runs: readonly ReplayRun[], options: MeasureOptions): Promise<void> {
	const {place, signal = new AbortController().signal, onProgress = () => undefined} = options;
	await refuseStrangeKeda(place);
	for (const {experiment, arm} of runs) {
		refuseUnfit(experiment, [arm], {place, on: options.engine?.kind === 'emulated' ? 'kwok' : 'kind'});
	}

	if (!areMeasured(runs, options)) {
		refuseWithout(await examine(thisMachine(), {isElsewhere: place.kind === 'foreign'}));
	}

	await replayRuns(runs, {...options, version: version(), signal, onProgress});
}

export type ReplayOptions = ReplaySubject &
	UseCaseOptions & {
		/** Records wanted of each arm; 1 when left out. */
		readonly repeats?: number;
		/** Image of KWOK; the published one of v0.8.0 when left out. */
		readonly kwokImage?: string | undefined;
		/** Image of Karpenter's provider for KWOK, for an experiment with NodePools; `karpenter-kwok:v1.14.1` when left out. */
		readonly karpenterImage?: string | undefined;
		/** Folder for the records; `reports/measured`, or `reports/emulated` on KWOK, when left out. */
		readonly out?: string;
		/** Leaves a cluster that was made for this where it is. */
		readonly keeps?: boolean;
		/** Whether each run measures the speed of an idle pod before and after its load; it does when left out. */
		readonly probes?: boolean;
		/** Whether to write a page with charts for each experiment. */
		readonly html?: boolean;
		/** Charts of the measured runs that are written alone, too. */
		readonly charts?: WantedCharts | undefined;
	};

/** Record of the dynamic arm, and the replicas over time that it shows. */
type ReplayedTimeline = {readonly folder: string; readonly timeline: Timeline};

/** Result of replaying one experiment. */
export type ReplayedExperiment = {
	readonly experiment: Experiment;
	/** Answer in sentences: figures that were measured, whether they are valid, the next command. */
	readonly answer: readonly string[];
	/** Folder of the records. */
	readonly folder: string;
	/** Records of the dynamic arm that are there now, valid or not. */
	readonly timelines: readonly ReplayedTimeline[];
	/** Path of the page; undefined when none was asked for, or no valid record is there to fill it. */
	readonly page?: string;
};

/**
 * Replays experiment files on a real cluster and writes measured records; existing valid ones are not measured again.
 *
 * @returns the results in the order of the files
 * @throws {UserError} when a file is faulty, an experiment cannot be replayed, or the machine lacks something
 * @throws the signal's reason after an interruption: the records of what was measured are written
 */
export async function replay(files: readonly string[], options: ReplayOptions = {}): Promise<ReplayedExperiment[]> {
	const {experiments, folders, arms, place, on} = await readReplaySubject(files, options);
	const engine =
		on === 'kwok'
			? new EmulatedEngine({kwokImage: options.kwokImage, karpenterImage: options.karpenterImage})
			: undefined;
	const kind = engine?.kind ?? 'measured';
	const {repeats = 1, out = join('reports', kind), keeps = false, html = false, charts} = options;
	if (charts !== undefined) {
		refuseUnwritable(charts.folder, []);
	}

	await measureOnCluster(replayRunsOf(experiments, {arms, repeats}), {
		...options,
		place,
		keeps,
		out,
		...(engine !== undefined && {engine}),
		folderOf: experiment => folders[experiments.indexOf(experiment)]!,
	});
	const results: ReplayedExperiment[] = [];
	for (const [index, experiment] of experiments.entries()) {
		const folder = join(out, folders[index]!);
		const records = (await recordsOf(folder, experiment)).filter(({head}) => head.engine === kind);
		const page = html ? await writeMeasuredPage(folder, experiment, records) : undefined;
		if (charts !== undefined) {
			await writeMeasuredCharts(experiment, records, {...charts, name: folders[index]!});
		}

		const timelines = await readTimelines(experiment, records);
		const summary = await measuredSummary(experiment, records);
		const answer = replayAnswer({experiment, file: files[index]!, folder, records, summary});
		results.push({experiment, answer, folder, timelines, ...(page !== undefined && {page})});
	}

	return results;
}

async function recordsOf(folder: string, experiment: Experiment): Promise<FoundRecord[]> {
	return (await findRecords(folder)).filter(({head}) => head.experiment.hash === experiment.hash);
}

async function readTimelines(experiment: Experiment, records: readonly FoundRecord[]): Promise<ReplayedTimeline[]> {
	const timelines: ReplayedTimeline[] = [];
	for (const {folder} of records.filter(({head}) => head.arm === 'dynamic')) {
		timelines.push({folder, timeline: readAccount(await readRecord(folder), experiment).timeline});
	}

	return timelines;
}

/** Summary of the valid measured records; undefined where none is of the dynamic arm. */
async function measuredSummary(experiment: Experiment, all: readonly FoundRecord[]): Promise<Summary | undefined> {
	const valid = all.filter(({head}) => head.validity.valid);
	const runs = await readRepeats(experiment, valid);
	return runs.length === 0 ? undefined : summarize(experiment, runs);
}

/**
 * Writes the page of the measured records that passed their own check.
 *
 * @returns its path; undefined when there is no such record of the dynamic arm
 */
async function writeMeasuredPage(
	folder: string,
	experiment: Experiment,
	all: readonly FoundRecord[],
): Promise<string | undefined> {
	const measured = await measuredRuns(experiment, all);
	if (measured === undefined) {
		return undefined;
	}

	const {drawForecastPage} = await import('../draw-forecast-page.ts'); // loaded only where a page is asked for: it is large
	const path = join(folder, 'report.html');
	writeFileAtomically(path, await drawForecastPage(measured));
	return path;
}

async function writeMeasuredCharts(
	experiment: Experiment,
	records: readonly FoundRecord[],
	{name, ...wanted}: WantedCharts & {readonly name: string},
): Promise<void> {
	const measured = await measuredRuns(experiment, records);
	if (measured !== undefined) {
		const [{writeCharts}, {runCharts}] = await Promise.all([
			import('../draw-forecast-page.ts'),
			import('../../report/charts/run-charts.ts'),
		]);
		await writeCharts(runCharts(measured), name, wanted);
	}
}

/** Runs of the measured records that passed their own check; undefined when there is none of the dynamic arm. */
async function measuredRuns(experiment: Experiment, all: readonly FoundRecord[]): Promise<RunCharts | undefined> {
	const records = all.filter(({head}) => head.validity.valid);
	const dynamic = records.filter(({head}) => head.arm === 'dynamic');
	const [first] = dynamic;
	if (first === undefined) {
		return undefined;
	}

	const runs = await readRepeats(experiment, records);
	return {
		experiment,
		summary: summarize(experiment, runs),
		evidence: 'measured',
		timelines: new Map(runs.map((run, index) => [dynamic[index]!.folder, run.dynamic.timeline])),
		dynamic: await readRecord(first.folder),
	};
}
