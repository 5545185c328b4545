import type {Experiment} from '../../experiment/experiment.ts';
import type {AgainstFigures, Summary} from '../../forecast/summary.ts';
import type {DecisionTable, Recording} from '../../records/record.ts';
import {counted, formatDuration, formatEstimate, formatMean, formatNumber, money, percent} from '../text/format.ts';
import {wayName} from './economics-rows.ts';

/** Notes that a reader needs beside the figures, one sentence each. */
export function forecastNotes(experiment: Experiment, summary: Summary, dynamic: Recording | undefined): string[] {
	return [
		...(dynamic === undefined ? [] : firstScaleUp(dynamic.tables.decisions)),
		...(dynamic === undefined ? [] : heldUp(dynamic.tables.decisions)),
		...economicsNotes(experiment, summary),
		...(summary.replications === 1 ? ['One replication: no intervals.'] : []),
		...uncalibratedNote(experiment),
	];
}

/** Names of the models whose coefficients were not fitted to a measurement. */
export function uncalibratedModels({deployment: {service, startup}}: Experiment): string[] {
	return [
		...(service.kind === 'work' && service.status === 'uncalibrated' ? [`service time (${service.name})`] : []),
		...(startup.kind === 'stages' && startup.status === 'uncalibrated' ? [`start-up (${startup.name})`] : []),
	];
}

function firstScaleUp({seconds, currentReplicas, desiredReplicas, proposals}: DecisionTable): string[] {
	const index = seconds.findIndex((_, row) => desiredReplicas[row]! > currentReplicas[row]!);
	if (index === -1) {
		return [];
	}

	const at = formatDuration(seconds[index]!);
	const cause = utilizations(proposals[index]!);
	return [
		`First scale-up, replication 0: ${currentReplicas[index]} → ${desiredReplicas[index]} pods after ${at}${cause}.`,
	];
}

/** Says so when one metric alone kept pods that all others would have let go, for more than a tenth of the reconciles. */
function heldUp({currentReplicas, proposals}: DecisionTable): string[] {
	const counts = new Map<string, number>();
	for (const [row, text] of proposals.entries()) {
		const metrics = JSON.parse(text) as {name: string; proposal?: number}[];
		const holding = metrics.filter(({proposal}) => proposal !== undefined && proposal >= currentReplicas[row]!);
		if (metrics.length > 1 && holding.length === 1 && holding[0]!.proposal === currentReplicas[row]) {
			counts.set(holding[0]!.name, (counts.get(holding[0]!.name) ?? 0) + 1);
		}
	}

	return [...counts]
		.filter(([, count]) => count > proposals.length / 10)
		.map(
			([name, count]) =>
				`In ${formatNumber(Math.round((100 * count) / proposals.length))} % of the reconciles of replication 0 it was ${name} alone ` +
				'that kept the pods: the other metrics asked for fewer.',
		);
}

/** Metrics that the HPA saw at a decision: `, at CPU 87 % and memory 36 % of request`. */
function utilizations(proposals: string): string {
	const metrics = JSON.parse(proposals) as {name: string; utilization?: number}[];
	const seen = metrics
		.filter(({utilization}) => utilization !== undefined)
		.map(({name, utilization}) => `${name === 'cpu' ? 'CPU' : name} ${formatNumber(utilization!)} %`);
	return seen.length === 0 ? '' : `, at ${seen.join(' and ')} of request`;
}

function uncalibratedNote(experiment: Experiment): string[] {
	const models = uncalibratedModels(experiment);
	return models.length === 0 ? [] : [`Uncalibrated, from published figures: ${models.join(', ')}.`];
}

/** Notes that a reader needs beside the figures of cost, one sentence each. */
function economicsNotes(experiment: Experiment, {economics, fixed}: Summary): string[] {
	const {against, billing, tooSmallNodes} = economics;
	return [
		...against.flatMap(other => breakEvenNote(experiment, other)),
		...(fixed === null ? [] : missingNotes(experiment, against)),
		...(fixed !== null && billing.some(({kind}) => kind === 'fixed-nodes') ? [fixedClusterNote(billing)] : []),
		...currencyNote(billing),
		...tooSmallNodes.map(name => `A pod is larger than the nodes of ${name}: left out.`),
	];
}

/** Amounts of several currencies stand in one table, each row for itself. */
function currencyNote(billing: Summary['economics']['billing']): string[] {
	const currencies = [...new Set(billing.map(({currency}) => currency))];
	return currencies.length < 2
		? []
		: [
				`Ways of billing are in ${currencies.join(', ')}, each in its own: they are not converted, so compare rows of one.`,
			];
}

function breakEvenNote({autoscaler}: Experiment, {replicas, breakEven}: AgainstFigures): string[] {
	if (breakEven === null || replicas === null || autoscaler === 'none') {
		return [];
	}

	const {loadedShare, podsWhileLoaded, breakEvenShare} = breakEven;
	const pods = formatNumber(podsWhileLoaded.mean!, 1);
	const shape = `more than its ${autoscaler.minReplicas} pods ${formatEstimate(loadedShare, percent)} of the time, ${pods} of them then`;
	const share = breakEvenShare.mean!;
	const verdict =
		share >= 1
			? 'it pays at any length of the loaded time'
			: share <= 0
				? 'it never pays'
				: `it pays as long as that is below ${formatEstimate(breakEvenShare, percent)}`;
	return [`Break-even with ${counted(replicas, 'pod')}: dynamic has ${shape}; ${verdict}.`];
}

function missingNotes({fixed, autoscaler}: Experiment, against: Summary['economics']['against']): string[] {
	if (autoscaler === 'none' || against.some(({baseline}) => baseline === 'smallest-fixed')) {
		return [];
	}

	const most = Math.max(fixed?.replicas ?? 1, autoscaler.maxReplicas);
	return against.some(({baseline}) => baseline === 'ideal')
		? [`No fixed number of pods up to ${formatNumber(most)} keeps the SLO.`]
		: [
				'Neither the fewest fixed pods that keep the SLO nor an autoscaler without delay were simulated: --baselines simulates both.',
			];
}

function fixedClusterNote(billing: Summary['economics']['billing']): string {
	const ways = billing
		.filter(({kind}) => kind === 'fixed-nodes')
		.map(
			way =>
				`${formatNumber(way.dynamic.mostNodes!)} ${wayName({...way, kind: 'nodes'})} cost ` +
				`${formatMean(way.dynamic.costPerHour.mean, money(way.currency))}`,
		);
	return `On a cluster of fixed size scaling pods down saves nothing, it moves cost to idle capacity: ${ways.join(', ')} an hour either way.`;
}
