import type {Estimate} from './estimate.ts';

/** What stands round a number: `$` before it, or a unit after it; `factor` turns the value into that unit. */
export type Unit = {
	readonly prefix?: string;
	readonly suffix?: string;
	readonly factor?: number;
	/** Digits after the point that are always shown. */
	readonly leastDecimals?: number;
};

/** The unit that a value of a quantity reads best in. */
export type Quantity = (mean: number) => Unit;

export const count: Quantity = () => ({});
export const perSecond: Quantity = () => ({suffix: '/s'});
export const percent: Quantity = () => ({suffix: '%', factor: 100});
export const seconds: Quantity = mean => (Math.abs(mean) < 1 ? {suffix: 'ms', factor: 1000} : {suffix: 's'});
export const wattHours: Quantity = mean => (Math.abs(mean) < 1000 ? {suffix: 'Wh'} : {suffix: 'kWh', factor: 1 / 1000});
export const grams: Quantity = mean => (Math.abs(mean) < 1000 ? {suffix: 'g'} : {suffix: 'kg', factor: 1 / 1000});

const significantDigits = 3;
const mostDecimals = 6;

/** `1.24 s [1.19, 1.30]`: the mean and its 95 % interval, with as many decimals as the interval bears; `–` without a mean. */
export function formatEstimate({mean, low, high}: Estimate, quantity: Quantity): string {
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

/** With thousands apart: `1,016.16`; `–` for NaN. */
export function formatNumber(value: number, decimals = 0): string {
	if (Number.isNaN(value)) {
		return '–';
	}

	const text = value.toLocaleString('en-US', {minimumFractionDigits: decimals, maximumFractionDigits: decimals});
	return /^-[0.,]+$/.test(text) ? text.slice(1) : text; // no minus before a zero
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
