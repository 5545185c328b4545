import type {AuditedClaim} from '../../audit/audit.ts';
import {formatFigure} from '../../audit/format-figure.ts';
import type {Estimate, Summary} from '../../forecast/summary.ts';
import {estimate} from '../../statistics/estimate.ts';
import type {Evidence} from '../charts/estimates-chart.ts';
import type {PosterEvidence, PosterSubject} from '../charts/poster-charts.ts';
import {
	count,
	counted,
	formatDuration,
	formatEstimate,
	formatMean,
	money,
	percent,
	perSecond,
	seconds,
	type UnitRule,
	wattHours,
} from '../text/format.ts';

/** A number of the poster's head, as each source has it. */
export type Kpi = {readonly name: string; readonly figures: readonly KpiFigure[]};

type KpiFigure = {
	readonly evidence: Evidence;
	readonly value: number;
	readonly low: number | null;
	readonly high: number | null;
	/** With its interval. */
	readonly text: string;
	/** Baseline of the figure, in words, where it is another one than the name says. */
	readonly against?: string;
};

/** The poster's key performance indicators, and what a measurement adds to them. */
export function posterKpis(evidence: PosterEvidence, audited: readonly AuditedClaim[]): Kpi[] {
	const claim = (id: string, quantity: UnitRule) =>
		audited.filter(claimed => claimed.id === id).flatMap(claimed => claimedFigure(claimed, quantity));
	const {scaling, cost, load, tenants, validation} = evidence;
	const coverage = validation === undefined ? [] : within(validation.comparison.envelope.coverage);
	return [
		{name: 'Scaling factor', figures: [...factors(scaling), ...claim('scaling-factor', count)]},
		{
			name: savedName(cost),
			figures: [
				...both(cost, ({savings}) => savings?.fraction, percent),
				...againstFewest(cost),
				...claim('reduction', percent),
			],
		},
		{
			name: 'Throughput under load',
			figures: [
				...both(load, ({dynamic}) => dynamic.throughputPerSecond, perSecond),
				...claim('throughput', perSecond),
			],
		},
		{
			name: 'Availability under load',
			figures: [
				...both(load, ({dynamic}) => dynamic.availability, percent),
				...claim('availability-under-load', percent),
			],
		},
		{
			name: `Fairness among ${tenants.experiment.workload.tenants.length} tenants`,
			figures: both(tenants, ({dynamic}) => dynamic.fairness, count),
		},
		{
			name: `Energy of ${formatDuration(cost.experiment.duration)}`,
			figures: both(cost, ({dynamic}) => dynamic.energyWattHours, wattHours),
		},
		{name: 'Measured replicas within the band', figures: coverage},
	].filter(({figures}) => figures.length > 0);
}

/** Most key figures at the head of a poster. */
const mostKpis = 6;

/** The key figures of experiments, as many of each as there is room for. */
export function experimentKpis(subjects: readonly PosterSubject[]): Kpi[] {
	const room = Math.max(1, Math.floor(mostKpis / subjects.length));
	return subjects.slice(0, mostKpis).flatMap(subject => {
		const {experiment, simulated} = subject;
		const hourly = money(experiment.prices.currency);
		return [
			...(simulated.dynamic.itlSeconds === undefined ? [] : tokenKpis(subject)),
			{
				name: savedName(subject),
				figures: [...both(subject, ({savings}) => savings?.fraction, percent), ...againstFewest(subject)],
			},
			{name: 'Cost of an hour', figures: both(subject, ({dynamic}) => dynamic.costPerHour, hourly)},
			{name: 'Latency p95', figures: both(subject, ({dynamic}) => dynamic.latencySeconds.p95, seconds)},
			{name: 'Availability', figures: both(subject, ({dynamic}) => dynamic.availability, percent)},
			{name: 'Throughput', figures: both(subject, ({dynamic}) => dynamic.throughputPerSecond, perSecond)},
			{name: 'Energy of the run', figures: both(subject, ({dynamic}) => dynamic.energyWattHours, wattHours)},
		]
			.filter(({figures}) => figures.length > 0)
			.slice(0, room)
			.map(({name, figures}) => ({name: subjects.length === 1 ? name : `${experiment.name}: ${name}`, figures}));
	});
}

