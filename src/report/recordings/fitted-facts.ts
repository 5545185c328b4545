import type {FittedExperiment} from '../../calibration/recordings/parameter.ts';
import type {SettingEstimate} from '../../calibration/recordings/setting-estimate.ts';

/** Fact of a fit with the keys of an experiment that say it. */
type FittedFact = {readonly fact: string; readonly experiment: Readonly<Record<string, unknown>>};

/** Facts that a fit found and the settings need, and what the recordings do not show, in sentences. */
export function fittedFacts(
	{estimates}: {readonly estimates: readonly SettingEstimate[]},
	fitted: FittedExperiment,
): {readonly found: readonly FittedFact[]; readonly unknown: readonly string[]} {
	const changed = estimates.filter(({parameter, value}) => value !== parameter.start);
	return {
		found: changed.map(estimate => ({
			fact: `${sentenceStart(estimate)}.`,
			experiment: estimate.parameter.overlay(estimate.value, fitted),
		})),
		unknown: estimates
			.filter(isUnknown)
			.map(({parameter, value}) => `${capital(parameter.title)}: as before, ${valueText(parameter, value)}.`),
	};
}

/** Whether nothing is known of a setting, which then stays as it was. */
export function isUnknown({parameter, value, isIdentified}: SettingEstimate): boolean {
	return !isIdentified && value === parameter.start;
}

/** Such as `The sync period is 15 s, 12.5 to 17.5 s`. */
export function sentenceStart(estimate: SettingEstimate): string {
	const {parameter, value} = estimate;
	const is = `${capital(parameter.title)} is ${valueText(parameter, value)}`;
	const interval = intervalText(estimate, value);
	return interval === '' ? is : `${is}, ${interval}`;
}

/**
 * Interval of an estimate in words; empty where nothing else is possible. Settings that make up for each other may be excluded
 * together and none of them by itself: the one that was changed then has no interval of its own.
 *
 * @param shown - the choice that stands beside it
 */
export function intervalText(estimate: SettingEstimate, shown = estimate.found): string {
	const {parameter, possible, low, high, isIdentified} = estimate;
	if (!isIdentified) {
		return isUnknown(estimate) ? 'not identifiable' : 'which others may make up for';
	}

	const {choices, unit} = parameter;
	if (choices !== undefined) {
		const others = possible.filter(value => value !== shown).map(value => choices[value]!);
		const excluded = parameter.values.filter(value => !possible.includes(value)).map(value => choices[value]!);
		return others.length === 0
			? ''
			: others.length <= excluded.length
				? `perhaps ${others.join(', or ')}`
				: `or anything but ${excluded.join(', and ')}`;
	}

	const [from, to] = endTexts(low, high);
	const suffix = unit === '' ? '' : ` ${unit}`;
	return low === undefined
		? `at most ${to}${suffix}`
		: high === undefined
			? `at least ${from}${suffix}`
			: `${from} to ${to}${suffix}`;
}

/** Ends of an interval, with as many digits as make them differ, three at least; empty where it is open. */
function endTexts(low: number | undefined, high: number | undefined): [string, string] {
	const textsWith = (digits: number): [string, string] => [
		low === undefined ? '' : quantity(low, '', digits),
		high === undefined ? '' : quantity(high, '', digits),
	];
	return [3, 4, 5].map(textsWith).find(([from, to]) => from !== to) ?? textsWith(6);
}

/** A value of a parameter with its unit, or the name of the choice. */
export function valueText({choices, unit}: SettingEstimate['parameter'], value: number): string {
	return choices?.[value] ?? quantity(value, unit);
}

function quantity(value: number, unit: string, digits = 3): string {
	return `${Number(value.toPrecision(digits))}${unit === '' ? '' : ` ${unit}`}`;
}

function capital(text: string): string {
	return `${text[0]!.toUpperCase()}${text.slice(1)}`;
}
