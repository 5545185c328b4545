import {join} from 'node:path';
import {auditClaims} from '../../audit/audit.ts';
import type {Experiment} from '../../experiment/experiment.ts';
import {standingOf} from '../../forecast/standing/standing.ts';
import type {Recording} from '../../records/record.ts';
import {recordHash} from '../../records/record-hash.ts';
import {type PosterSubject, posterCharts} from '../../report/charts/poster-charts.ts';
import {drawCharts} from '../../report/drawing/draw-svg.ts';
import {posterFiles, printPoster} from '../../report/drawing/poster-files.ts';
import {experimentKpis, posterKpis} from '../../report/poster/kpis.ts';
import {
	answersOf,
	type PosterAnswer,
	type PosterContent,
	type PosterSource,
	posterCauses,
	trustOf,
} from '../../report/poster/poster-content.ts';
import {packageRoot, version} from '../../store/disk/package.ts';
import {refuseUnwritable} from '../../store/disk/refuse-unwritable.ts';
import {writeFiles} from '../../store/disk/write-atomically.ts';
import {readClaims} from '../../store/inputs/read-claims.ts';
import {readRecord} from '../../store/records/read-record.ts';
import {stampedRecording, withProvenance} from '../../store/records/with-provenance.ts';
import {writeForecast} from '../../store/records/write-forecast.ts';
import {findSummary} from '../../store/results/read-summary.ts';
import {gatherEvidence} from '../audit.ts';
import {outputFolders} from '../read-experiments.ts';
import type {UseCaseOptions} from '../use-case.ts';
import {type FreshRecord, posterEvidence} from './evidence.ts';
import {panelsOfExperiments} from './of-experiments.ts';

export type PosterOptions = UseCaseOptions & {
	/** Folder in which records are looked for; `reports` when left out. */
	readonly records?: string;
	/** Folder of the poster; `reports/poster` when left out. */
	readonly out?: string;
	/** Claims file that is audited; that of the published poster when left out. */
	readonly claims?: string | undefined;
	/** Profile of the experiments; the one that was measured when left out, `none` for none. */
	readonly profile?: string | undefined;
	/** Experiment files that the poster is of; the published questions when left out. */
	readonly experiments?: readonly string[];
	/** Title of the poster. */
	readonly title?: string | undefined;
	/** Line of authors below the title. */
	readonly authors?: string | undefined;
};

/** Poster that was written. */
export type Poster = {
	/** Its folder. */
	readonly path: string;
	/** Number of charts, each as JSON, SVG, PNG and data. */
	readonly charts: number;
	/** Paths of the printed sheets; undefined when no browser was found to print them. */
	readonly pdfs: readonly string[] | undefined;
	/** Answers at its head: those of `replicast run`. */
	readonly answers: readonly PosterAnswer[];
	/** Trust that the forecasts deserve, in lines. */
	readonly trust: readonly string[];
};

/** Replications of each experiment that the audit needs and no record holds. */
const auditReplications = 4;

/**
 * Makes the poster, charts, key figures and the audit of its claims, from records; experiments without a record are
 * simulated.
 *
 * @throws {UserError} with a line for each fault of the claims file, E_FILE when the folder cannot be written
 * @throws the signal's reason before anything is written
 */
export async function poster(options: PosterOptions = {}): Promise<Poster> {
	const {experiments = []} = options;
	return experiments.length === 0 ? publishedPoster(options) : posterOf(experiments, options);
}

/** Poster of experiments: their forecasts, and the audit of a claims file where one is given. */
async function posterOf(paths: readonly string[], options: PosterOptions): Promise<Poster> {
	const {records = 'reports', out = join('reports', 'poster'), profile, claims: claimsPath, ...rest} = options;
	const {title, authors, experiments: _, ...useCase} = rest;
	const claims = claimsPath === undefined ? undefined : await readClaims(claimsPath);
	refuseUnwritable(out, []);
	const {charts, subjects, fresh} = await panelsOfExperiments(paths, {profile, ...useCase});
	const auditing = {records, replications: auditReplications, ...useCase};
	const audited = claims === undefined ? [] : auditClaims(claims, await gatherEvidence(claims, auditing));
	const answers = answersOf(subjects);
	const names = answers.map(({name}) => name).join(', ');
	return writePoster(
		out,
		{
			publication: claims?.publication ?? '',
			answers,
			causes: posterCauses(subjects),
			trust: trustOf(subjects.map(withStanding)),
			kpis: experimentKpis(subjects),
			drawn: await drawCharts(charts),
			audited,
			missing: undefined,
			title: title ?? `Autoscaling of ${names}`,
			authors,
			lead: 'Forecasts of the Replicast simulator: means over replications with their 95 % intervals. Nothing here is measured.',
		},
		{sources: () => keepFresh(fresh, out), signal: useCase.signal},
	);
}

