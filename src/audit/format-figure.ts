import {currencyNamed, currencyPrefix} from '../experiment/currency.ts';

const digits = 4;

/** `$1,016.16`, `66.67 %`, `15 requests/s`: a figure with its unit, to the cent or to four digits. */
export function formatFigure(value: number, unit: string): string {
	const [name = ''] = unit.split('/');
	const currency = currencyNamed(name);
	if (currency !== undefined) {
		const size = Math.abs(value);
		const amount =
			size >= 1 || size === 0
				? size.toLocaleString('en-US', {minimumFractionDigits: 2, maximumFractionDigits: 2})
				: size.toLocaleString('en-US', {maximumSignificantDigits: digits});
		return `${value < 0 ? '-' : ''}${currencyPrefix(currency)}${amount}${unit.slice(name.length)}`;
	}

	const number = value.toLocaleString('en-US', {maximumSignificantDigits: Math.max(digits, wholeDigits(value))});
	return unit === '1' ? number : `${number} ${unit}`;
}

/** Formats a figure with the interval where there is one: `5.14 pods [5.08, 5.20]`. */
export function formatInterval(
	{value, low, high}: {readonly value: number; readonly low: number; readonly high: number},
	unit: string,
): string {
	const figure = formatFigure(value, unit);
	return low === high ? figure : `${figure} [${formatFigure(low, '1')}, ${formatFigure(high, '1')}]`;
}

function wholeDigits(value: number): number {
	return Math.min(21, Math.max(1, Math.floor(Math.log10(Math.abs(value) || 1)) + 1));
}
