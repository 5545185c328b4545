import {join} from 'node:path';
import {auditClaims} from '../../audit/audit.ts';
import type {Experiment} from '../../experiment/experiment.ts';
import type {Recording} from '../../records/record.ts';
import {recordHash} from '../../records/record-hash.ts';
import {posterCharts} from '../../report/charts/poster-charts.ts';
import {drawCharts} from '../../report/drawing/draw-svg.ts';
import {posterFiles, printPoster} from '../../report/drawing/poster-files.ts';
import {posterKpis} from '../../report/poster/kpis.ts';
import type {PosterSource} from '../../report/poster/poster-content.ts';
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

export type PosterOptions = UseCaseOptions & {
	/** Folder in which records are looked for; `reports` when left out. */
	readonly records?: string;
	/** Folder of the poster; `reports/poster` when left out. */
	readonly out?: string;
	/** Claims file that is audited; that of the published poster when left out. */
	readonly claims?: string | undefined;
	/** Profile of the experiments; the one that was measured when left out, `none` for none. */
	readonly profile?: string | undefined;
};

/** Poster that was written. */
export type Poster = {
	/** Its folder. */
	readonly path: string;
	/** Number of charts, each as JSON, SVG, PNG and data. */
	readonly charts: number;
	/** Paths of the printed sheets; undefined when no browser was found to print them. */
	readonly pdfs: readonly string[] | undefined;
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
	const {records = 'reports', out = join('reports', 'poster'), profile, ...rest} = options;
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
	const content = {
		publication: claims.publication,
		kpis: posterKpis(evidence, audited),
		drawn,
		audited,
		date: new Date().toISOString().slice(0, 10),
		missing: evidence.validation === undefined ? missingText(records) : undefined,
		sources: [...keepFresh(fresh, out), ...(await posterSources(folders))],
	};
	const files = await posterFiles(content);
	useCase.signal?.throwIfAborted();
	writeFiles(out, files);
	return {path: out, charts: drawn.length, pdfs: await printPoster(out)};
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
