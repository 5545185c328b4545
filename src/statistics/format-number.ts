/** Formats a number with thousands apart: `1,016.16`; `–` for NaN. */
export function formatNumber(value: number, decimals = 0): string {
	if (Number.isNaN(value)) {
		return '–';
	}

	const text = formatOf(decimals).format(value);
	return /^-[0.,]+$/.test(text) ? text.slice(1) : text; // no minus before a zero
}

const formats = new Map<number, Intl.NumberFormat>();

/** Format of numbers with so many decimals; to make one takes longer than a hundred uses. */
function formatOf(decimals: number): Intl.NumberFormat {
	let format = formats.get(decimals);
	if (format === undefined) {
		format = new Intl.NumberFormat('en-US', {minimumFractionDigits: decimals, maximumFractionDigits: decimals});
		formats.set(decimals, format);
	}

	return format;
}

/** `1 pod`, `1,200 pods`: a whole number of something. */
export function counted(amount: number, noun: string): string {
	return `${formatNumber(amount)} ${noun}${amount === 1 ? '' : 's'}`;
}
