import type {ForecastStanding} from '../forecast/standing/standing.ts';
import {formatNumber} from './text/format.ts';

/** Two lines on the trust that a forecast deserves: its models, and what the validation found and does not cover. */
export function standingLines({models, validation, measured, notValidated}: ForecastStanding): string[] {
	const named = (wanted: string) => models.filter(({status}) => status === wanted);
	const calibrated = named('calibrated').map(({name, date}) => (date === null ? name : `${name} (${day(date)})`));
	const names = (wanted: string) => named(wanted).map(({name}) => name);
	const [uncalibrated, unknown] = [names('uncalibrated'), names('unknown')];
	const texts = [
		...(calibrated.length === 0 ? [] : [`calibrated on a cluster: ${calibrated.join(', ')}`]),
		...(uncalibrated.length === 0 ? [] : [`not calibrated on a cluster: ${uncalibrated.join(', ')}`]),
		...(unknown.length === 0 ? [] : [`not known whether calibrated: ${unknown.join(', ')}`]),
	];
	return [
		`Models: ${texts.join('; ') || 'none; times are as given in the experiment'}`,
		`Trust: ${[measuredText(measured), validationText(validation)].filter(text => text !== '').join('; ')}.${uncovered(notValidated)}`,
	];
}

function validationText({runs, p95, podHours}: ForecastStanding['validation']): string {
	const text = (of: {readonly median: number; readonly worst: number}) =>
		`${percentOf(of.median)} in the median, at worst ${percentOf(of.worst)}`;
	return `in ${runs} measured runs that no model was fitted to p95 was off by ${text(p95)}, pod-hours by ${text(podHours)}`;
}

/** Verdict and errors of the measured runs of an experiment; empty where there are none. */
export function measuredText(measured: ForecastStanding['measured'], subject = 'this experiment'): string {
	if (measured === null) {
		return '';
	}

	const {verdict, p95, podHours} = measured;
	const errors = [
		...(p95 === null ? [] : [`p95 off by ${percentOf(p95)}`]),
		...(podHours === null ? [] : [`pod-hours by ${percentOf(podHours)}`]),
	];
	return `${subject} was measured: ${[verdict, ...errors].join(', ')}`;
}

function uncovered(features: readonly string[]): string {
	return features.length === 0 ? '' : ` Not validated, used here: ${features.join(', ')}.`;
}

function day(date: string): string {
	return date.slice(0, 10);
}

function percentOf(share: number): string {
	return `${formatNumber(Number((100 * Math.abs(share)).toPrecision(2)), share !== 0 && Math.abs(share) < 0.1 ? 1 : 0)} %`;
}
