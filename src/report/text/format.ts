import {currencyPrefix} from '../../experiment/currency.ts';
import type {Slo} from '../../experiment/experiment.ts';
import type {Estimate} from '../../statistics/estimate.ts';
import {formatNumber} from '../../statistics/format-number.ts';

export {counted, formatNumber} from '../../statistics/format-number.ts';

/** Unit around a number: `$` before it, or a unit after it; `factor` turns the value into that unit. */
type Unit = {
	readonly prefix?: string;
	readonly suffix?: string;
	readonly factor?: number;
	/** Digits after the point that are always shown. */
	readonly leastDecimals?: number;
};

/** The unit that a value of a quantity reads best in. */
export type UnitRule = (mean: number) => Unit;

export const count: UnitRule = () => ({});
export const perSecond: UnitRule = () => ({suffix: '/s'});
export const percent: UnitRule = () => ({suffix: '%', factor: 100});
/** Time that a request takes: `820 ms`, `75.0 s`. For the length of a run see `formatDuration`. */
export const seconds: UnitRule = mean =>
	mean !== 0 && Math.abs(mean) < 1 ? {suffix: 'ms', factor: 1000} : {suffix: 's'};
export const wattHours: UnitRule = mean => (Math.abs(mean) < 1000 ? {suffix: 'Wh'} : {suffix: 'kWh', factor: 1 / 1000});
export const grams: UnitRule = mean => (Math.abs(mean) < 1000 ? {suffix: 'g'} : {suffix: 'kg', factor: 1 / 1000});

/** Amounts of a currency: `$0.141`, `CHF 12.30`. */
export function money(currency: string): UnitRule {
	const unit = {prefix: currencyPrefix(currency), leastDecimals: 2};
	return () => unit;
}

const significantDigits = 3;
const mostDecimals = 6;

/** `1.24 s [1.19, 1.30]`: the mean and its 95 % interval, with as many decimals as the interval bears; `–` without a mean. */
export function formatEstimate({mean, low, high}: Estimate, quantity: UnitRule): string {
	if (mean === null || Number.isNaN(mean)) {
		return '–';
	}

	const {prefix = '', suffix, factor = 1, leastDecimals = 0} = quantity(mean);
	const hasInterval = low !== null && high !== null;
	const halfWidth = hasInterval ? ((high - low) / 2) * factor : 0;
	const decimals = Math.max(leastDecimals, decimalsOf(mean * factor, halfWidth));
	const unit = suffix === undefined ? '' : ` ${suffix}`;
	const interval = hasInterval
		? ` [${formatNumber(low * factor, decimals)}, ${formatNumber(high * factor, decimals)}]`
		: '';
	return `${withPrefix(prefix, formatNumber(mean * factor, decimals))}${unit}${interval}`;
}

/** `6.1–11.8 s`, `$0.12–0.16`: an interval without a mean, with two digits of its width; one number where its ends read alike. */
export function formatRange(low: number, high: number, quantity: UnitRule): string {
	const {prefix = '', suffix, factor = 1, leastDecimals = 0} = quantity(high);
	const decimals = Math.max(leastDecimals, decimalsOf(((low + high) / 2) * factor, (high - low) * factor));
	const [from, to] = [low, high].map(end => formatNumber(end * factor, decimals)) as [string, string];
	const unit = suffix === undefined ? '' : ` ${suffix}`;
	const separator = from.startsWith('-') || to.startsWith('-') ? ' to ' : '–';
	return `${withPrefix(prefix, from)}${from === to ? '' : `${separator}${to.startsWith('-') ? withPrefix(prefix, to) : to}`}${unit}`;
}

/** A figure without its interval: `1.24 s`, `$0.141`; `–` where there is none. */
export function formatMean(mean: number | null, quantity: UnitRule): string {
	return formatEstimate({mean, low: null, high: null}, quantity);
}

/** A number that somebody gave, with the digits that it was given: `2.5 s`, `500 ms`, `99 %`. */
export function formatGiven(value: number, quantity: UnitRule): string {
	const {prefix = '', suffix, factor = 1, leastDecimals} = quantity(value);
	const unit = suffix === undefined ? '' : ` ${suffix}`;
	return `${withPrefix(prefix, plainNumber(value * factor, leastDecimals))}${unit}`;
}

