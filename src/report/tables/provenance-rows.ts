import type {Experiment, PinnedFile} from '../../experiment/experiment.ts';
import type {RunProvenance} from '../../records/provenance.ts';
import type {Tuning} from '../../tune/tuning.ts';
import type {ReportSection} from '../text/report.ts';
import type {Row} from './forecast-rows.ts';

const kinds: Readonly<Record<string, string>> = {
	Experiment: 'experiment',
	Manifest: 'manifest',
	Trace: 'trace',
	ServiceModel: 'service model',
	StartupModel: 'start-up model',
	MetricsModel: 'metrics model',
	EnergyModel: 'energy model',
	PriceBook: 'price book',
	Space: 'space',
};

/** Rows of a provenance: the program, the release, every file by its digest, every change of the command line. */
export function provenanceRows(provenance: RunProvenance | undefined): Row[] {
	if (provenance === undefined) {
		return [];
	}

	const {replicast, kubernetes, resolved, priceBooks = []} = provenance;
	return [
		[
			'Replicast',
			replicast.commit === undefined ? replicast.version : `${replicast.version}, commit ${replicast.commit}`,
		],
		['Kubernetes', `${kubernetes.release}${kubernetes.assumed ? ', assumed' : ''}`],
		...originRows(provenance),
		...priceBooks.map(fileRow).map(([label = '', text = '']): Row => [`other ${label}`, text]),
		['all inputs together', resolved],
	];
}

/** Section of a tuning's report with its origin. */
export function tuningProvenance(tuned: {
	readonly experiment: Experiment;
	readonly tuning: Tuning;
	readonly provenance: RunProvenance | undefined;
}): ReportSection {
	const {experiment, tuning, provenance} = tuned;
	const rows = [
		['', ''],
		['experiment hash', experiment.hash],
		['seed', String(experiment.seed)],
		['space', tuning.space],
		['runs of the search', String(tuning.runs)],
		...provenanceRows(provenance),
	];
	return {heading: 'Provenance', rows, hasDigests: true};
}

/** Rows of the changes and files that an experiment was read from. */
export function originRows({set, files}: Pick<RunProvenance, 'set' | 'files'>): Row[] {
	return [...set.map((text): Row => ['--set', text]), ...files.map(fileRow)];
}

function fileRow({kind, name, file, sha256}: PinnedFile): Row {
	const label = kinds[kind] ?? kind;
	return [name === undefined ? label : `${label} ${name}`, `${file}, sha256 ${sha256}`];
}
