import Table from 'cli-table3';
import type {Comparison} from '../comparison/compare.ts';
import type {FigureComparison} from '../comparison/compare-figures.ts';
import {comparisonFigures, type ShownFigure} from '../comparison/figure-table.ts';
import {measuredTimelines} from '../comparison/reading.ts';
import type {ComparisonSides} from '../library/compare.ts';
import {recordHash} from '../records/record-hash.ts';
import type {Timeline} from '../records/replica-line.ts';
import {comparisonCharts} from './charts/comparison-charts.ts';
import {drawCharts} from './drawing/draw-svg.ts';
import {pageFonts} from './drawing/typeface.ts';
import {reportPage} from './pages/report-page.ts';
import type {Row} from './tables/forecast-rows.ts';
import {significant} from './text/format.ts';
import {replicaChart} from './text/replica-chart.ts';
import {wrapWords} from './text/report.ts';

const width = 110;
const chartWidth = 72;

/** A comparison as it is printed for people. */
export function comparisonReport(told: ComparisonTold): string {
	const {comparison} = told;
	return [
		...heading(told),
		...replicaCharts(told),
		drawTable(figureHead, figureRows(comparison)),
		...tenantTable(comparison),
		...comparisonNotes(comparison).flatMap(note => wrapWords('- ', note, width)),
		'',
		...wrapWords(`${comparison.verdict}: `, verdictWords(comparison), width),
		'',
	].join('\n');
}

function heading({comparison, sides, replications}: ComparisonTold): string[] {
	const {name, profile} = sides.experiment;
	const repeats = sides.measured.length === 1 ? '1 measured run' : `${sides.measured.length} measured runs`;
	const against =
		sides.givenFolder === undefined
			? `${replications} replications of the simulator with the measured requests`
			: `${sides.givenFolder}, which varies as ${replications} replications of the simulator do,`;
	return [
		profile === undefined ? name : `${name} (${profile})`,
		...wrapWords(
			'',
			`${against} against ${repeats}; errors are simulated less measured, with [90 % intervals]; repeats: between two of them; skill: error of a run / that`,
			width,
		),
		...[...sides.measured, ...(sides.measuredFixed ?? [])].map(({name: folder}) => `  ${folder}`),
		...lackNotes(comparison).flatMap(note => wrapWords('', note, width)),
		'',
	];
}

/** What the measured records do not hold, a sentence each. */
export function lackNotes({lacks}: Comparison): string[] {
	return lacks.map(
		({record, lacks}) =>
			`${record} lacks ${lacks.join(', ')}: what follows from that is shown as – and left out of the verdict.`,
	);
}

/** Replicas over time on both sides. */
function replicaCharts({comparison, sides}: ComparisonTold): string[] {
	const {duration} = sides.experiment;
	const timelines = [...measuredTimelines(sides)];
	const [folder, measured] = timelines.find(([, line]) => line.length > 0) ?? [timelines[0]?.[0] ?? '', []];
	const median = comparison.envelope.band.map(([at, , middle]) => [at, middle] as const);
	const chart = (line: Timeline) => replicaChart(line, {duration, width: chartWidth});
	return [
		'Replicas over time, simulated, median:',
		...chart(median),
		`measured, ${folder}:`,
		...(measured.length === 0 ? ['– (no decisions recorded)'] : chart(measured)),
		'',
	];
}

export const figureHead = ['', 'simulated', 'measured', 'error', 'repeats', 'skill', 'naive', 'allowed'];

/** A row a figure: both sides, the error with its interval, and what it is held against. */
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

/** A figure that all would have, but that the records cannot tell, is shown without numbers. */
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

function tenantTable({tenants}: Comparison): string[] {
	if (tenants.length < 2) {
		return [];
	}

	const rows = tenants.map(({name, figures}) => {
		const {p95, throughput} = figures;
		const of = (level: {readonly mean: number} | null | undefined) => (level == null ? '–' : significant(level.mean));
		return [name, of(p95?.simulated), of(p95?.measured), of(throughput?.simulated), of(throughput?.measured)];
	});
	return [drawTable(['tenant', 'p95 simulated [s]', 'measured', 'throughput simulated [1/s]', 'measured'], rows)];
}

