import {availableParallelism} from 'node:os';
import process from 'node:process';
import type {ClaimsFile, FigureReference} from '../audit/claims-file.ts';
import {type AuditEvidence, type Found, figureAt} from '../audit/evidence.ts';
import {sayWhenInterrupted} from '../cli/terminal/interruption.ts';
import {showProgress} from '../cli/terminal/progress.ts';
import type {Experiment} from '../experiment/experiment.ts';
import {type SummarizedRun, summarize} from '../forecast/summarize.ts';
import type {Summary} from '../forecast/summary.ts';
import {readAccount} from '../records/read-account.ts';
import {estimate} from '../statistics/estimate.ts';
import {readExperiment} from '../store/experiments/read-experiment.ts';
import {type FoundRecord, findRecords} from '../store/records/find-records.ts';
import {readObservedTable, readRecord} from '../store/records/read-record.ts';
import {replicateAll} from './pool/replicate-all.ts';

type Simulated = {readonly experiment: Experiment; readonly summary: Summary};

export type EvidenceOptions = {
	/** Folder in which measured records are looked for. */
	readonly records: string;
	/** A summary that is there already; it is not simulated again. */
	readonly known?: (experiment: Experiment) => Summary | undefined;
	/** Of each experiment that is simulated, instead of its own. */
	readonly replications?: number;
};

/** Everything that a claims file points at: its experiments are simulated, each once, and its records are read. */
export async function gatherEvidence(file: ClaimsFile, options: EvidenceOptions): Promise<AuditEvidence> {
	const {claims, figures} = file;
	const references = [...figures, ...claims].flatMap(({experiment}) => experiment ?? []);
	const simulated = await simulate(references, options);
	const measured = await measuredFigures(
		claims.flatMap(({measured}) => measured ?? []),
		options.records,
	);
	return {
		simulated: reference => {
			const {experiment, summary} = simulated.get(keyOf(reference))!;
			return figureAt(reference.figure, experiment, summary);
		},
		measured: (reference): (Found & MeasuredFigure) | undefined => measured.get(figureKey(reference)),
	};
}

async function simulate(
	references: readonly FigureReference[],
	{known = () => undefined, replications}: EvidenceOptions,
): Promise<Map<string, Simulated>> {
	const distinct = new Map(references.map(reference => [keyOf(reference), reference]));
	const simulated = new Map<string, Simulated>();
	const missing: {readonly key: string; readonly experiment: Experiment}[] = [];
	for (const [key, reference] of distinct) {
		const own = await experimentOf(reference);
		const summary = known(own);
		if (summary === undefined) {
			missing.push({key, experiment: replications === undefined ? own : {...own, replications}});
		} else {
			simulated.set(key, {experiment: own, summary});
		}
	}

	const baselines = references.some(({figure}) => figure.includes('.against.'));
	const played = playAll(
		missing.map(({experiment}) => experiment),
		baselines,
	);
	const keys = missing.values();
	for await (const {experiment, summary} of played) {
		simulated.set(keys.next().value!.key, {experiment, summary});
	}

	return simulated;
}

async function* playAll(experiments: readonly Experiment[], baselines: boolean): AsyncGenerator<Simulated, void, void> {
	const replications = experiments.reduce((sum, experiment) => sum + experiment.replications, 0);
	const progress = await showProgress(process.stderr, {replications});
	const stopListening = sayWhenInterrupted(() => {
		progress.stop();
		return 'Interrupted';
	});
	try {
		const options = {workers: availableParallelism(), baselines, onReplication: () => progress.advance()};
		const rest = experiments.values();
		for await (const results of replicateAll(experiments, options)) {
			const experiment = rest.next().value!;
			yield {experiment, summary: summarize(experiment, results)};
			progress.finish(experiment.name, () => {});
		}
	} finally {
		progress.stop();
		stopListening();
	}
}

/** What is simulated once for all figures that are read off it. */
export function keyOf({file, profile, set}: FigureReference): string {
	return JSON.stringify([file, profile, set]);
}

export function figureKey(reference: FigureReference): string {
	return `${keyOf(reference)} ${reference.figure}`;
}

/** The experiment that a reference names, its profile and changes applied. */
export async function experimentOf({file, profile, set}: FigureReference): Promise<Experiment> {
	return readExperiment(file, {set, ...(profile !== undefined && {profile})});
}

export type MeasuredFigure = Found & {readonly records: readonly string[]};

/** What measured records below a folder say of each figure; invalid records say nothing. */
export async function measuredFigures(
	references: readonly FigureReference[],
	root: string,
): Promise<Map<string, MeasuredFigure>> {
	const found = references.length === 0 ? [] : await findRecords(root);
	const valid = found.filter(({head}) => head.engine === 'measured' && head.validity.valid);
	const figures = new Map<string, MeasuredFigure>();
	for (const reference of references) {
		const experiment = await experimentOf(reference);
		const records = valid.filter(({head}) => head.experiment.hash === experiment.hash);
		const figure = records.length === 0 ? undefined : await figureOf(reference, experiment, records);
		if (figure !== undefined) {
			figures.set(figureKey(reference), {...figure, records: records.map(({folder}) => folder)});
		}
	}

	return figures;
}

async function figureOf(
	{figure}: FigureReference,
	experiment: Experiment,
	records: readonly FoundRecord[],
): Promise<Found | undefined> {
	const [place, , column = ''] = figure.split('.');
	return place === 'observed'
		? observedMean(records, column)
		: figureAt(figure, experiment, summarize(experiment, await readRepeats(experiment, records)));
}

/** Mean of a column of a record's observed timings, over the records that have it. */
async function observedMean(records: readonly FoundRecord[], column: string): Promise<Found | undefined> {
	const means: number[] = [];
	for (const {folder} of records) {
		const timings: Readonly<Record<string, unknown>> | undefined = await readObservedTable(folder, 'timings');
		const values = timings?.[column] instanceof Float64Array ? timings[column] : new Float64Array();
		const present = values.filter(value => !Number.isNaN(value));
		means.push(present.reduce((sum, value) => sum + value, 0) / present.length);
	}

	const {mean, low, high} = estimate(means);
	return mean === null ? undefined : {value: mean, low, high};
}

/** Measured runs, the records of one repeat being its arms; only the dynamic one where some repeat has no fixed one. */
export async function readRepeats(experiment: Experiment, records: readonly FoundRecord[]): Promise<SummarizedRun[]> {
	const runs: SummarizedRun[] = [];
	for (const {folder, head} of records.filter(({head: {arm}}) => arm === 'dynamic')) {
		const other = records.find(({head: {arm, replication}}) => arm === 'fixed' && replication === head.replication);
		const accountOf = async (path: string) => readAccount(await readRecord(path), experiment);
		runs.push({
			scheduleHash: head.scheduleHash,
			dynamic: await accountOf(folder),
			...(other !== undefined && {fixed: await accountOf(other.folder)}),
		});
	}

	const areAllCompared = runs.every(({fixed}) => fixed !== undefined);
	return areAllCompared ? runs : runs.map(({scheduleHash, dynamic}) => ({scheduleHash, dynamic}));
}