function withPrefix(prefix: string, text: string): string {
	return text.startsWith('-') ? `-${prefix}${text.slice(1)}` : `${prefix}${text}`;
}

/** Two digits of the half width, but no more than one beyond three digits of the mean. */
function decimalsOf(mean: number, halfWidth: number): number {
	const ofMean = mean === 0 ? significantDigits - 1 : significantDigits - 1 - exponentOf(mean);
	const wanted = halfWidth === 0 ? ofMean : Math.min(1 - exponentOf(halfWidth), ofMean + 1);
	return Math.min(Math.max(wanted, 0), mostDecimals);
}

function exponentOf(value: number): number {
	return Math.floor(Math.log10(Math.abs(value)));
}

type AxisTimeUnit = {readonly symbol: string; readonly seconds: number};

const axisUnits: readonly AxisTimeUnit[] = [
	{symbol: 'h', seconds: 3600},
	{symbol: 'min', seconds: 60},
	{symbol: 's', seconds: 1},
];

/** The unit in which a duration [s] has at least three parts to mark on an axis. */
export function timeUnit(duration: number): AxisTimeUnit {
	return axisUnits.find(({seconds}) => duration >= 3 * seconds) ?? axisUnits.at(-1)!;
}

const units = [
	{suffix: 'd', seconds: 86_400},
	{suffix: 'h', seconds: 3600},
	{suffix: 'min', seconds: 60},
	{suffix: 's', seconds: 1},
] as const;

/** `500 ms`, `9.5 s`, `15 min`, `1 h 30 min`: whole seconds from a minute on, parts of a second below. */
export function formatDuration(seconds: number): string {
	if (seconds > 0 && seconds < 0.9995) {
		return `${plainNumber(Number((1000 * seconds).toPrecision(3)))} ms`;
	}

	if (seconds < 59.95) {
		return `${Number(seconds.toFixed(1))} s`;
	}

	let rest = Math.round(seconds);
	const parts: string[] = [];
	for (const {suffix, seconds: size} of units) {
		const amount = Math.floor(rest / size);
		rest -= amount * size;
		if (amount > 0) {
			parts.push(`${amount} ${suffix}`);
		}
	}

	return parts.join(' ');
}

/** Three digits, and all that a larger number has before the point: `0.0495`, `12.3`, `1,234`; `–` for NaN. */
export function significant(value: number): string {
	const magnitude = value === 0 || Number.isNaN(value) ? 0 : Math.floor(Math.log10(Math.abs(value)));
	return formatNumber(value, Math.min(6, Math.max(0, 2 - magnitude)));
}

/** `SLO p95 ≤ 10 s, availability ≥ 99 %`. */
export function describeSlo({availability, ttft, tpot, ...latencies}: Slo): string {
	const bounds = [
		...(['p50', 'p95', 'p99'] as const)
			.filter(name => latencies[name] !== undefined)
			.map(name => `${name} ≤ ${formatGiven(latencies[name]!, seconds)}`),
		...(ttft === undefined ? [] : [`time to first token ≤ ${formatGiven(ttft, seconds)}`]),
		...(tpot === undefined ? [] : [`time per output token ≤ ${formatGiven(tpot, seconds)}`]),
		...(availability === undefined ? [] : [`availability ≥ ${formatGiven(availability, percent)}`]),
	];
	return bounds.length === 0 ? 'no SLO' : `SLO ${bounds.join(', ')}`;
}

/** A number with the decimals that it has, thousands apart; what is below six digits is a double's own noise. */
export function plainNumber(value: number, leastDecimals = 0): string {
	const [, decimals = ''] = String(Number(value.toPrecision(6))).split('.');
	return formatNumber(value, Math.max(leastDecimals, decimals.length));
}

/** Unit that stays with the number before it. */
export const unit = '(?:%|s|ms|h|min|Wh|points?)(?=[\\s.,;:)\\]]|$)';

const unitGap = new RegExp(`(?<=\\d) (?=${unit})`, 'g');

/** A text for a page whose numbers and units stay in one line, by spaces that do not break. */
export function withUnits(text: string): string {
	return text.replaceAll(unitGap, '\u00A0');
}
