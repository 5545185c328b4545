import {join} from 'node:path';
import process from 'node:process';
import type {Argv} from 'yargs';
import {auditClaims} from '../../audit/audit.ts';
import {gatherEvidence} from '../../library/audit.ts';
import {keepFresh, posterEvidence, posterSources} from '../../library/poster.ts';
import type {Scheme} from '../../report/charts/palette.ts';
import {posterCharts} from '../../report/charts/poster-charts.ts';
import {drawCharts} from '../../report/drawing/draw-svg.ts';
import {posterFiles, printPoster} from '../../report/poster/files.ts';
import {posterKpis} from '../../report/poster/kpis.ts';
import {packageRoot, version} from '../../store/disk/package.ts';
import {refuseUnwritable} from '../../store/disk/refuse-unwritable.ts';
import {writeFiles} from '../../store/disk/write-atomically.ts';
import {readClaims} from '../../store/inputs/read-claims.ts';
import {findSummary} from '../../store/results/read-summary.ts';
import {oneOf, oneText} from '../terminal/option-forms.ts';
import {showProgress} from '../terminal/show-progress.ts';

/** Options of `replicast poster` as they reach its handler. */
export type PosterOptions = {
	readonly records: string;
	readonly out: string;
	readonly claims: string;
	readonly profile?: string;
	readonly scheme: Scheme;
};

export const posterOptions = (yargs: Argv) =>
	yargs
		.option('records', {...oneText('records'), default: 'reports', describe: 'Folder in which records are looked for'})
		.option('out', {...oneText('out'), default: join('reports', 'poster'), describe: 'Folder for the poster'})
		.option('claims', {
			...oneText('claims'),
			default: join(packageRoot(), 'experiments', 'claims-poster.yaml'),
			defaultDescription: 'those of the poster',
			describe: 'Claims file that is audited',
		})
		.option('profile', {
			...oneText('profile'),
			defaultDescription: 'the one that was measured',
			describe: 'Profile of the experiments to apply; none for none',
		})
		.option('scheme', {
			...oneOf('scheme', ['light', 'dark']),
			default: 'light' as const,
			describe: 'Colours of the pictures; pages follow their reader’s',
		})
		.example('$0 poster', 'From what is under reports/; the rest is simulated');

export const command = 'poster';
export const describe = 'Make the poster: charts, key figures and the audit, as pages, pictures and data';
export const builder = (yargs: Argv) => posterOptions(yargs);

/** Replications of each experiment that the audit needs and no record holds. */
const auditReplications = 4;

export async function handler(options: PosterOptions): Promise<void> {
	const claims = await readClaims(options.claims);
	refuseUnwritable(options.out, []); // before a minute of simulating
	const gathered = await posterEvidence(options, claims);
	const {evidence, found} = gathered;
	const {records} = options;
	const known = (experiment: Parameters<typeof findSummary>[1]) => findSummary(found, experiment, version())?.summary;
	const {onProgress, stop} = showProgress(process.stderr, {interrupted: () => 'Interrupted'});
	const audited = auditClaims(
		claims,
		await gatherEvidence(claims, {records, known, replications: auditReplications, onProgress}).finally(stop),
	);
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
