/** Formats a number with thousands apart: `1,016.16`; `–` for NaN. */
export function formatNumber(value: number, decimals = 0): string {
	if (Number.isNaN(value)) {
		return '–';
	}

	const text = value.toLocaleString('en-US', {minimumFractionDigits: decimals, maximumFractionDigits: decimals});
	return /^-[0.,]+$/.test(text) ? text.slice(1) : text; // no minus before a zero
}

/** `1 pod`, `1,200 pods`: a whole number of something. */
export function counted(amount: number, noun: string): string {
	return `${formatNumber(amount)} ${noun}${amount === 1 ? '' : 's'}`;
}
