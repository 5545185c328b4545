import type {FigureReference} from '../audit/claims-file.ts';
import type {Found} from '../audit/evidence.ts';
import type {Experiment} from '../experiment/experiment.ts';
import {type FoundRecord, findRecords} from '../files/find-records.ts';
import {readObservedTable} from '../files/read-record.ts';
import {summarize} from '../forecast/forecast.ts';
import {estimate} from '../statistics/estimate.ts';
import {figureAt} from './figure-at.ts';
import {experimentOf, figureKey} from './figure-reference.ts';
import {readRepeats} from './read-repeats.ts';

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
