const threeDigits = new Intl.NumberFormat('en-US', {minimumSignificantDigits: 3, maximumSignificantDigits: 3});

/** Three digits, with thousands apart. */
export function formatValue(value: number): string {
	return threeDigits.format(value);
}
