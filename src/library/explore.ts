import {readFile} from 'node:fs/promises';
import {basename, join} from 'node:path';
import {isMeasuredOf} from '../comparison/admit.ts';
import {UserError} from '../errors.ts';
import type {Experiment} from '../experiment/experiment.ts';
import {experimentTitle} from '../experiment/experiment.ts';
import {explorePage} from '../explorer/explore-page.ts';
import {type Explored, type ExploredTrace, encodeExplored, type MeasuredLine} from '../explorer/explored.ts';
import {loadTitle} from '../explorer/offered-load.ts';
import {eventsOf} from '../forecast/prediction/simulate-predicted.ts';
import {replicate} from '../forecast/replicate.ts';
import {standingOf} from '../forecast/standing/standing.ts';
import {summarize} from '../forecast/summarize.ts';
import {readAccount} from '../records/read-account.ts';
import type {RecordHead} from '../records/record.ts';
import {answerHeadline} from '../report/answer-lines.ts';
import {pageFonts} from '../report/drawing/typeface.ts';
import {describeSlo, formatDuration} from '../report/text/format.ts';
import {listShippedExperiments, packageRoot} from '../store/disk/package.ts';
import {writeFileAtomically} from '../store/disk/write-atomically.ts';
import {type ExperimentSource, type ReadOptions, readExperimentSource} from '../store/experiments/read-experiment.ts';
import {type FoundRecord, findRecords} from '../store/records/find-records.ts';
import {readRecord, readRecordHead} from '../store/records/read-record.ts';
import {findRecommended} from '../store/results/read-tuning.ts';
import {comparedPart, type KnownTuning} from '../tune/best-known.ts';
import {backTestPresent} from './back-test-present.ts';
import {withBestKnown} from './finish-forecast.ts';
import {simulateAll} from './forecast.ts';
import {definedChanges, type ExperimentChanges, nearPath, outputFolders, runWords} from './read-experiments.ts';
import type {UseCaseOptions} from './use-case.ts';

/** Requests of a trace beyond which a page would be too large to open. */
const mostRequests = 200_000;

/**
 * Reads the whole trace of an experiment, for a page that transforms it again; undefined when there is none.
 *
 * @throws {UserError} E_CONFIG when it is too long for a page
 */
export async function exploredTrace({trace}: ExperimentSource): Promise<ExploredTrace | undefined> {
	if (trace === undefined) {
		return undefined;
	}

	const {at, promptTokens, outputTokens, work, conversation} = await trace.read();
	if (at.length > mostRequests) {
		const rule = `a trace of at most ${mostRequests} requests, for it is put into the page`;
		throw new UserError('E_CONFIG', `Expected ${trace.file} to be ${rule}, got ${at.length}`);
	}

	const columns = {
		at: [...at],
		promptTokens: [...promptTokens],
		outputTokens: [...outputTokens],
		...(work && {work: {kind: work.kind, seconds: [...work.seconds]}}),
		...(conversation && {conversation: [...conversation]}),
	};
	return {columns, transform: trace.transform};
}

export type ExploreOptions = ExperimentChanges &
	UseCaseOptions & {
		/** Folders of measured records that are laid over; those of the experiment under `reports` when left out. */
		readonly record?: readonly string[] | undefined;
		/** Folder in which measured records are looked for; `reports` when left out. */
		readonly reports?: string;
		/** File of the page; `reports/explored/NAME.html` when left out. */
		readonly out?: string | undefined;
		/** Whether the experiment is simulated for its headline too; false when left out. */
		readonly headline?: boolean;
	};

/** Page that was written. */
export type ExplorePage = {
	readonly path: string;
	/** Folders of the measured records that are laid over. */
	readonly measured: readonly string[];
	/** First line of `replicast run` for the experiment, by the same runs; undefined where it is not wanted or would take minutes. */
	readonly headline: string | undefined;
};

/**
 * Writes a page in which settings of an experiment are moved and the simulation follows.
 *
 * @param path - the experiment's file
 * @throws {UserError} with a line for each fault of the file, E_FILE when a record is of another experiment, E_CONFIG
 *   when a trace is too long for a page
 * @throws the signal's reason before anything is written
 */
export async function explore(
	path: string,
	{record, reports = 'reports', out, headline: wantsHeadline = false, ...others}: ExploreOptions = {},
): Promise<ExplorePage> {
	const {signal, onProgress, ...changes} = others;
	const useCase = {...(signal && {signal}), ...(onProgress && {onProgress})};
	signal?.throwIfAborted();
	const readOptions = definedChanges(changes);
	const source = await readExperimentSource(path, readOptions);
	const {experiment} = source;
	const [name = ''] = outputFolders([experiment]);
	const target = out ?? join('reports', 'explored', `${name}.html`);
	const measured = await measuredLines(experiment, {record, reports, ...useCase});
	const tunings = findRecommended(reports, experiment.hash);
	const recorded = await backTestPresent(experiment, useCase);
	const lines = [...recordedLine(experiment), ...measured];
	const html = await pageHtml({source, readOptions, measured: lines, tunings, recorded});
	signal?.throwIfAborted();
	writeFileAtomically(target, html);
	const headline = wantsHeadline ? await headlineOf(experiment, tunings, useCase) : undefined;
	return {path: target, measured: measured.map(({name: folder}) => folder), headline};
}

