import Table from 'cli-table3';
import type {Comparison, ComparisonWithSides} from '../comparison/compare.ts';
import {measuredTimelines} from '../comparison/reading.ts';
import {printable} from '../printable.ts';
import {recordHash} from '../records/record-hash.ts';
import type {Timeline} from '../records/replica-line.ts';
import {comparisonNotes, figureHead, figureRows, lackNotes, verdictWords} from './comparison-notes.ts';
import {counted, significant} from './text/format.ts';
import {replicaChart} from './text/replica-chart.ts';
import {wrapWords} from './text/report.ts';

const width = 110;
const chartWidth = 72;

/** Comparison as text for a terminal of 110 columns. */
export function comparisonReport(compared: ComparisonWithSides): string {
	const {comparison} = compared;
	const lines = [
		...heading(compared),
		...replicaCharts(compared),
		drawTable(figureHead, figureRows(comparison)),
		...tenantTable(comparison),
		...comparisonNotes(comparison).flatMap(note => wrapWords('- ', note, width)),
		'',
		...wrapWords(`${comparison.verdict}: `, verdictWords(comparison), width),
		'',
	];
	return printable(lines.join('\n'));
}

function heading({comparison, sides, replications}: ComparisonWithSides): string[] {
	const {name, profile} = sides.experiment;
	const repeats = counted(sides.measured.length, 'measured run');
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

/** Replicas over time on both sides. */
function replicaCharts({comparison, sides}: ComparisonWithSides): string[] {
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

function drawTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
	const table = new Table({
		head: [...head],
		style: {head: [], border: [], 'padding-left': 1, 'padding-right': 1, compact: true},
	});
	table.push(...rows.map(row => [...row]));
	return table.toString();
}

/** JSON of a comparison. Every figure names its unit; every record its folder and hash. */
export function comparisonJson({comparison, sides, replications}: ComparisonWithSides) {
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
