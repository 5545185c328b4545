import type {ValidatedExperiment, Validation} from '../../comparison/validation/validation.ts';
import {validationAnswer} from '../answers/validation-answer.ts';
import {significant} from '../text/format.ts';
import {escapeMarkdown, markdownTable} from '../text/markdown.ts';
import {sampleErrorTable, sourceList, triangleTable} from './evidence-tables.ts';
import {figureSections, goalWords, outcomeText} from './figures.ts';
import {judgementTable, profileSection, timeoutSection} from './judgement-tables.ts';
import {validationLimits} from './limits.ts';
import {coverageSection} from './prediction-coverage.ts';
import {modelTable, recordRow} from './record-tables.ts';

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
		'### Forecast, simulator, calibration',
		'Three questions, each by itself. *Forecast*: do the measured runs lie in the 90 % prediction interval of one run? *Simulator*: is it right at the speed that the machine had, as the probes of each run tell; the verdict above is this one. *Calibration*: is the machine still as fast as the calibrated one, within 10 %? Without probes the simulator is judged at the calibrated speed, and the speed is that of the requests themselves.',
		judgementTable(judged),
		...profileSection(judged),
		...coverageSection(judged),
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
		...timeoutSection(judged, goals),
		...skillSection(validation),
		...decisionSection(judged),
		'## In-sample and out-of-sample',
		'Errors in the records that the models were fitted to, beside those in records that they never saw. The last row is the mean of the absolute errors, and of how many.',
		sampleErrorTable(experiments),
		'## Where the errors come from',
		'**a**: decisions that come out again from their recorded inputs. **b**: the simulator with the measured times in service. **c**: everything modelled. Errors of **b** and **c** are mean absolute errors of a run.',
		triangleTable(judged),
		...judged.flatMap(sourceList),
		...emulatedSection(validation),
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

/** Emulated replays, by which the controller alone is judged. */
function emulatedSection({emulated = []}: Validation): string[] {
	const share = (matches: number, decisions: number) =>
		decisions === 0 ? '–' : `${matches} of ${decisions} (${significant((100 * matches) / decisions)} %)`;
	return emulated.length === 0
		? []
		: [
				'## Emulated replays',
				'A real control plane without real pods: load, service and use are the simulator’s. They judge the controller alone, and no goal above counts them.',
				markdownTable([
					['record', 'experiment', 'most pods', 'decided again as recorded'],
					...emulated.map(({folder, title, largest, decisions, matches}) => [
						folder,
						title,
						String(largest),
						share(matches, decisions),
					]),
				]),
			];
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
