import type {RecordStanding} from '../../comparison/admit.ts';
import type {Comparison} from '../../comparison/compare.ts';
import {figureError} from '../../comparison/validation/goals.ts';
import type {
	FreezeOrder,
	RecordEvidence,
	ValidatedExperiment,
	Validation,
} from '../../comparison/validation/validation.ts';
import {meanSampleError, type SampledFigure, sampledFigures} from '../../comparison/validation/validation.ts';
import {validationAnswer} from '../answers/validation-answer.ts';
import {significant} from '../text/format.ts';
import {escapeMarkdown, type MarkdownCell, markdownCode, markdownLink, markdownTable} from '../text/markdown.ts';
import {errorText, figureSections, goalWords, outcomeText} from './figures.ts';
import {validationLimits} from './limits.ts';

/**
 * Validation as a page of Markdown.
 *
 * @param links - to each record's folder, by that folder
 */
export function validationReadme(validation: Validation, links: ReadonlyMap<string, string>): string {
	const {experiments, goals} = validation;
	const judged = experiments.filter(({comparison}) => comparison !== null);
	const limits = validationLimits(validation);
	const parts = [
		'# Validation',
		...validationAnswer(validation).map((line, index) =>
			index === 0 ? `**${escapeMarkdown(line)}**` : escapeMarkdown(line),
		),
		'Written by `replicast validate`; another run with the same records and models writes the same bytes. [validation.json](validation.json) holds everything, [validation.csv](validation.csv) a row for each figure.',
		howToRead(validation),
		'## Verdicts',
		'An experiment is VALID when every tolerance that its file sets is shown to be kept.',
		markdownTable([
			['experiment', 'verdict', 'repeats', 'outside its tolerance', 'not decided', 'parts that are off by themselves'],
			...judged.map(verdictRow),
		]),
		'## Goals',
		markdownTable([
			['goal', 'outcome', 'met by', 'missed by', 'open for'],
			...goals.map(({title, verdict, experiments: {met, missed, open}}) => [
				title,
				goalWords[verdict],
				...[met, missed, open].map(titles => titles.join(', ') || '–'),
			]),
		]),
		...figureSections(judged, goals),
		...skillSection(validation),
		...decisionSection(judged),
		'## In-sample and out-of-sample',
		'Errors in the records that the models were fitted to, beside those in records that they never saw. The last row is the mean of the absolute errors, and of how many.',
		sampleTable(experiments),
		'## Where the errors come from',
		'**a**: decisions that come out again from their recorded inputs. **b**: the simulator with the measured times in service. **c**: everything modelled. Errors of **b** and **c** are mean absolute errors of a run.',
		triangleTable(judged),
		...judged.flatMap(sourceList),
		'## Records',
		'`judges`: may judge its experiment. `fitted`: the models were fitted to it, so it only shows the in-sample error. The time of a record against the models: `after` all of them were frozen, `before` one of them, or the `same` day or minute, as far as the date of the model goes.',
		markdownTable([
			['record', 'experiment', 'hash', 'measured at', 'against the models', 'use'],
			...experiments.flatMap(experiment =>
				experiment.records.map(record => recordRow(record, experiment, links.get(record.folder))),
			),
		]),
		'## Models',
		modelTable(experiments),
		'## Limits',
		limits.length === 0 ? 'No goal was missed.' : limits.map(limit => `- ${escapeMarkdown(limit)}`).join('\n'),
	];
	return `${parts.join('\n\n')}\n`;
}

function howToRead({replications}: Validation): string {
	return [
		`- Each experiment is simulated ${replications} times with the measured requests. An error is simulated less measured, with its 90 % interval: \`+13 % [6, 20]\`.`,
		'- *Simulated* is a mean with its 90 % interval, *measured* a mean with the smallest and the largest of the repeats.',
		'- *A run is off by* is the mean absolute error of one simulated run against one repeat, *repeats differ by* the same between two repeats: the noise floor. *Skill* is one over the other, with its range when one repeat is left out; a perfect simulator has 1 on average.',
		'- *Naive* is what a run of ⌈replicas × use / target⌉ without delays is off by, *no model* what the mean of the other repeats is.',
		'- A goal is *met* when the 90 % interval lies within it, *missed* when it lies outside, and *open* when it reaches over the edge. Skill and decisions are taken as they are; skill counts where repeats differ by at least a hundredth of what the goal allows.',
	].join('\n');
}

function verdictRow({title, verdict, comparison}: ValidatedExperiment): string[] {
	const {failing = [], unclear = [], unmeasured = [], triangle, envelope} = comparison ?? {};
	const open = [...unclear, ...unmeasured.map(name => `${name} (not recorded)`)];
	const parts = [...new Set(triangle?.source.map(({part}) => part))];
	return [
		title,
		verdict ?? '–',
		String(envelope?.coverage.length ?? 0),
		...[failing, open, parts].map(names => names.join(', ') || '–'),
	];
}

function skillSection({experiments, goals}: Validation): string[] {
	const goal = goals.find(({name}) => name === 'skill');
	const rows = experiments.flatMap(({title, outcomes: {skill}}) =>
		goal === undefined || skill === undefined ? [] : [[title, outcomeText(goal, skill), goalWords[skill.verdict]]],
	);
	return goal === undefined || rows.length === 0
		? []
		: [
				`### ${escapeMarkdown(goal.title)}`,
				markdownTable([['experiment', 'largest skill of the figures above', 'goal'], ...rows]),
			];
}

