import type {Experiment} from '../experiment/experiment.ts';
import type {Row} from '../forecast/forecast-rows.ts';
import type {Summary} from '../forecast/summary.ts';
import type {RecordHead} from '../records/record.ts';
import {uncalibratedModels} from './forecast-notes.ts';

/** Where the figures of a report come from. */
export function provenanceRows(
	experiment: Experiment,
	summary: Summary,
	head: Pick<RecordHead, 'versions' | 'models'> | undefined,
): Row[] {
	const uncalibrated = uncalibratedModels(experiment);
	const {versions = {}, models = {}} = head ?? {};
	return [
		['experiment hash', experiment.hash],
		['schedule hash', summary.scheduleHash],
		['seed', String(summary.seed)],
		['replications', String(summary.replications)],
		...Object.entries(versions).map(([name, version]) => [name === 'processor' ? name : `version of ${name}`, version]),
		...Object.entries(models).map(([name, digest]) => [`model ${name}`, digest]),
		['prices', experiment.prices.name],
		['energy', experiment.energy.name],
		['uncalibrated', uncalibrated.length === 0 ? 'none' : uncalibrated.join(', ')],
	];
}
