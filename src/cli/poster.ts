import process from 'node:process';
import type {Argv} from 'yargs';
import {audit} from '../audit/audit.ts';
import {posterCharts} from '../charts/poster-charts.ts';
import {readClaims} from '../files/read-claims.ts';
import {findSummary} from '../files/read-summary.ts';
import {refuseUnwritable} from '../files/refuse-unwritable.ts';
import {writeFiles} from '../files/write-files.ts';
import {drawCharts} from '../rendering/draw-charts.ts';
import {gatherEvidence} from './audit-evidence.ts';
import {posterEvidence} from './poster-evidence.ts';
import {posterFiles} from './poster-files.ts';
import {posterKpis} from './poster-kpis.ts';
import {type PosterOptions, posterOptions} from './poster-options.ts';
import {keepFresh, posterSources} from './poster-sources.ts';
import {printPoster} from './print-poster.ts';
import {version} from './version.ts';

export const command = 'poster';
export const describe = 'Make the poster: charts, key figures and the audit, as pages, pictures and data';
export const builder = (yargs: Argv) => posterOptions(yargs);

/** Of each experiment that the audit needs and no record holds. */
const auditReplications = 4;

export async function handler(options: PosterOptions): Promise<void> {
	const claims = await readClaims(options.claims);
	refuseUnwritable(options.out, []); // before a minute of simulating
	const gathered = await posterEvidence(options, claims);
	const {evidence, found} = gathered;
	const {records} = options;
	const known = (experiment: Parameters<typeof findSummary>[1]) => findSummary(found, experiment, version())?.summary;
	const audited = audit(claims, await gatherEvidence(claims, {records, known, replications: auditReplications}));
	const poster = {
		publication: claims.publication,
		kpis: posterKpis(evidence, audited),
		drawn: await drawCharts(posterCharts(evidence)),
		audited,
		missing:
			evidence.validation === undefined
				? `No valid measured record of these experiments is in ${records}: nothing here is proven on a cluster yet. replicast replay plays an experiment on a kind cluster and measures; the next poster then shows both, and how far the simulator is off.`
				: undefined,
		sources: [...keepFresh(gathered.fresh, options.out), ...(await posterSources(gathered.folders))],
	};
	const files = await posterFiles(poster, options.scheme);
	writeFiles(options.out, files);
	process.stdout.write(`Written to ${options.out}: ${poster.drawn.length} charts, each as JSON, SVG, PNG and data\n`);
	await printPoster(options.out);
}