/** What a reader has to know beside the figures, one sentence each. */
export function comparisonNotes({triangle, envelope, utilization, elasticity}: Comparison): string[] {
	const percent = (share: number | null) =>
		share === null || Number.isNaN(share) ? '–' : `${significant(share * 100)} %`;
	const {a, source} = triangle;
	const misses = a.records.flatMap(({record, misses}) =>
		misses.map(
			({seconds, recorded, replayed, cause, detail}) =>
				`Missed at ${significant(seconds)} s of ${record}: ${recorded} recorded, ${replayed} replayed; ${cause} (${detail})`,
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
			: `From its recorded inputs the autoscaler alone comes to ${a.matches} of ${a.decisions - a.unchecked} decisions (${percent(a.share)}).`,
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

/** What the verdict rests on. */
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

	const told = failing.map(name => {
		const relative = figures[name]?.relativeError;
		return relative == null ? name : `${name} (${relative > 0 ? '+' : ''}${significant(relative * 100)} %)`;
	});
	return `outside the tolerance: ${told.join(', ')}${unjudged === '' ? '' : `; ${unjudged}`}.`;
}

function drawTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
	const table = new Table({
		head: [...head],
		style: {head: [], border: [], 'padding-left': 1, 'padding-right': 1, compact: true},
	});
	table.push(...rows.map(row => [...row]));
	return table.toString();
}

export type ComparisonTold = {
	readonly comparison: Comparison;
	readonly sides: ComparisonSides;
	readonly replications: number;
};

/** What `compare --json` prints. Every figure names its unit; every record its folder and hash. */
export function comparisonJson({comparison, sides, replications}: ComparisonTold) {
	const {name, hash, profile, seed} = sides.experiment;
	const {
		verdict,
		judged,
		unmeasured,
		lacks,
		figures,
		tenants,
		elasticity,
		utilization,
		envelope,
		triangle,
		noiseFloor,
		baselines,
	} = comparison;
	const records = [...sides.measured, ...(sides.measuredFixed ?? [])].map(({name: folder, recording}) => ({
		folder,
		arm: recording.head.arm,
		repeat: recording.head.replication,
		hash: recordHash(recording),
	}));
	return {
		experiment: {
			name,
			hash,
			...(profile !== undefined && {profile}),
			seed,
			replications,
			simulated: sides.givenFolder ?? null,
			records,
			refused: sides.refused,
		},
		verdict,
		...(lacks.length > 0 && {judged, unmeasured, lacks}),
		figures: {...figures, tenants, elasticity, utilization, envelope},
		triangle,
		noiseFloor,
		baselines,
	};
}

/** A comparison as a page with charts. */
export async function comparisonPage(told: ComparisonTold): Promise<string> {
	const {comparison, sides, replications} = told;
	const {experiment} = sides;
	const {name, profile, description} = experiment;
	const title = profile === undefined ? name : `${name} (${profile})`;
	const measured = measuredTimelines(sides);
	const charts = comparisonCharts({comparison, experiment, replications, measured, shown: comparisonFigures});
	const report = {
		title: `${title}: simulated and measured`,
		verdict: comparison.verdict,
		lead: [
			...(description === '' ? [] : [description]),
			`${comparison.verdict}: ${verdictWords(comparison)}`,
			...lackNotes(comparison),
			'Errors are simulated less measured, with [90 % intervals]; repeats: between two of them; skill: error of a run over that.',
		],
		figures: await drawCharts(charts),
		sections: [
			{heading: 'Figures', rows: [figureHead, ...figureRows(comparison)]},
			{heading: 'Where the error comes from', notes: comparisonNotes(comparison)},
			{heading: 'Provenance', rows: provenance(told)},
		],
	};
	return reportPage(report, await pageFonts());
}

function provenance({sides, replications}: ComparisonTold): Row[] {
	const {experiment, measured, measuredFixed = [], refused, givenFolder} = sides;
	return [
		['', ''],
		['experiment hash', experiment.hash],
		['seed', String(experiment.seed)],
		['replications', String(replications)],
		...(givenFolder === undefined ? [] : [['simulated record', givenFolder]]),
		...[...measured, ...measuredFixed].map(({name, recording}) => [name, recordHash(recording)]),
		...refused.map(({folder, reason}) => [folder, `left out: it ${reason}`]),
	];
}
