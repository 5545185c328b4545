import type {BackTest} from '../forecast/prediction/back-test-form.ts';
import type {Summary} from '../forecast/summary.ts';
import {counted, formatMean, formatNumber, formatRange, money} from './text/format.ts';

const verdicts: Readonly<Record<BackTest['verdict'], string>> = {
	yes: 'Yes, for this load: pods over time, their mean and their cost. Other settings are forecast by the same model.',
	means: 'For mean pods and cost, not for when pods come and go.',
	no: 'No: what it says of other settings is no better. Look at the assumptions below, and calibrate.',
};

/** Lines on a forecast beside what was recorded under the same load; none where nothing was. */
export function backTestLines({backTest: tested, economics}: Pick<Summary, 'backTest' | 'economics'>): string[] {
	if (tested === undefined) {
		return [];
	}

	const {recorded, forecast, replicaError, chanceError, constantError, meanError, coverage, runs} = tested;
	const dollars = money(economics.currency);
	const cost = recorded.costPerHour === null ? '' : ` · ${formatMean(recorded.costPerHour, dollars)}/h`;
	const range = forecast.replicasInterval;
	const forecastPods = range === null ? '' : ` (one run ${formatRange(range.low, range.high, () => ({}))}, 90 %)`;
	const costs = forecast.costInterval;
	const forecastCost =
		forecast.costPerHour === null
			? ''
			: ` · ${formatMean(forecast.costPerHour, dollars)}/h${costs === null ? '' : ` (${formatRange(costs.low, costs.high, dollars)})`}`;
	const known = tested.knownShare < 0.999 ? `, ${share(tested.knownShare)} of the time` : '';
	return [
		`Recorded in ${formatNumber(tested.hours, 1)} h${known}: ${pods(recorded.replicas)} in the mean · ${formatNumber(recorded.podHours, 1)} pod-hours${cost}`,
		`The simulator says of the present settings: ${pods(forecast.replicas)}${forecastPods}${forecastCost}`,
		`Error: ${signed(meanError)} in the mean; ${pods(replicaError)} apart over time (chance alone ${formatNumber(chanceError, 2)}, a constant number ${formatNumber(constantError, 2)}); ${share(coverage)} of the time within the 90 % band of ${counted(runs, 'run')}`,
		`May I believe it here? ${verdicts[tested.verdict]}`,
	];
}

function pods(count: number): string {
	return `${formatNumber(count, 2)} pods`;
}

function share(part: number): string {
	return `${formatNumber(100 * part, 0)} %`;
}

function signed(fraction: number): string {
	const percent = 100 * fraction;
	return `${percent < 0 ? '−' : '+'}${formatNumber(Math.abs(percent), 1)} %`;
}
