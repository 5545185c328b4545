import {currencySign} from '../../experiment/currency.ts';
import type {Slo} from '../../experiment/experiment.ts';
import type {PredictedFigure, Prediction} from '../../forecast/prediction/prediction.ts';
import type {AgainstFigures, ArmSummary, Estimate, Summary} from '../../forecast/summary.ts';
import {counted, formatMean, money, seconds, wattHours} from '../text/format.ts';
import {formatMeanLatency, latencyEstimate} from '../text/latency.ts';
import type {Chart, Heading} from './chart.ts';
import {type EstimateRow, type Evidence, estimatesChart} from './estimates-chart.ts';
import type {Colour} from './palette.ts';

/** Estimates of one arm, simulated or measured. */
type EstimateSource<Figures> = {
	readonly evidence: Exclude<Evidence, 'claimed'>;
	readonly arm: 'dynamic' | 'fixed';
	readonly figures: Figures;
	/** Intervals of one real run, in the units of the figures. */
	readonly predicted?: Prediction['dynamic'] | null | undefined;
};

/** Unit and words in which a figure is shown. */
export type FigureLabel = {readonly factor?: number; readonly label: (value: number) => string};

export const secondsLabel: FigureLabel = {label: value => formatMean(value, seconds)};
export const wattHoursLabel: FigureLabel = {label: value => formatMean(value, wattHours)};

/** Money for an hour: how it is shown, and what its axis is called. */
export function hourlyMoney(currency: string): FigureLabel & {readonly title: string; readonly unit: string} {
	const unit = `${currencySign(currency)}/h`;
	return {title: `Cost [${unit}]`, unit, label: value => formatMean(value, money(currency))};
}

type Place = Pick<EstimateRow, 'category' | 'evidence' | 'colour'>;

/** A row of an estimate; none where nothing was found. */
export function estimateRow(
	place: Place,
	{mean, low, high}: Estimate,
	{factor = 1, label}: FigureLabel,
): EstimateRow[] {
	if (mean === null) {
		return [];
	}

	const times = (value: number | null) => (value === null ? null : value * factor);
	return [{...place, value: mean * factor, low: times(low), high: times(high), label: label(mean * factor)}];
}

/** A row a source. */
function sourceRows<Figures>(
	sources: readonly EstimateSource<Figures>[],
	category: string,
	of: (figures: Figures) => Estimate,
	quantity: FigureLabel & {readonly figure?: PredictedFigure},
): EstimateRow[] {
	return sources.flatMap(({evidence, arm, figures, predicted}) => {
		const interval = quantity.figure === undefined ? undefined : predicted?.[quantity.figure];
		return estimateRow({category, evidence, colour: colourOf(evidence, arm)}, of(figures), quantity).map(row => ({
			...row,
			...(interval !== undefined && {predicted: interval}),
		}));
	});
}

/** A published number; none where nothing was published. */
function claimedRow(category: string, value: number | undefined, {label}: FigureLabel): EstimateRow[] {
	return value === undefined
		? []
		: [{category, evidence: 'claimed', colour: 'claimed', value, low: null, high: null, label: label(value)}];
}

function colourOf(evidence: Evidence, colour: Colour): Colour {
	return evidence === 'simulated' ? colour : evidence;
}

/** A summary, and whether it was simulated or measured. */
export type EvidencedSummary = {readonly evidence: Exclude<Evidence, 'claimed'>; readonly summary: Summary};

/** Published figures to set beside ours. */
export type ClaimedCosts = {readonly dynamic?: number | undefined; readonly fixed?: number | undefined};

type Arm = 'dynamic' | 'fixed';

function sourcesOf(summaries: readonly EvidencedSummary[], arm: Arm): EstimateSource<ArmSummary>[] {
	return summaries.flatMap(({evidence, summary}) =>
		summary[arm] === null ? [] : [{evidence, arm, figures: summary[arm], predicted: summary.prediction?.[arm]}],
	);
}

/** Chart of the cost of an hour: dynamic, fixed, and the other baselines. */
export function costChart(heading: Heading, summaries: readonly EvidencedSummary[], claimed: ClaimedCosts = {}): Chart {
	const currency = summaries[0]?.summary.economics.currency ?? 'USD';
	const quantity = hourlyMoney(currency);
	const rowsOf = (arm: Arm, category: string) => [
		...sourceRows(sourcesOf(summaries, arm), category, ({costPerHour}) => costPerHour, {
			...quantity,
			figure: 'costPerHour',
		}),
		...claimedRow(category, claimed[arm], quantity),
	];
	const others = summaries.flatMap(({evidence, summary}) =>
		summary.economics.against.flatMap(other => againstRow(other, {evidence, quantity})),
	);
	const rows = [...rowsOf('dynamic', 'dynamic'), ...rowsOf('fixed', fixedName(summaries)), ...others];
	const {title, unit} = quantity;
	return estimatesChart(heading, rows, {title, unit, hasStems: true});
}

function againstRow(
	{baseline, replicas, costPerHour}: AgainstFigures,
	{evidence, quantity}: {readonly evidence: EvidencedSummary['evidence']; readonly quantity: FigureLabel},
): EstimateRow[] {
	switch (baseline) {
		case 'fixed':
			return [];
		case 'smallest-fixed':
			return estimateRow({category: `fewest for SLO: ${replicas}`, evidence, colour: 'fixed'}, costPerHour, quantity);
		case 'ideal':
			return estimateRow({category: 'no delay', evidence, colour: 'dynamic'}, costPerHour, quantity);
	}
}

