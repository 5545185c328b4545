import type {Experiment} from '../experiment/experiment.ts';
import type {Summary} from '../forecast/summary.ts';
import type {DecisionTable, Recording} from '../records/record.ts';
import {formatNumber} from '../statistics/format-estimate.ts';
import {economicsNotes} from './economics-notes.ts';
import {formatDuration} from './format-duration.ts';

/** What a reader has to know beside the figures, one sentence each. */
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

/** What the HPA saw at a decision: `, at CPU 87 % and memory 36 % of request`. */
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
