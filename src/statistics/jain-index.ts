/**
 * Jain's fairness index: 1 when all shares are equal, 1/n when one has everything.
 *
 * @param given - numbers of at least 0; NaN is left out
 * @returns NaN for no shares, 1 when all are 0
 * @see Jain, Chiu and Hawe, A Quantitative Measure of Fairness, DEC-TR-301, 1984
 */
export function jainIndex(given: readonly number[]): number {
	const shares = given.filter(share => !Number.isNaN(share));
	let sum = 0;
	let squares = 0;
	for (const share of shares) {
		sum += share;
		squares += share * share;
	}

	if (shares.length === 0) {
		return Number.NaN;
	}

	return squares === 0 ? 1 : (sum * sum) / (shares.length * squares);
}