function fixedName(summaries: readonly EvidencedSummary[]): string {
	const pods = summaries.flatMap(({summary}) => summary.fixed?.replicas.max ?? [])[0];
	return pods === undefined ? 'fixed' : `fixed, ${counted(pods, 'pod')}`;
}

/** Percentiles of the latency of both arms, with the bounds that are set. */
export function latencyChart(heading: Heading, summaries: readonly EvidencedSummary[], slo: Slo): Chart {
	const rows = (['p50', 'p95', 'p99'] as const).flatMap(percentile =>
		(['dynamic', 'fixed'] as const).flatMap(arm =>
			sourcesOf(summaries, arm).flatMap(source =>
				sourceRows([source], percentile, figures => latencyEstimate(figures, percentile), {
					label: () => `${formatMeanLatency(source.figures, percentile)} ${arm}`,
					figure: percentile,
				}),
			),
		),
	);
	const bounds = (['p50', 'p95', 'p99'] as const).flatMap(percentile =>
		slo[percentile] === undefined ? [] : [{value: slo[percentile], label: `SLO ${percentile}`}],
	);
	return estimatesChart(heading, rows, {title: 'Latency [s]', unit: 's', hasStems: false, references: bounds});
}

/** Quantities of the tokens that an engine streams, and the words of their charts. */
export const tokenQuantities = {
	ttft: {title: 'Time to first token', axis: 'Time to first token [s]', word: 'TTFT'},
	tpot: {title: 'Time per output token', axis: 'Time per output token [s]', word: 'TPOT'},
} as const;

/** Percentiles of a time of tokens in both arms, with the bound that is set; for engines that stream them. */
export function tokenChart(
	heading: Heading,
	summaries: readonly EvidencedSummary[],
	{quantity, slo}: {readonly quantity: keyof typeof tokenQuantities; readonly slo: Slo},
): Chart {
	const {axis, word} = tokenQuantities[quantity];
	const estimateOf = (figures: ArmSummary, percentile: 'p50' | 'p95' | 'p99') =>
		quantity === 'ttft' && percentile === 'p95'
			? latencyEstimate(figures, 'ttft')
			: (figures[`${quantity}Seconds`][percentile] ?? {mean: null, low: null, high: null});
	const rows = (['p50', 'p95', 'p99'] as const).flatMap(percentile =>
		(['dynamic', 'fixed'] as const).flatMap(arm =>
			sourceRows(sourcesOf(summaries, arm), percentile, figures => estimateOf(figures, percentile), {
				label: value => `${secondsLabel.label(value)} ${arm}`,
			}),
		),
	);
	const bound = slo[quantity];
	return estimatesChart(heading, rows, {
		title: axis,
		unit: 's',
		hasStems: false,
		references: bound === undefined ? [] : [{value: bound, label: `SLO ${word} p95`}],
	});
}

/** Energy of the run, and how much of it idle cores drew. */
export function energyChart(heading: Heading, summaries: readonly EvidencedSummary[]): Chart {
	const rows = (['dynamic', 'fixed'] as const).flatMap(arm => {
		const sources = summaries.flatMap(({evidence, summary: {economics}}) =>
			economics[arm] === null ? [] : [{evidence, arm, figures: economics[arm].energy}],
		);
		const name = arm === 'dynamic' ? arm : fixedName(summaries);
		const quantity = {...wattHoursLabel, factor: 1000};
		return [
			...sourceRows(sources, name, ({kilowattHours}) => kilowattHours, quantity),
			...sourceRows(sources, 'of it idle', ({idleKilowattHours}) => idleKilowattHours, quantity),
		];
	});
	return estimatesChart(heading, rows, {title: 'Energy of the run [Wh]', unit: 'Wh', hasStems: true});
}

/** 95th percentile of each tenant's latency in the dynamic arm; its throughput is among the data. */
export function tenantChart(heading: Heading, loads: readonly TenantLoad[], {p95}: Slo): Chart {
	const names = loads[0]?.summaries[0]?.summary.dynamic.tenants.map(({name}) => name) ?? [];
	const rows = names.flatMap((name, index) => loads.flatMap(load => tenantRows(name, index, load)));
	return estimatesChart(heading, rows, {
		title: 'Latency p95 [s]',
		unit: 's',
		hasStems: true,
		references: p95 === undefined ? [] : [{value: p95, label: `SLO p95 ${p95} s`}],
	});
}

/** Runs under one kind of load; `word` names it in the chart. */
type TenantLoad = {readonly summaries: readonly EvidencedSummary[]; readonly word?: string; readonly colour: Colour};

function tenantRows(category: string, index: number, {summaries, word, colour}: TenantLoad): EstimateRow[] {
	return summaries.flatMap(({evidence, summary}) => {
		const tenant = summary.dynamic.tenants[index]!;
		const label = () => `${formatMeanLatency(tenant, 'p95')}${word === undefined ? '' : `, ${word}`}`;
		const place = {category, evidence, colour: evidence === 'simulated' ? colour : evidence};
		return estimateRow(place, latencyEstimate(tenant, 'p95'), {label}).map(row => ({
			...row,
			also: {throughputPerSecond: tenant.throughputPerSecond.mean, ...(word !== undefined && {load: word})},
		}));
	});
}