function decisionSection(experiments: readonly ValidatedExperiment[]): string[] {
	const rows = experiments.flatMap(({title, comparison, outcomes: {decisions}}) => {
		const {a} = comparison?.triangle ?? {};
		return a === undefined || decisions === undefined
			? []
			: [
					[
						title,
						`${a.matches} of ${a.decisions - a.unchecked}`,
						`${significant(100 * decisions.value)} %`,
						a.causes.map(({cause, count}) => `${count} × ${cause}`).join(', ') || '–',
						goalWords[decisions.verdict],
					],
				];
	});
	return rows.length === 0
		? []
		: [
				"### The live autoscaler's decisions from their recorded inputs",
				markdownTable([['experiment', 'come out again', 'share', 'causes of the others', 'goal'], ...rows]),
			];
}

function isCompared({comparison, inSample}: ValidatedExperiment): boolean {
	return comparison !== null || inSample.length > 0;
}

function sampleTable(experiments: readonly ValidatedExperiment[]): string {
	const text = (comparison: Comparison | undefined | null, figure: SampledFigure) => {
		const error = comparison == null ? undefined : figureError(comparison, figure.name, figure);
		return error === undefined
			? '–'
			: errorText(error, figure.isRelative ? {factor: 100, suffix: '%'} : {suffix: 'pods'});
	};
	const mean = (figure: SampledFigure, sample: 'in' | 'out') => {
		const error = meanSampleError(experiments, figure, sample);
		return error === null
			? '–'
			: figure.isRelative
				? `${significant(100 * error.value)} % (${error.count})`
				: `${significant(error.value)} pods (${error.count})`;
	};
	return markdownTable([
		['experiment', ...sampledFigures.flatMap(({label}) => [`${label}, in-sample`, 'out-of-sample'])],
		...experiments
			.filter(isCompared)
			.map(({title, comparison, inSample}) => [
				title,
				...sampledFigures.flatMap(figure => [
					inSample.map(part => text(part.comparison, figure)).join('; ') || '–',
					text(comparison, figure),
				]),
			]),
		['all', ...sampledFigures.flatMap(figure => [mean(figure, 'in'), mean(figure, 'out')])],
	]);
}

function triangleTable(experiments: readonly ValidatedExperiment[]): string {
	const rows = experiments.map(({title, comparison}) => {
		const {a, b, c} = comparison!.triangle;
		const error = (corner: typeof b, figure: string) => {
			const value = corner[figure]?.absoluteError;
			return value == null ? '–' : significant(value);
		};
		return [
			title,
			a.share === null ? '–' : `${significant(100 * a.share)} %`,
			...['p95', 'meanWait', 'replicasMeanAbsoluteError'].flatMap(figure => [error(b, figure), error(c, figure)]),
		];
	});
	const head = ['p95 [s]', 'mean waiting [s]', 'replicas [pods]'].flatMap(name => [`${name}: b`, 'c']);
	return markdownTable([['experiment', 'a', ...head], ...rows]);
}

function sourceList({title, comparison}: ValidatedExperiment): string[] {
	const source = comparison?.triangle.source ?? [];
	return source.length === 0
		? []
		: [
				[
					`${escapeMarkdown(title)}:`,
					'',
					...source.map(({part, because}) => `- *${escapeMarkdown(part)}*: ${escapeMarkdown(because)}`),
				].join('\n'),
			];
}

const orderWords: Readonly<Record<FreezeOrder, string>> = {
	after: 'after',
	before: 'before',
	same: 'same',
	unknown: '–',
};

function recordRow(
	record: RecordEvidence,
	{title, orders, comparison}: ValidatedExperiment,
	link: string | undefined,
): MarkdownCell[] {
	const {folder, hash, measuredAt, standing} = record;
	const name = folder.split(/[\\/]/).slice(-2).join('/');
	return [
		markdownLink(name, link ?? folder),
		title,
		markdownCode(hash.slice(0, 12)),
		measuredAt?.replace('T', ' ').replace('Z', ' UTC') ?? 'not recorded',
		orderWords[orders[folder] ?? 'unknown'],
		useOf(standing, comparison !== null),
	];
}

function useOf(standing: RecordStanding, isJudged: boolean): string {
	switch (standing.role) {
		case 'judge':
			return isJudged ? 'judges' : 'none: its experiment sets no tolerance';
		case 'calibration':
			return 'fitted';
		case 'refused':
			return `left out: it ${standing.reason}`;
	}
}

function modelTable(experiments: readonly ValidatedExperiment[]): string {
	const models = new Map(
		experiments.flatMap(experiment => experiment.models.map(model => [JSON.stringify(model), model] as const)),
	);
	return markdownTable([
		['model', 'kind', 'status', 'date', 'fitted to'],
		...[...models.values()].map(({name, kind, status, date, records}) => [
			name,
			kind,
			status ?? '–',
			date ?? '–',
			codes(records.map(hash => hash.slice(0, 12))),
		]),
	]);
}

function codes(words: readonly string[]): MarkdownCell {
	const cells = words.map(markdownCode);
	const texts = cells.map(cell => (typeof cell === 'string' ? escapeMarkdown(cell) : cell.markdown));
	return words.length === 0 ? '–' : {markdown: texts.join(', ')};
}
