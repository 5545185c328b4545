import type {AgainstFigures} from '../economics/economics.ts';
import {money} from '../experiment/currency.ts';
import type {Experiment} from '../experiment/experiment.ts';
import {wayName} from '../forecast/economics-rows.ts';
import type {Summary} from '../forecast/summary.ts';
import {formatEstimate, formatNumber, percent} from '../statistics/format-estimate.ts';

/** What a reader has to know beside the figures of cost, one sentence each. */
export function economicsNotes(experiment: Experiment, {economics, fixed}: Summary): string[] {
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
	return [`Break-even with ${formatNumber(replicas)} pods: dynamic has ${shape}; ${verdict}.`];
}

function missingNotes({fixed, autoscaler}: Experiment, against: Summary['economics']['against']): string[] {
	if (autoscaler === 'none' || against.some(({baseline}) => baseline === 'smallest-fixed')) {
		return [];
	}

	const most = Math.max(fixed?.replicas ?? 1, autoscaler.maxReplicas);
	return against.some(({baseline}) => baseline === 'ideal')
		? [`No fixed number of pods up to ${formatNumber(most)} keeps the SLO.`]
		: ['The fewest fixed pods that keep the SLO were not looked for, and no delay not played: --baselines does both.'];
}

function fixedClusterNote(billing: Summary['economics']['billing']): string {
	const ways = billing
		.filter(({kind}) => kind === 'fixed-nodes')
		.map(
			way =>
				`${formatNumber(way.dynamic.mostNodes!)} ${wayName({...way, kind: 'nodes'})} cost ` +
				`${formatEstimate({mean: way.dynamic.costPerHour.mean, low: null, high: null}, money(way.currency))}`,
		);
	return `On a cluster of fixed size scaling pods down saves nothing, it moves cost to idle capacity: ${ways.join(', ')} an hour either way.`;
}