/** Most events of the replications that are simulated for the headline of a page: about half a minute on one core. */
const mostEvents = 20_000_000;

async function headlineOf(
	experiment: Experiment,
	tunings: readonly KnownTuning[],
	useCase: UseCaseOptions,
): Promise<string | undefined> {
	const first = replicate(experiment, 0, {record: false});
	if (eventsOf(first) * experiment.replications > mostEvents) {
		return undefined;
	}

	const [results = []] = await simulateAll([experiment], {baselines: 'where short', ...useCase});
	return answerHeadline(withBestKnown(summarize(experiment, results), experiment, tunings));
}

/** Path of the experiment that is explored where none is named, relative where it is below the working directory. */
export function defaultExperiment(): string {
	return nearPath(listShippedExperiments().find(shipped => basename(shipped) === 'dynamic-scaling.yaml')!);
}

type PageContent = {
	readonly source: ExperimentSource;
	readonly readOptions: ReadOptions;
	readonly measured: readonly MeasuredLine[];
	readonly tunings: readonly KnownTuning[];
	/** Lines on what was recorded under the load, beside the experiment's own settings. */
	readonly recorded: readonly string[];
};

async function pageHtml(content: PageContent): Promise<string> {
	const {source, measured} = content;
	const {experiment, identity, scaledObject} = source;
	const {name, profile, description, duration, seed, slo} = experiment;
	const trace = await exploredTrace(source);
	const explored: Explored = {
		experiment,
		identity,
		...(scaledObject !== undefined && {scaledObject}),
		words: runWords(source.path, content.readOptions),
		measured,
		models: standingOf(experiment).models,
		tunings: content.tunings.map(comparedPart),
		...(trace !== undefined && {trace}),
	};
	const parts = {
		title: experimentTitle({name, profile}),
		lead: [
			...(description === '' ? [] : [description]),
			...content.recorded,
			`Runs of ${formatDuration(duration)}, seed ${seed}; ${describeSlo(slo)}. Move a setting: the simulation follows.`,
		],
		data: encodeExplored(explored),
		script: await readFile(join(packageRoot(), 'dist', 'browser', 'explore.js'), 'utf8'),
		hasManifest: experiment.autoscaler !== 'none',
		loadTitle: loadTitle(experiment),
	};
	return explorePage(parts, await pageFonts());
}

type MeasuredOptions = UseCaseOptions & {
	readonly record: readonly string[] | undefined;
	readonly reports: string;
};

/**
 * Reads the replicas of measured runs that are laid over the simulated ones: of the records named, else of the valid
 * ones of the same experiment that are found.
 *
 * @throws {UserError} E_FILE when a record that is named is of something else
 */
async function measuredLines(
	experiment: Experiment,
	{record, reports, signal, onProgress = () => {}}: MeasuredOptions,
): Promise<MeasuredLine[]> {
	const records = record === undefined ? await found(experiment, reports) : await named(experiment, record);
	const activity = {doing: 'Reading', total: records.length, unit: 'measured records'};
	const lines: MeasuredLine[] = [];
	onProgress({...activity, done: 0});
	for (const {folder, head} of records) {
		signal?.throwIfAborted();
		const {timeline} = readAccount(await readRecord(folder), experiment);
		lines.push({name: folder, hash: head.experiment.hash, timeline});
		onProgress({...activity, done: lines.length});
	}

	onProgress({...activity, done: lines.length, isOver: true});
	return lines;
}

/** Replicas that the experiment says were recorded under its load; the last known ones stay in gaps. */
function recordedLine({recorded = [], hash}: Experiment): MeasuredLine[] {
	const known = recorded
		.map(({at, desired, current}) => [at, Number.isNaN(desired) ? current : desired] as const)
		.filter(([, replicas]) => !Number.isNaN(replicas));
	const timeline = known.filter(([, replicas], index) => replicas !== known[index - 1]?.[1]);
	return timeline.length === 0 ? [] : [{name: 'recorded', hash, timeline}];
}

async function found(experiment: Experiment, reports: string): Promise<FoundRecord[]> {
	const records = await findRecords(reports);
	return records.filter(({head}) => isMeasuredOf(head, experiment) && head.arm === 'dynamic' && head.validity.valid);
}

async function named(experiment: Experiment, folders: readonly string[]): Promise<FoundRecord[]> {
	return Promise.all(
		folders.map(async folder => {
			const head = await readRecordHead(folder);
			const fault = faultOf(head, experiment);
			if (fault !== undefined) {
				throw new UserError('E_FILE', `Expected ${folder} to be a measured record of ${experiment.name}, got ${fault}`);
			}

			return {folder, head};
		}),
	);
}

/** Reason why a record does not belong beside the simulated lines. One of other settings does: the page says so. */
function faultOf(
	{engine, arm, experiment, durationSeconds, validity}: RecordHead,
	wanted: Experiment,
): string | undefined {
	if (engine !== 'measured') {
		return 'a simulated one';
	}

	if (experiment.name !== wanted.name) {
		return `one of ${experiment.name}`;
	}

	if (arm !== 'dynamic') {
		return 'one of the fixed arm';
	}

	if (durationSeconds !== wanted.duration) {
		return `one of ${formatDuration(durationSeconds)} instead of ${formatDuration(wanted.duration)} (another --profile?)`;
	}

	return validity.valid ? undefined : `one that failed its own validity check: ${validity.reasons.join('; ')}`;
}