/** Key figures of a service whose engine streams its answers. */
function tokenKpis({experiment, simulated}: PosterSubject): Kpi[] {
	const {currency} = experiment.prices;
	const {dynamic, fixed} = simulated.economics;
	const beside = figureOf('simulated', fixed?.costPerMillionOutputTokens, money(currency)).map(figure => ({
		...figure,
		against: counted(experiment.fixed?.replicas ?? 0, 'fixed pod'),
	}));
	return [
		{
			name: 'Cost per million output tokens',
			figures: [...figureOf('simulated', dynamic.costPerMillionOutputTokens, money(currency)), ...beside],
		},
		{
			name: 'Time to first token p95',
			figures: figureOf('simulated', simulated.dynamic.ttftSeconds.p95, seconds),
		},
	];
}

function savedName({experiment: {fixed}}: PosterSubject): string {
	return fixed === undefined ? 'Saved against fixed pods' : `Saved against ${counted(fixed.replicas, 'fixed pod')}`;
}

/** Saving against the fewest fixed pods that keep the objective, where that is another number than the experiment's own. */
function againstFewest({experiment: {fixed}, simulated}: PosterSubject): KpiFigure[] {
	const {fewest} = simulated.answer;
	const found = simulated.economics.against.find(({baseline}) => baseline === 'smallest-fixed');
	const saved = found?.savings.fraction;
	const own = found?.replications === simulated.replications ? '' : `, first ${found?.replications} replications`;
	return fewest === null || fewest.replicas === fixed?.replicas
		? []
		: figureOf('simulated', saved, percent).map(figure => ({
				...figure,
				against: `against ${counted(fewest.replicas, 'pod')}, which meet the SLO${own}`,
			}));
}

function both(
	{simulated, measured}: PosterSubject,
	of: (summary: Summary) => Estimate | undefined,
	quantity: UnitRule,
): KpiFigure[] {
	return [
		...figureOf('simulated', of(simulated), quantity),
		...(measured === undefined ? [] : figureOf('measured', of(measured), quantity)),
	];
}

function figureOf(evidence: Evidence, found: Estimate | undefined, quantity: UnitRule): KpiFigure[] {
	return found?.mean == null
		? []
		: [{evidence, value: found.mean, low: found.low, high: found.high, text: formatEstimate(found, quantity)}];
}

/** Most pods over fewest; a count of whole pods has no interval. */
function factors({experiment: {autoscaler}, simulated, measured}: PosterSubject): KpiFigure[] {
	const least = autoscaler === 'none' ? 1 : autoscaler.minReplicas;
	const factor = (evidence: Evidence, summary: Summary | undefined): KpiFigure[] => {
		const most = summary?.dynamic.replicas.max;
		return most === undefined
			? []
			: [{evidence, value: most / least, low: null, high: null, text: `${most / least}× (${least}–${most} pods)`}];
	};
	return [...factor('simulated', simulated), ...factor('measured', measured)];
}

function within(coverage: readonly number[]): KpiFigure[] {
	return figureOf('measured', estimate(coverage, {min: 0, max: 1}), percent);
}

/** Formats a claimed share or factor as the simulated ones are, anything else in the claim's own unit. */
function claimedFigure({claimed, unit}: AuditedClaim, quantity: UnitRule): KpiFigure[] {
	return claimed === null || unit === null
		? []
		: [{evidence: 'claimed', value: claimed, low: null, high: null, text: claimedText(claimed, unit, quantity)}];
}

function claimedText(value: number, unit: string, quantity: UnitRule): string {
	switch (unit) {
		case 'x':
			return `${value}×`;
		case '1':
			return formatMean(value, quantity);
		default:
			return formatFigure(value, unit);
	}
}
