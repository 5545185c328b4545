import type {Comparison} from '../../comparison/compare.ts';
import type {ValidatedExperiment, Validation} from '../../comparison/validation/validation.ts';
import {figureName} from '../answers/figure-names.ts';
import {validationAnswer} from '../answers/validation-answer.ts';
import {csvOf} from '../charts/data-text.ts';
import {compactJson} from '../text/compact-json.ts';
import type {Report} from '../text/report.ts';
import {validationLimits} from './limits.ts';
import {validationReadme} from './readme.ts';

/** The whole validation: every goal, record and figure, each with its unit. */
function validationJson(validation: Validation): string {
	const {verdict, replications, goals, experiments, strangers, unmeasured} = validation;
	return `${compactJson({
		apiVersion: 'replicast/v1',
		kind: 'Validation',
		verdict,
		answer: validationAnswer(validation),
		replications,
		goals,
		experiments: experiments.map(experimentJson),
		strangers,
		unmeasured,
		...(validation.emulated !== undefined && {emulated: validation.emulated}),
		limits: validationLimits(validation),
	})}\n`;
}

function experimentJson({
	experiment,
	file,
	verdict,
	outcomes,
	models,
	records,
	orders,
	comparison,
	campaign,
	inSample,
}: ValidatedExperiment) {
	return {
		...experiment,
		file,
		verdict,
		goals: outcomes,
		models,
		records: records.map(record => ({...record, measuredAgainstModels: orders[record.folder]})),
		outOfSample: comparison,
		...(campaign !== undefined && {campaign}),
		inSample,
	};
}

/**
 * Table with a row for each figure of each experiment, for the judging records and for the records that the models were
 * fitted to.
 */
function validationCsv({experiments}: Validation): string {
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

/**
 * Files of the validation report by name. The same records and models give the same bytes.
 *
 * @param links - to each record's folder, by that folder
 */
export function validationFiles(validation: Validation, links: ReadonlyMap<string, string>): Record<string, string> {
	return {
		'README.md': validationReadme(validation, links),
		'validation.json': validationJson(validation),
		'validation.csv': validationCsv(validation),
	};
}

/** Verdicts and goals of a validation as a report, the answer first. */
export function validationReport(validation: Validation): Report {
	const {experiments, goals} = validation;
	const judged = experiments.filter(experiment => experiment.verdict !== null);
	const names = (list: readonly string[] | undefined) => (list ?? []).map(figureName).join(', ') || '–';
	return {
		title: 'Validation of the simulator against measured records',
		answer: validationAnswer(validation),
		sections: [
			{
				heading: 'Verdicts',
				rows: [
					['experiment', 'verdict', 'outside its tolerance', 'not decided', 'not recorded'],
					...judged.map(({title, verdict, comparison}) => [
						title,
						verdict ?? '',
						names(comparison?.failing),
						names(comparison?.unclear),
						names(comparison?.unmeasured),
					]),
				],
				untitledIn: ['terminal'],
			},
			{
				heading: 'Goals',
				rows: [
					['goal', 'met', 'missed', 'open'],
					...goals.map(({title, experiments: {met, missed, open}}) => [
						title,
						...[met, missed, open].map(titles => String(titles.length)),
					]),
				],
				untitledIn: ['terminal'],
			},
		],
	};
}
