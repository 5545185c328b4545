import {comparisonFigures} from '../comparison/figure-table.ts';
import {type FigurePower, mostPlanned, type PowerPlan} from '../comparison/power/power-plan.ts';
import {experimentTitle} from '../experiment/experiment.ts';
import {figureName} from './answers/figure-names.ts';
import {counted, formatDuration, significant} from './text/format.ts';
import type {Report} from './text/report.ts';

/** Time of a replay beside its load: clean start, samples, two probes of the machine [s]. */
const besideLoad = 150;

/** Time that a number of replays take [s]. */
export function replaySeconds({experiment: {duration}}: PowerPlan, repeats: number): number {
	return repeats * (duration + besideLoad);
}

/** Plan of the repeats of one experiment: how many decide, what cannot be decided, and what makes runs differ. */
export function powerReport(plan: PowerPlan): Report {
	const {experiment, figures, runs, record} = plan;
	const held = record === null ? 'as in one simulated run' : `as in ${record}`;
	return {
		title: `${titleOf(plan)}: repeats that a verdict takes`,
		answer: powerAnswer(plan),
		lead: [
			`By ${runs} simulated runs of each row, with the requests of a replay. A comparison knows each run's clocks, and by its probes the machine's speed; what is left decides how many repeats show with a probability of 80 % that a right simulator is within its tolerance.`,
			`Below, the spread of a run (standard deviation) when one cause alone varies, and when it alone is held, ${held}.`,
		],
		sections: [
			{
				heading: `Spread of a run of ${experiment.duration} s`,
				rows: [['', 'mean', 'allowed', 'all causes', 'left', 'repeats'], ...figures.map(spreadRow)],
				untitledIn: ['terminal'],
			},
			{
				heading: 'One cause alone / all but this one',
				rows: [
					['', ...(figures[0]?.causes.map(({cause}) => cause) ?? [])],
					...figures.map(figure => [
						labelOf(figure),
						...figure.causes.map(({alone, without}) => `${number(figure, alone)} / ${number(figure, without)}`),
					]),
				],
				untitledIn: ['terminal'],
			},
		],
	};
}

/** Answer of a plan: repeats and time, or the figures that so many repeats do not decide. */
export function powerAnswer(plan: PowerPlan): string[] {
	const {figures, cutOff} = plan;
	const open = figures.filter(({repeats}) => repeats === undefined);
	const decided = figures.flatMap(({repeats}) => repeats ?? []);
	const most = decided.reduce((largest, repeats) => Math.max(largest, repeats), 0);
	const time = formatDuration(replaySeconds(plan, most));
	const cut = cutOff.filter(({figure}) => figure !== 'p99').map(({figure}) => `latency ${figure}`);
	const first =
		figures.length === 0
			? 'The experiment sets no tolerance that a run has a figure for, so no repeats decide anything.'
			: open.length === 0
				? `${counted(most, 'repeat')} ${most === 1 ? 'decides' : 'decide'} every judged figure: about ${time} of measuring.`
				: `Not every judged figure can be decided: ${open.map(({name}) => figureName(name)).join(', ')} would take more than ${mostPlanned} repeats, so nothing is promised of it.`;
	return [
		first,
		...(open.length > 0 && most > 0 ? [`The others are decided by ${counted(most, 'repeat')}: about ${time}.`] : []),
		...(cut.length === 0
			? []
			: [
					`The timeout cuts off ${cut.join(' and ')}: the share that timed out and the latency up to the timeout are judged instead.`,
				]),
		...(figures.length === 0 ? [] : [causeLine(figures)]),
	];
}

/** The cause that runs differ by most, in the figure that takes the most repeats. */
function causeLine(figures: readonly FigurePower[]): string {
	const [hardest] = figures.toSorted((a, b) => (b.repeats ?? mostPlanned + 1) - (a.repeats ?? mostPlanned + 1));
	const {name, causes} = hardest!;
	const [largest] = causes.toSorted((a, b) => (b.alone || 0) - (a.alone || 0));
	return `The hardest is ${figureName(name)}; most of its spread comes from ${largest?.cause ?? 'nothing that varies'}.`;
}

function titleOf({experiment: {name, profile}}: PowerPlan): string {
	return experimentTitle({name, profile});
}

function spreadRow(figure: FigurePower): string[] {
	const {mean, tolerance, deviation, left, repeats} = figure;
	return [
		labelOf(figure),
		mean === null ? '–' : number(figure, mean),
		...[tolerance, deviation, left].map(value => number(figure, value)),
		repeats === undefined ? `more than ${mostPlanned}` : String(repeats),
	];
}

function shownAs({name}: FigurePower): {readonly label: string; readonly suffix: string; readonly factor?: number} {
	return comparisonFigures.find(shown => shown.name === name) ?? {label: name, suffix: ''};
}

function labelOf(figure: FigurePower): string {
	const {label, suffix} = shownAs(figure);
	return suffix === '' ? label : `${label} [${suffix}]`;
}

function number(figure: FigurePower, value: number): string {
	return Number.isNaN(value) ? '–' : significant(value * (shownAs(figure).factor ?? 1));
}

/** JSON of plans, what has no number being null. */
export function powerJson(plans: readonly PowerPlan[]): unknown {
	return plans.map(plan => ({
		...plan,
		repeats: plan.repeats ?? null,
		figures: plan.figures.map(figure => ({...figure, repeats: figure.repeats ?? null})),
	}));
}
