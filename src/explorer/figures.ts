import type {Estimate, Summary} from '../forecast/summary.ts';
import {answerHeadline} from '../report/answer-lines.ts';
import {againstHead, againstRows, unitRows} from '../report/tables/economics-rows.ts';
import {forecastHead, forecastRows, type Row} from '../report/tables/forecast-rows.ts';
import {count, counted, formatMean, money, percent, type UnitRule} from '../report/text/format.ts';
import {formatMeanLatency} from '../report/text/latency.ts';
import type {Shown} from './explored.ts';

/** A figure that stands out, and the fixed arm's beside it. */
type KeyFigure = {readonly name: string; readonly text: string; readonly beside?: string};

/** Key figures of a summary. */
export function keyFigures({dynamic, fixed, economics}: Summary): KeyFigure[] {
	const quantity = money(economics.currency);
	const pair = (name: string, of: (arm: Summary['dynamic']) => Estimate, quantity: UnitRule): KeyFigure => ({
		name,
		text: mean(of(dynamic), quantity),
		...(fixed !== null && {beside: `fixed ${mean(of(fixed), quantity)}`}),
	});
	return [
		pair('replicas, mean', arm => arm.replicas, count),
		{
			name: 'latency p95',
			text: formatMeanLatency(dynamic, 'p95'),
			...(fixed !== null && {beside: `fixed ${formatMeanLatency(fixed, 'p95')}`}),
		},
		pair('SLO attainment', arm => arm.sloAttainment, percent),
		pair('cost per hour', arm => arm.costPerHour, quantity),
	];
}

/** The tables that `replicast run` prints of the same: of both arms, and of what dynamic saves. */
export function tables({experiment, summary}: Shown): {
	readonly arms: readonly Row[];
	readonly savings: readonly Row[];
} {
	return {
		arms: [
			forecastHead(experiment),
			...forecastRows(summary),
			...(summary.dynamic.itlSeconds === undefined ? [] : unitRows(summary)),
		],
		savings: summary.economics.against.length === 0 ? [] : [againstHead(summary), ...againstRows(summary)],
	};
}

/** Words for what is still to be compared with; empty where nothing is. */
export function pendingLine({answer: {objective, fixed}}: Summary): string {
	if (objective === 'none') {
		return '';
	}

	const only =
		fixed === null ? 'with no fixed number yet' : `with ${counted(fixed.replicas, 'fixed pod')} alone so far`;
	return `Compared ${only}; the fewest that meet the SLO are simulated once the sliders rest.`;
}

/** Words for the replications that are shown. */
export function replicationWords(replications: number): string {
	return replications === 1 ? 'Replication 0 alone' : `Mean of ${replications} replications, with 95 % intervals`;
}

/** Summary for a screen reader, spoken when the sliders rest. */
export function spokenSummary(summary: Summary): string {
	const {replications, dynamic, fixed, economics} = summary;
	const quantity = money(economics.currency);
	const arm = (figures: Summary['dynamic']) =>
		`${mean(figures.replicas, count)} replicas, p95 ${formatMeanLatency(figures, 'p95')}, ${mean(figures.costPerHour, quantity)} an hour`;
	return [
		`${replicationWords(replications)}. Dynamic: ${arm(dynamic)}.`,
		...(fixed === null ? [] : [`Fixed: ${arm(fixed)}.`]),
		`${answerHeadline(summary)}.`,
	].join(' ');
}

function mean({mean}: Estimate, quantity: UnitRule): string {
	return formatMean(mean, quantity);
}
