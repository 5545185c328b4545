/**
 * A number to the ten digits that do not depend on the release of the JavaScript engine: the last bits of a power do, and
 * with them all that jstat computes. Its own error is larger than the eleventh digit.
 */
export function steadyDigits(value: number): number {
	return Number(value.toPrecision(10));
}
