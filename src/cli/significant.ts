import {formatNumber} from '../statistics/format-estimate.ts';

/** Three digits: `0.0495`, `12.3`, `1,230`. */
export function significant(value: number): string {
	const magnitude = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
	return formatNumber(value, Math.min(6, Math.max(0, 2 - magnitude)));
}
