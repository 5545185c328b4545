// Kubernetes' resource.Quantity: a decimal number with an optional suffix, read exactly.

const pattern = /^([+-]?)(\d*)(?:\.(\d*))?(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d{1,4}))?$/;

const decimalExponents: Readonly<Record<string, number>> = {n: -9, u: -6, m: -3, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18};
const binaryExponents: Readonly<Record<string, number>> = {Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60};

/** A longer text is no quantity [characters]. */
const longestQuantity = 400;

/** Kubernetes keeps no digits beyond nano. */
const finest = -9;

/** `mantissa · 10^exponent`, without loss. */
type Exact = {readonly mantissa: bigint; readonly exponent: number};

/**
 * The value of a quantity in base units, to the nearest double.
 *
 * @param text - `500m`, `1.5Gi`, `1e3`, `2` or a number
 * @returns cores, bytes, or whatever the unit is
 * @throws {RangeError} when the text is not a quantity
 * @see kubernetes apimachinery pkg/api/resource/quantity.go
 */
export function parseQuantity(text: string | number): number {
	const {mantissa, exponent} = parseExact(text);
	return Number(`${mantissa}e${exponent}`);
}

/**
 * The value of a quantity in thousandths, rounded away from zero as Kubernetes' `MilliValue` does.
 *
 * @returns an integer; the nearest double where it exceeds 2^53
 * @throws {RangeError} when the text is not a quantity
 */
export function parseQuantityMilli(text: string | number): number {
	return Number(scaled(parseExact(text), -3));
}

/**
 * The double that the controller takes for a fraction such as a tolerance: its stored form is in thousandths where that
 * loses nothing, and is multiplied by a power of ten.
 *
 * @see kubernetes apimachinery pkg/api/resource/quantity.go, AsApproximateFloat64
 */
export function approximateQuantity(text: string | number): number {
	let mantissa = scaled(parseExact(text), finest);
	let exponent = finest;
	while (mantissa !== 0n && mantissa % 10n === 0n) {
		mantissa /= 10n;
		exponent++;
	}

	for (; exponent % 3 !== 0; exponent--) {
		mantissa *= 10n;
	}

	// Go divides 1 by the exact power for negative exponents, which rounds as the literal does.
	return exponent === 0 ? Number(mantissa) : Number(mantissa) * Number(`1e${exponent}`);
}

// In units of `10^exponent`, rounded away from zero.
function scaled({mantissa, exponent}: Exact, unit: number): bigint {
	const shift = exponent - unit;
	if (shift >= 0) {
		return mantissa * 10n ** BigInt(shift);
	}

	const divisor = 10n ** BigInt(-shift);
	const isWhole = mantissa % divisor === 0n;
	return mantissa / divisor + (isWhole ? 0n : mantissa < 0n ? -1n : 1n);
}

/**
 * A quantity as Kubernetes prints it.
 *
 * @param milli - thousandths, an integer
 * @param format - suffixes by 1000 or by 1024; a fraction of a unit is always in `m`
 * @returns the shortest form that loses nothing
 */
export function formatQuantityMilli(milli: number, format: 'decimal' | 'binary' = 'decimal'): string {
	if (milli % 1000 !== 0) {
		return `${milli}m`;
	}

	const [base, suffixes] =
		format === 'decimal' ? [1000, ['k', 'M', 'G', 'T', 'P', 'E']] : [1024, Object.keys(binaryExponents)];
	let value = milli / 1000;
	let suffix = '';
	for (const next of suffixes) {
		if (value === 0 || value % base !== 0) {
			break;
		}

		value /= base;
		suffix = next;
	}

	return `${value}${suffix}`;
}

function parseExact(text: string | number): Exact {
	const [, sign = '', whole = '', fraction = '', suffix = '', power = '0'] = pattern.exec(String(text)) ?? [];
	const digits = whole + fraction;
	if (digits === '' || digits.length > longestQuantity) {
		throw new RangeError(
			`Expected quantity to be a number with a suffix such as 500m or 1Gi, got ${JSON.stringify(text)}`,
		);
	}

	const mantissa = BigInt(digits) * (sign === '-' ? -1n : 1n) * 2n ** BigInt(binaryExponents[suffix] ?? 0);
	return {mantissa, exponent: (decimalExponents[suffix] ?? 0) + Number(power) - fraction.length};
}
