import type {Comparison, ComparisonWithSides} from '../comparison/compare.ts';
import type {FigureComparison} from '../comparison/compare-figures.ts';
import {comparisonFigures, type ShownFigure} from '../comparison/figure-table.ts';
import type {CutOff} from '../comparison/timeouts/below-timeout.ts';
import {recordKind} from './text/evidence-words.ts';
import {formatDuration, significant} from './text/format.ts';
import type {ReportSection} from './text/report.ts';

/** Tables and columns that the measured records lack, a sentence each. */
export function lackNotes({lacks}: Comparison): string[] {
	return lacks.map(
		({record, lacks}) =>
			`${record} lacks ${lacks.join(', ')}: what follows from that is shown as – and left out of the verdict.`,
	);
}

/** Columns of the rows of the figures that a terminal shows. */
const terminalColumns = [0, 1, 2, 3, 7];

/** Sections with the figures: judged ones apart in a terminal, where the columns of `compare --json` and the page do not fit. */
export function comparisonFigureSections({comparison, sides}: ComparisonWithSides): ReportSection[] {
	const figureHead = figureHeadOf(recordKind(sides.measured));
	const {rows, folded} = foldZeros(figureRows(comparison));
	const pick = (row: readonly string[]) => terminalColumns.map(column => row[column] ?? '');
	const isJudged = (row: readonly string[]) => row.at(-1) !== '–';
	const judged = rows.filter(isJudged).map(pick);
	const others = rows.filter(row => !isJudged(row)).map(row => pick(row).slice(0, -1));
	const head = pick(figureHead);
	const forms = ['terminal'] as const;
	return [
		...(judged.length === 0 ? [] : [{heading: 'Figures with a tolerance', rows: [head, ...judged], forms}]),
		...(others.length === 0
			? []
			: [
					{
						heading: 'Other figures',
						rows: [head.slice(0, -1), ...others],
						notes: folded,
						forms,
						detail: 'full' as const,
					},
				]),
		{heading: 'Figures', rows: [figureHead, ...rows], notes: folded, forms: ['markdown', 'page']},
	];
}

/** Head of the rows of the figures. */
function figureHeadOf(kind: string): string[] {
	return ['', 'simulated', kind, 'error', 'repeats', 'skill', 'naive', 'allowed'];
}

/** Rows of the figures: both sides, the error with its interval, and its tolerance. */
function figureRows(comparison: Comparison): string[][] {
	const {baselines, cutOff, judgements} = comparison;
	const {figures} = judgements.simulator;
	return comparisonFigures.flatMap(shown => {
		const cut = cutOff.find(one => one.figure === shown.name);
		const figure = figures[shown.name];
		if (cut !== undefined && figure !== undefined) {
			return [cutRow(shown, cut)];
		}

		return figure === undefined || (figure.error === null && !isLacked(shown.name, comparison))
			? []
			: [
					rowOf(
						shown,
						isLacked(shown.name, comparison) ? {...figure, verdict: null} : figure,
						baselines.naive[shown.name],
					),
				];
	});
}

/** Row of a percentile that the timeout cuts off on a side. */
function cutRow({label, suffix}: ShownFigure, {timeout, simulated, measured}: CutOff): string[] {
	const cell = (share: number) =>
		share === 0
			? 'not cut off'
			: `≥ ${significant(timeout)} (timeout)${share === 1 ? '' : ` in ${significant(100 * share)} %`}`;
	return [`${label} [${suffix}]`, cell(simulated), cell(measured), '–', '–', '–', '–', '–'];
}

/** Rows without the ones that are 0 everywhere, and a note that names those. */
export function foldZeros(rows: readonly (readonly string[])[]): {
	readonly rows: readonly (readonly string[])[];
	readonly folded: readonly string[];
} {
	const isZero = ([, ...cells]: readonly string[]) => {
		const digits = cells.join('').replaceAll(/[^\d]/g, '');
		return digits !== '' && /^0+$/.test(digits) && cells.every(cell => !/^[a-z]/i.test(cell));
	};
	const zero = rows.filter(isZero);
	return {
		rows: rows.filter(row => !isZero(row)),
		folded: zero.length === 0 ? [] : [`0 in every column: ${zero.map(([label = '']) => label.trim()).join('; ')}.`],
	};
}

/** Whether the records lack what a figure is read from; it is then shown without numbers. */
function isLacked(name: string, {lacking}: Comparison): boolean {
	return lacking.includes(name);
}

function rowOf(
	{name, label, factor = 1, suffix: usual}: ShownFigure,
	figure: FigureComparison,
	naive: number | null | undefined,
): string[] {
	const number = (value: number | null | undefined) => (value == null ? '–' : significant(value * factor));
	const suffix = name === 'cost' ? figure.unit : usual;
	const unit = suffix === '' ? '' : ` ${suffix}`;
	const {error, simulated, measured, noiseFloor, skill, tolerance, verdict} = figure;
	return [
		`${label}${unit === '' ? '' : ` [${suffix}]`}`,
		number(simulated?.mean),
		number(measured?.mean),
		`${number(error?.value)}${error?.low == null ? '' : ` [${number(error.low)}, ${number(error.high)}]`}`,
		number(noiseFloor),
		skill === null ? '–' : significant(skill),
		number(naive),
		verdict === null ? '–' : `${number(tolerance)}, ${verdict}`,
	];
}

/** Notes beside the figures of a comparison, one sentence each. */
export function comparisonNotes({triangle, envelope, utilization, elasticity}: Comparison): string[] {
	const percent = (share: number | null) =>
		share === null || Number.isNaN(share) ? '–' : `${significant(share * 100)} %`;
	const {a, source} = triangle;
	const misses = a.records.flatMap(({record, misses}) =>
		misses.map(
			({seconds, recorded, replayed, cause, detail}) =>
				`Missed at ${formatDuration(seconds)} of ${record}: ${recorded} recorded, ${replayed} replayed; ${cause} (${detail})`,
		),
	);
	return [
		`The recorded replicas lie within the simulator's 90 % envelope ${envelope.coverage.map(percent).join(', ')} of the time.`,
		...Object.entries(utilization).map(
			([name, {weightedError}]) =>
				`Use of ${name} as the autoscaler saw it: off by ${percent(weightedError)} of its sum.`,
		),
		`Too few pods for ${levels(elasticity.underTimeshare)} of the time, too many for ${levels(elasticity.overTimeshare)} (simulated / recorded).`,
		a.decisions === 0
			? 'The records hold no decision of an autoscaler.'
			: `From the recorded inputs the simulated autoscaler takes ${a.matches} of ${a.decisions - a.unchecked} decisions as recorded (${percent(a.share)}).`,
		...a.records.flatMap(({record, unchecked}) =>
			unchecked.map(({lacks, count}) => `${count} decisions of ${record} cannot be checked: it has ${lacks}.`),
		),
		...misses,
		...(source.length === 0 ? ['No part of the model is off by itself.'] : []),
		...source.map(({part, because}) => `Error from: ${part}. ${because}.`),
	];
}

function levels({simulated, measured}: FigureComparison): string {
	const of = (level: {readonly mean: number} | null) => (level === null ? '–' : `${significant(level.mean * 100)} %`);
	return `${of(simulated)} / ${of(measured)}`;
}
