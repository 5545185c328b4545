import {availableParallelism} from 'node:os';
import {join, parse} from 'node:path';
import {type AuditedClaim, auditClaims} from '../audit/audit.ts';
import type {ClaimsFile, FigureReference} from '../audit/claims-file.ts';
import {type AuditEvidence, type Found, figureAt} from '../audit/evidence.ts';
import type {Experiment} from '../experiment/experiment.ts';
import {type SummarizedRun, summarize} from '../forecast/summarize.ts';
import type {Summary} from '../forecast/summary.ts';
import {readAccount} from '../records/read-account.ts';
import {auditAnswer} from '../report/answers/audit-answer.ts';
import {auditReport} from '../report/audit-report.ts';
import {reportPage} from '../report/pages/report-page.ts';
import {estimate} from '../statistics/estimate.ts';
import {refuseUnwritable} from '../store/disk/refuse-unwritable.ts';
import {writeFileAtomically} from '../store/disk/write-atomically.ts';
import {readExperiment} from '../store/experiments/read-experiment.ts';
import {readClaims} from '../store/inputs/read-claims.ts';
import {type FoundRecord, findRecords} from '../store/records/find-records.ts';
import {readObservedTable, readRecord} from '../store/records/read-record.ts';
import {replicateAll} from './pool/replicate-all.ts';
import type {UseCaseOptions} from './use-case.ts';

export type AuditOptions = UseCaseOptions & {
	/** Folder in which measured records are looked for; `reports` when left out. */
	readonly records?: string;
	/** Folder for a page; none is written when left out. */
	readonly pageFolder?: string | undefined;
};

/** Result of an audit. */
export type Audit = {
	readonly publication: string;
	/** Answer in sentences: claims that stand and claims that fall. */
	readonly answer: readonly string[];
	/** In the order of the file. */
	readonly claims: readonly AuditedClaim[];
	/** Path of the page, where one was written. */
	readonly page?: string;
};

/**
 * Recomputes the claims of a publication from their formulas, simulations and measured records.
 *
 * @param path - the claims file
 * @throws {UserError} with a line for each fault of the file or of an experiment that it names; E_FILE when the page cannot
 *   be written
 */
export async function audit(
	path: string,
	{records = 'reports', pageFolder, ...useCase}: AuditOptions = {},
): Promise<Audit> {
	const file = await readClaims(path);
	if (pageFolder !== undefined) {
		refuseUnwritable(pageFolder, []);
	}

	const evidence = await gatherEvidence(file, {records, ...useCase});
	const claims = auditClaims(file, evidence);
	const audited = {publication: file.publication, answer: auditAnswer(claims), claims};
	return {
		...audited,
		...(pageFolder !== undefined && {page: await writePage(audited, join(pageFolder, `${parse(path).name}.html`))}),
	};
}

/** Writes an audit as a page; its typeface is loaded only for that. */
async function writePage({publication, claims}: Audit, path: string): Promise<string> {
	const {pageFonts} = await import('../report/drawing/typeface.ts');
	writeFileAtomically(path, reportPage({...auditReport(publication, claims), figures: []}, await pageFonts()));
	return path;
}

type Simulated = {readonly experiment: Experiment; readonly summary: Summary};

type EvidenceOptions = UseCaseOptions & {
	/** Folder in which measured records are looked for. */
	readonly records: string;
	/** Finds a summary that is there already and need not be simulated again. */
	readonly known?: (experiment: Experiment) => Summary | undefined;
	/** Replications of each experiment that is simulated, instead of its own number. */
	readonly replications?: number;
};

/** Gathers all that a claims file refers to: simulates its experiments, each once, and reads its records. */
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
	{known = () => undefined, replications, ...useCase}: EvidenceOptions,
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
	const experiments = missing.map(({experiment}) => experiment);
	const keys = missing.values();
	for await (const result of summariesOf(experiments, {baselines, ...useCase})) {
		simulated.set(keys.next().value!.key, result);
	}

	return simulated;
}

type SummariesOptions = UseCaseOptions & {readonly baselines: boolean};

/** Simulates experiments on all cores, and yields each with its summary. */
async function* summariesOf(
	experiments: readonly Experiment[],
	{baselines, signal, onProgress}: SummariesOptions,
): AsyncGenerator<Simulated, void, void> {
	const total = experiments.reduce((sum, experiment) => sum + experiment.replications, 0);
	const progress = {doing: 'Simulating', total, unit: 'replications'};
	let done = 0;
	onProgress?.({...progress, done});
	const onReplication = () => onProgress?.({...progress, done: ++done});
	const rest = experiments.values();
	for await (const results of replicateAll(experiments, {
		workers: availableParallelism(),
		baselines,
		signal,
		onReplication,
	})) {
		const experiment = rest.next().value!;
		yield {experiment, summary: summarize(experiment, results)};
		onProgress?.({...progress, done, detail: `Simulated ${experiment.name}`});
	}

	onProgress?.({...progress, done, isOver: true});
}

/** Key of an experiment that is simulated once for all figures that are read off it. */
function keyOf({file, profile, set}: FigureReference): string {
	return JSON.stringify([file, profile, set]);
}

function figureKey(reference: FigureReference): string {
	return `${keyOf(reference)} ${reference.figure}`;
}

/** The experiment that a reference names, its profile and changes applied. */
async function experimentOf({file, profile, set}: FigureReference): Promise<Experiment> {
	return readExperiment(file, {set, ...(profile !== undefined && {profile})});
}

type MeasuredFigure = Found & {readonly records: readonly string[]};

/** Reads each figure from the valid measured records below a folder. */
async function measuredFigures(
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
		if (present.length > 0) {
			means.push(present.reduce((sum, value) => sum + value, 0) / present.length);
		}
	}

	const {mean, low, high} = estimate(means);
	return mean === null ? undefined : {value: mean, low, high};
}

/** Reads measured runs, the records of one repeat being its arms; only the dynamic one where some repeat has no fixed one. */
export async function readRepeats(experiment: Experiment, records: readonly FoundRecord[]): Promise<SummarizedRun[]> {
	const runs: SummarizedRun[] = [];
	for (const {folder, head} of records.filter(({head: {arm}}) => arm === 'dynamic')) {
		const other = records.find(({head: {arm, replication}}) => arm === 'fixed' && replication === head.replication);
		const readAccountAt = async (path: string) => readAccount(await readRecord(path), experiment);
		runs.push({
			scheduleHash: head.scheduleHash,
			dynamic: await readAccountAt(folder),
			...(other !== undefined && {fixed: await readAccountAt(other.folder)}),
		});
	}

	const areAllCompared = runs.every(({fixed}) => fixed !== undefined);
	return areAllCompared ? runs : runs.map(({scheduleHash, dynamic}) => ({scheduleHash, dynamic}));
}
