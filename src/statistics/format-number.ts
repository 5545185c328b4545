/** Formats a number with thousands apart: `1,016.16`; `–` for NaN. */
export function formatNumber(value: number, decimals = 0): string {
	if (Number.isNaN(value)) {
		return '–';
	}

	const text = value.toLocaleString('en-US', {minimumFractionDigits: decimals, maximumFractionDigits: decimals});
	return /^-[0.,]+$/.test(text) ? text.slice(1) : text; // no minus before a zero
}
