import type {Comparison, ComparisonWithSides} from '../comparison/compare.ts';
import {measuredTimelines} from '../comparison/reading.ts';
import {isOfReplicasAlone} from '../comparison/run-counts.ts';
import {recordHash} from '../records/record-hash.ts';
import type {Timeline} from '../records/replica-line.ts';
import {comparisonAnswer} from './answers/comparison-answer.ts';
import {comparisonFigureSections, comparisonNotes, lackNotes} from './comparison-notes.ts';
import {recordKind} from './text/evidence-words.ts';
import {counted, significant} from './text/format.ts';
import {replicaChart} from './text/replica-chart.ts';
import type {Report, ReportSection} from './text/report.ts';

const chartWidth = 72;

/** Comparison as a report: the answer, replicas over time on both sides, the figures, where the error comes from. */
export function comparisonReport(compared: ComparisonWithSides): Report {
	const {comparison, sides} = compared;
	return {
		title: titleOf(compared),
		answer: comparisonAnswer(compared),
		lead: [
			`${basisOf(compared)} Errors are simulated less ${recordKind(sides.measured)}, with [90 % intervals].${speedNote(comparison)}`,
			...lackNotes(comparison),
		],
		sections: [
			{
				heading: `${recordKind(sides.measured) === 'emulated' ? 'Emulated' : 'Measured'} records`,
				notes: [...sides.measured, ...(sides.measuredFixed ?? [])].map(({name}) => name),
				untitledIn: ['terminal'],
			},
			...replicaSections(compared),
			...comparisonFigureSections(compared),
			...tenantSections(comparison, recordKind(sides.measured)),
			{heading: 'Where the error comes from', notes: comparisonNotes(comparison), detail: 'full'},
		],
	};
}

/** `dynamic-scaling (bench): the forecast beside 3 measured runs` */
function titleOf({sides}: ComparisonWithSides): string {
	const {name, profile} = sides.experiment;
	const runs = counted(sides.measured.length, `${recordKind(sides.measured)} run`);
	return `${name}${profile === undefined ? '' : ` (${profile})`}: the forecast beside ${runs}`;
}

function basisOf({sides, replications}: ComparisonWithSides): string {
	return sides.givenFolder === undefined
		? `${replications} replications of the simulator with ${requestWords(sides)}.`
		: `Simulated: ${sides.givenFolder}, which varies as ${replications} replications of the simulator do.`;
}

/** Requests of the simulated runs, and why those of a long history are few. */
function requestWords({measured}: ComparisonWithSides['sides']): string {
	return isOfReplicasAlone(measured)
		? 'requests drawn at the rate of the experiment, as no record has the very ones (fewer the more requests there are, unless --replications says how many)'
		: `the ${recordKind(measured)} requests`;
}

function speedNote({judgements: {simulator}}: Comparison): string {
	return simulator.speed === 'measured' ? ' Each run is simulated at the speed that its machine had.' : '';
}

/** Replicas over time on both sides. */
function replicaSections({comparison, sides}: ComparisonWithSides): ReportSection[] {
	const {duration} = sides.experiment;
	const timelines = [...measuredTimelines(sides)];
	const [folder, measured] = timelines.find(([, line]) => line.length > 0) ?? [timelines[0]?.[0] ?? '', []];
	const median = comparison.envelope.band.map(([at, , middle]) => [at, middle] as const);
	const chart = (line: Timeline) => replicaChart(line, {duration, width: chartWidth}).join('\n');
	return [
		{heading: 'Replicas over time, simulated, median:', code: chart(median)},
		{
			heading: `${recordKind(sides.measured)}, ${folder}:`,
			code: measured.length === 0 ? '– (no decisions recorded)' : chart(measured),
		},
	];
}

function tenantSections({tenants}: Comparison, kind: string): ReportSection[] {
	if (tenants.length < 2) {
		return [];
	}

	const rows = tenants.map(({name, figures}) => {
		const {p95, throughput} = figures;
		const of = (level: {readonly mean: number} | null | undefined) => (level == null ? '–' : significant(level.mean));
		return [name, of(p95?.simulated), of(p95?.measured), of(throughput?.simulated), of(throughput?.measured)];
	});
	const head = ['tenant', 'p95 simulated [s]', kind, 'throughput simulated [1/s]', kind];
	return [{heading: 'Tenants', rows: [head, ...rows], untitledIn: ['terminal'], detail: 'full'}];
}

/** JSON of a comparison. Every figure names its unit; every record its folder and hash. */
export function comparisonJson(compared: ComparisonWithSides) {
	const {comparison, sides, replications} = compared;
	const {name, hash, profile, seed} = sides.experiment;
	const {
		verdict,
		judged,
		unmeasured,
		lacks,
		cutOff,
		judgements,
		figures,
		tenants,
		elasticity,
		utilization,
		envelope,
		triangle,
		noiseFloor,
		nodesAlone,
		baselines,
	} = comparison;
	const records = [...sides.measured, ...(sides.measuredFixed ?? [])].map(({name: folder, recording}) => ({
		folder,
		arm: recording.head.arm,
		repeat: recording.head.replication,
		hash: recordHash(recording),
	}));
	return {
		answer: comparisonAnswer(compared),
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
		judgements,
		...(cutOff.length > 0 && {cutOff}),
		...(lacks.length > 0 && {judged, unmeasured, lacks}),
		figures: {...figures, tenants, elasticity, utilization, envelope},
		triangle,
		noiseFloor,
		...(nodesAlone !== null && {nodesAlone}),
		baselines,
	};
}
