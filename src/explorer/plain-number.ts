import {formatNumber} from '../statistics/format-estimate.ts';

/** A number with the decimals that it has, thousands apart; what is below six digits is a double's own noise. */
export function plainNumber(value: number, leastDecimals = 0): string {
	const [, decimals = ''] = String(Number(value.toPrecision(6))).split('.');
	return formatNumber(value, Math.max(leastDecimals, decimals.length));
}
