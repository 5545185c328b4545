import {type Campaign, type CampaignExperiment, orderOf} from '../comparison/campaign/campaign.ts';
import type {SequentialRule} from '../comparison/campaign/sequential-rule.ts';
import type {PowerPlan} from '../comparison/power/power-plan.ts';
import {figureName} from './answers/figure-names.ts';
import {replaySeconds} from './power-report.ts';
import {counted, formatDuration} from './text/format.ts';
import {escapeMarkdown, markdownTable} from './text/markdown.ts';
import type {Report} from './text/report.ts';

type Standing = {readonly isOutOfBudget?: boolean; readonly out: string};

/** Campaign as a report: how many experiments have their verdict, by which rule, and what is open. */
export function campaignReport(campaign: Campaign, standing: Standing): Report {
	return {
		title: 'Campaign: experiments measured until each has its verdict',
		answer: campaignAnswer(campaign, standing),
		sections: [{heading: 'Experiments', rows: campaignRows(campaign), untitledIn: ['terminal']}],
	};
}

/** Answer of a campaign. */
export function campaignAnswer({experiments, rule}: Campaign, {isOutOfBudget = false, out}: Standing): string[] {
	const count = (wanted: CampaignExperiment['verdict']) => experiments.filter(({verdict}) => verdict === wanted).length;
	const decided = count('VALID') + count('NOT VALID');
	const disturbed = experiments.reduce((sum, {disturbedRuns}) => sum + disturbedRuns, 0);
	const open = count(undefined);
	return [
		`Decided: ${decided} of ${counted(experiments.length, 'experiment')}, ${count('VALID')} VALID and ${count('NOT VALID')} NOT VALID; ${count('CANNOT SAY')} CANNOT SAY, ${open} not finished.`,
		ruleLine(rule),
		...(disturbed === 0
			? []
			: [
					`${counted(disturbed, 'run')} failed the validity check and ${disturbed === 1 ? 'was' : 'were'} replayed again.`,
				]),
		...(isOutOfBudget
			? [`The budget of time ended. Next: the same command, which goes on from ${out}.`]
			: open > 0
				? [`Next: the same command, which goes on from ${out}.`]
				: []),
	];
}

/** Error rates of the rule, as they are stated before anything is measured. */
export function ruleLine({firstLook, mostRepeats, alpha}: SequentialRule): string {
	const most = `${Number((100 * alpha).toPrecision(3))} %`;
	return `Rule: a look after each repeat from ${firstLook} to ${mostRepeats}. An experiment with a figure beyond its tolerance is called VALID with a probability of at most ${most}, one with every figure within NOT VALID with at most ${most}, over all looks.`;
}

function campaignRows({experiments}: Campaign): string[][] {
	return [
		['experiment', 'verdict', 'repeats', 'within', 'outside', 'open', 'disturbed runs'],
		...experiments.map(({name, verdict, repeats, decided, open, reason, disturbedRuns}) => {
			const of = (wanted: string) =>
				Object.entries(decided)
					.filter(([, decision]) => decision.verdict === wanted)
					.map(([figure]) => figureName(figure))
					.join(', ') || '–';
			const words = verdict === 'CANNOT SAY' && reason !== undefined ? `${verdict}: ${reason}` : verdict;
			return [
				name,
				words ?? 'goes on',
				String(repeats),
				of('within'),
				of('outside'),
				open.map(figureName).join(', ') || '–',
				String(disturbedRuns),
			];
		}),
	];
}

/** Report of a campaign as a page of Markdown, beside the validation by its records. */
export function campaignReadme(campaign: Campaign): string {
	const parts = [
		'# Campaign',
		...campaignAnswer(campaign, {out: 'this folder'}).map(escapeMarkdown),
		markdownTable(campaignRows(campaign)),
		'The comparison with all records is in [validation](validation/README.md), the state with which the campaign goes on in `campaign.json`.',
	];
	return `${parts.join('\n\n')}\n`;
}

/** Plan of a campaign before it measures: the order of the first repeats, and the repeats that decide by the simulator. */
export function campaignPlanReport(campaign: Campaign, plans: readonly PowerPlan[]): Report {
	const {experiments, seed, rule} = campaign;
	const needed = plans.map(plan => plan.repeats ?? rule.mostRepeats);
	const seconds = plans.reduce(
		(sum, plan, index) => sum + replaySeconds(plan, needed[index]! * experiments[index]!.arms.length),
		0,
	);
	const open = plans.filter(({repeats}) => repeats === undefined).map(({experiment}) => experiment.name);
	return {
		title: 'Campaign: plan',
		answer: [
			`${counted(experiments.length, 'experiment')} in about ${formatDuration(seconds)} of measuring, the calibration not counted, if the simulator is right.`,
			ruleLine(rule),
			...(open.length === 0
				? []
				: [
						`Not promised, since a figure would take too many repeats: ${open.join(', ')} (replicast replay --plan says which).`,
					]),
		],
		sections: [
			{
				heading: 'Experiments',
				rows: [
					['experiment', 'repeats that decide', 'time of a repeat', 'hardest figure'],
					...plans.map((plan, index) => [
						experiments[index]!.name,
						plan.repeats === undefined ? 'too many' : String(plan.repeats),
						formatDuration(replaySeconds(plan, experiments[index]!.arms.length)),
						hardestOf(plan),
					]),
				],
				untitledIn: ['terminal'],
				notes: [0, 1].map(
					repeat =>
						`Order of repeat ${repeat + 1}: ${orderOf(experiments, {seed, repeat})
							.map(({name}) => name)
							.join(', ')}.`,
				),
			},
		],
	};
}

function hardestOf({figures}: PowerPlan): string {
	const [hardest] = figures.toSorted(
		(a, b) => (b.repeats ?? Number.POSITIVE_INFINITY) - (a.repeats ?? Number.POSITIVE_INFINITY) || b.left - a.left,
	);
	return hardest === undefined ? '–' : figureName(hardest.name);
}
