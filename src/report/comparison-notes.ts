import type {Comparison} from '../comparison/compare.ts';
import type {FigureComparison} from '../comparison/compare-figures.ts';
import {comparisonFigures, type ShownFigure} from '../comparison/figure-table.ts';
import {formatDuration, significant} from './text/format.ts';

/** Tables and columns that the measured records lack, a sentence each. */
export function lackNotes({lacks}: Comparison): string[] {
	return lacks.map(
		({record, lacks}) =>
			`${record} lacks ${lacks.join(', ')}: what follows from that is shown as – and left out of the verdict.`,
	);
}

/** Head of the rows of the figures. */
export const figureHead = ['', 'simulated', 'measured', 'error', 'repeats', 'skill', 'naive', 'allowed'];

/** Rows of the figures: both sides, the error with its interval, and its tolerance. */
export function figureRows(comparison: Comparison): string[][] {
	const {figures, baselines} = comparison;
	return comparisonFigures.flatMap(shown => {
		const figure = figures[shown.name];
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
		`The measured replicas lie within the simulator's 90 % envelope ${envelope.coverage.map(percent).join(', ')} of the time.`,
		...Object.entries(utilization).map(
			([name, {weightedError}]) =>
				`Use of ${name} as the autoscaler saw it: off by ${percent(weightedError)} of its sum.`,
		),
		`Too few pods for ${levels(elasticity.underTimeshare)} of the time, too many for ${levels(elasticity.overTimeshare)} (simulated / measured).`,
		a.decisions === 0
			? 'The records hold no decision of an autoscaler.'
			: `From its recorded inputs the autoscaler alone repeats ${a.matches} of ${a.decisions - a.unchecked} decisions (${percent(a.share)}).`,
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

/** Basis of the verdict: the tolerances that are kept, broken or not judged. */
export function verdictWords({verdict, failing, unclear, unmeasured, judged, figures}: Comparison): string {
	const left = unmeasured.length > 0 ? `not judged, as the records do not hold it: ${unmeasured.join(', ')}` : '';
	const unjudged = [unclear.length > 0 ? `not decided by these runs: ${unclear.join(', ')}` : '', left]
		.filter(words => words !== '')
		.join('; ');
	if (verdict === 'VALID') {
		return left === ''
			? 'every tolerance of the experiment is shown to be kept.'
			: `the tolerances of ${judged.join(', ')} are shown to be kept; ${left}.`;
	}

	if (verdict === 'CANNOT SAY') {
		return unjudged === '' ? 'the experiment sets no tolerance.' : `${unjudged}.`;
	}

	const outside = failing.map(name => {
		const relative = figures[name]?.relativeError;
		return relative == null ? name : `${name} (${relative > 0 ? '+' : ''}${significant(relative * 100)} %)`;
	});
	return `outside the tolerance: ${outside.join(', ')}${unjudged === '' ? '' : `; ${unjudged}`}.`;
}