type Unsourced = Omit<PosterContent, 'date' | 'sources'>;

async function writePoster(
	out: string,
	content: Unsourced,
	{sources, signal}: {readonly sources: () => PosterSource[]; readonly signal: AbortSignal | undefined},
): Promise<Poster> {
	const files = await posterFiles({...content, date: new Date().toISOString().slice(0, 10), sources: sources()});
	signal?.throwIfAborted();
	writeFiles(out, files);
	const {drawn, answers, trust} = content;
	return {path: out, charts: drawn.length, pdfs: await printPoster(out), answers, trust};
}

function withStanding({experiment, simulated}: PosterSubject): Pick<PosterSubject, 'experiment' | 'simulated'> {
	return {experiment, simulated: {...simulated, standing: standingOf(experiment)}};
}

async function publishedPoster(options: PosterOptions): Promise<Poster> {
	const {records = 'reports', out = join('reports', 'poster'), profile, title, authors, ...others} = options;
	const {experiments: _, ...rest} = others;
	const {claims: claimsPath = join(packageRoot(), 'experiments', 'claims-poster.yaml'), ...useCase} = rest;
	useCase.signal?.throwIfAborted();
	const claims = await readClaims(claimsPath);
	refuseUnwritable(out, []); // before a minute of simulating
	const gathered = await posterEvidence(claims, {records, profile, ...useCase});
	const {evidence, found, fresh, folders} = gathered;
	const known = (experiment: Experiment) => findSummary(found, experiment, version())?.summary;
	const auditing = {records, known, replications: auditReplications, ...useCase};
	const audited = auditClaims(claims, await gatherEvidence(claims, auditing));
	const drawn = await drawCharts(posterCharts(evidence));
	const existing = await posterSources(folders);
	return writePoster(
		out,
		{
			publication: claims.publication,
			answers: answersOf([evidence.cost, evidence.scaling]),
			trust: trustOf([evidence.cost, evidence.scaling].map(withStanding)),
			kpis: posterKpis(evidence, audited),
			drawn,
			audited,
			missing: evidence.validation === undefined ? missingText(records) : undefined,
			title,
			authors,
		},
		{sources: () => [...keepFresh(fresh, out), ...existing], signal: useCase.signal},
	);
}

function missingText(records: string): string {
	return `No valid measured record of these experiments is in ${records}: nothing here is proven on a cluster yet. replicast replay runs an experiment on a kind cluster and measures; the next poster then shows both, and how far the simulator is off.`;
}

/** Sources of the poster in existing records. */
async function posterSources(folders: readonly string[]): Promise<PosterSource[]> {
	return Promise.all(folders.map(async folder => sourceOf(folder, await readRecord(folder))));
}

/** Keeps the records that were simulated for the poster beside it. */
function keepFresh(fresh: readonly FreshRecord[], out: string): PosterSource[] {
	return fresh.map(({subject: {experiment, simulated}, recording: {head, tables}}) => {
		const recording = stampedRecording({head, tables}, experiment);
		const [folder = ''] = outputFolders([experiment]);
		const target = writeForecast(join(out, 'records'), {
			folder,
			recordings: {dynamic: recording},
			files: {'summary.json': `${JSON.stringify(withProvenance(simulated, experiment), null, '\t')}\n`},
		});
		return sourceOf(join(target, 'dynamic'), recording);
	});
}

function sourceOf(folder: string, recording: Recording): PosterSource {
	const {engine, seed, versions} = recording.head;
	return {folder, hash: recordHash(recording), engine, seed, versions};
}
