/*
 * How kubectl reads a plain scalar of a manifest. It is YAML 1.1 but for numbers in base 60, which stay text, and dates,
 * which become text again on the way to JSON.
 *
 * See kubernetes-sigs/yaml v1.4, goyaml.v2/resolve.go, and yaml.go, which turns keys into text.
 */

const words = new Map<string, boolean | null | number>([
	...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map(word => [word, true] as const),
	...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map(word => [word, false] as const),
	...['', '~', 'null', 'Null', 'NULL'].map(word => [word, null] as const),
	...['.nan', '.NaN', '.NAN'].map(word => [word, Number.NaN] as const),
	...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map(word => [word, Number.POSITIVE_INFINITY] as const),
	...['-.inf', '-.Inf', '-.INF'].map(word => [word, Number.NEGATIVE_INFINITY] as const),
]);

/** Texts that `strconv.ParseInt(text, 0, 64)` accepts: a leading 0 alone makes a number octal. */
const integer = /^([-+]?)(?:0[xX]([\da-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(\d|[1-9]\d*))$/;
const float = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;

/** The value that kubectl gives to a scalar without quotes. */
export function kubectlScalar(text: string): string | number | boolean | null {
	const word = words.get(text);
	if (word !== undefined) {
		return word;
	}

	if (!/^[-+.\d]/.test(text)) {
		return text;
	}

	const plain = text.replaceAll('_', '');
	const whole = integer.exec(plain);
	if (whole !== null) {
		return integerOf(whole);
	}

	const value = float.test(plain) ? Number(plain) : Number.NaN;
	return Number.isFinite(value) ? value : text;
}

function integerOf([, sign, hexadecimal, binary, octal, decimal]: RegExpExecArray): number {
	const digits =
		hexadecimal === undefined
			? binary === undefined
				? octal === undefined
					? decimal!
					: `0o${octal}`
				: `0b${binary}`
			: `0x${hexadecimal}`;
	const value = Number(digits);
	return sign === '-' ? -value : value;
}

/** Whether YAML 1.1 and 1.2 take a plain scalar for different numbers, as `010`, which is 8 to the one and 10 to the other. */
export function isOctalInDoubt(text: string): boolean {
	return /^[-+]?0\d+$/.test(text) && kubectlScalar(text) !== Number(text);
}
