import type {Comparison} from '../../comparison/compare.ts';
import type {CalibrationJudgement, ForecastJudgement, Judgements} from '../../comparison/machines/judgements.ts';
import type {MeasuredSpeed} from '../../comparison/machines/speed.ts';
import {largest, smallest} from '../../statistics/extremes.ts';
import {counted, formatGiven, seconds, significant} from '../text/format.ts';
import {figureName} from './figure-names.ts';

/** The three judgements of a comparison, a sentence each: forecast, simulator, calibration; and what the timeout hides. */
export function judgementLines({judgements, cutOff}: Comparison): string[] {
	const {forecast, calibration, machines} = judgements;
	return [
		...cutOff
			.slice(0, 1)
			.map(
				({timeout}) =>
					`The timeout of ${formatGiven(timeout, seconds)} cuts off ${cutOff.map(({figure}) => `latency ${figure}`).join(' and ')}: judged instead are the share of the requests that timed out and the latency up to the timeout.`,
			),
		forecastLine(forecast),
		simulatorLine(judgements),
		calibrationLine(calibration),
		...(machines.length > 1
			? [`Measured on ${machines.length} machines, joined by a random effect: ${machines.join('; ')}.`]
			: []),
	];
}

function forecastLine({verdict, figures, failing}: ForecastJudgement): string {
	const measured = figures.reduce((sum, {measured: values}) => sum + values.length, 0);
	const inside = figures.reduce((sum, figure) => sum + figure.inside, 0);
	const share = `${inside} of ${counted(measured, 'measured figure')} ${inside === 1 ? 'lies' : 'lie'} in the 90 % prediction interval of one run`;
	const outside = failing.map(name => {
		const {inside: count = 0, measured: values = []} = figures.find(figure => figure.name === name) ?? {};
		return `${figureName(name)} outside in ${values.length - count} of ${values.length}`;
	});
	return measured === 0
		? 'Forecast: CANNOT SAY, no record has a figure to hold against it.'
		: `Forecast: ${verdict}, ${share}${outside.length === 0 ? '' : `; ${outside.join(', ')}`}.`;
}

function simulatorLine({simulator: {verdict, speed}, speeds}: Judgements): string {
	if (speed === 'calibrated') {
		return `Simulator: ${verdict}, at the calibrated speed: no run has probes of its machine's speed, so a faster or slower machine counts as an error.`;
	}

	const known = speeds.flatMap(one => one ?? []);
	const factors = known.map(({expected}) => significant(expected)).join(', ');
	const left = speeds.length - known.length;
	const without = left === 0 ? '' : `; ${counted(left, 'run')} without probes ${left === 1 ? 'is' : 'are'} left out`;
	return `Simulator: ${verdict}, at the speed that the probes of each run tell: ${factors} times the calibrated times in service${without}${beliefOf(known)}.`;
}

/** Part of what the probes say that is believed, where it is not all. */
function beliefOf(speeds: readonly MeasuredSpeed[]): string {
	const [least, most] = [smallest(speeds.map(({weight}) => weight)), largest(speeds.map(({weight}) => weight))];
	if (least > nearlyAll) {
		return '';
	}

	const percent = (share: number) => String(Math.round(share * 100));
	const part = percent(least) === percent(most) ? percent(least) : `${percent(least)} to ${percent(most)}`;
	const factors = speeds.map(({factor}) => significant(factor)).join(', ');
	return `; they took ${factors} times, of which ${part} % counts, as so few requests tell a speed only roughly`;
}

/** From here on a weight is not worth a word. */
const nearlyAll = 0.95;

function calibrationLine(judgement: CalibrationJudgement): string {
	const {verdict, factor, low, high, by, limit, otherMachines, drift} = judgement;
	if (otherMachines.length > 0) {
		return `Calibration: NOT VALID, measured on another machine than the calibrated one: ${otherMachines.join('; ')}.`;
	}

	if (factor === null || low === null || high === null) {
		return 'Calibration: CANNOT SAY, nothing in the records tells how fast the machine was.';
	}

	const times = `${significant(factor)} [${significant(low)}, ${significant(high)}]`;
	const who = by === 'probes' ? 'the probes took' : 'no run has probes; its own requests took';
	const moved =
		drift === null || Math.abs(drift - 1) <= limit
			? ''
			: `; within a run it changed by a factor of ${significant(drift)}`;
	return `Calibration: ${verdict}, ${who} ${times} of the calibrated time in service, ${significant(limit * 100)} % allowed${moved}.`;
}
