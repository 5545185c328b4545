import {csvOf} from '../charts/data-text.ts';
import type {Comparison} from '../comparison/compare.ts';
import type {ValidatedExperiment, Validation} from '../validation/validation.ts';

/** A row for each figure of each experiment, of the records that judge and of those that the models were fitted to. */
export function validationCsv({experiments}: Validation): string {
	return csvOf({data: experiments.flatMap(rowsOf)});
}

function rowsOf(validated: ValidatedExperiment) {
	const {comparison, inSample, records} = validated;
	const arm = records.some(record => record.arm === 'dynamic' && record.standing.role === 'judge')
		? 'dynamic'
		: 'fixed';
	return [
		...(comparison === null ? [] : figureRows(validated, {sample: 'out-of-sample', arm, comparison})),
		...inSample.flatMap(part => figureRows(validated, {sample: 'in-sample', ...part})),
	];
}

type Sample = {readonly sample: string; readonly arm: string; readonly comparison: Comparison};

function figureRows({experiment, verdict}: ValidatedExperiment, {sample, arm, comparison}: Sample) {
	const {name, profile = '', hash} = experiment;
	const {naive, noModel} = comparison.baselines;
	return Object.entries(comparison.figures).map(([figure, values]) => ({
		experiment: name,
		profile,
		hash,
		sample,
		arm,
		figure,
		unit: values.unit,
		...ends('simulated', values.simulated?.mean, values.simulated),
		...ends('measured', values.measured?.mean, values.measured),
		...ends('error', values.error?.value, values.error),
		relativeError: cell(values.relativeError),
		absoluteError: cell(values.absoluteError),
		noiseFloor: cell(values.noiseFloor),
		...ends('skill', values.skill, values.skillRange),
		naive: cell(naive[figure]),
		noModel: cell(noModel?.[figure]),
		tolerance: cell(values.tolerance),
		figureVerdict: values.verdict,
		experimentVerdict: sample === 'in-sample' ? null : verdict,
	}));
}

type Ends = {readonly low: number | null; readonly high: number | null} | null;

function ends(name: string, value: number | null | undefined, interval: Ends) {
	return {[name]: cell(value), [`${name}Low`]: cell(interval?.low), [`${name}High`]: cell(interval?.high)};
}

/** Six digits, as in the JSON. */
function cell(value: number | null | undefined): number | null {
	return value == null ? null : Number(value.toPrecision(6));
}
