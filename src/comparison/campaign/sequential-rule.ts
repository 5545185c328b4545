/** Rule by which a campaign looks at its repeats and stops. */
export type SequentialRule = {
	/** Repeats at the first look; there is one after each further repeat. */
	readonly firstLook: number;
	/** Repeats at the last look: whatever is open then stays open. */
	readonly mostRepeats: number;
	/** Probability of each wrong verdict over all looks. */
	readonly alpha: number;
};

/** The rule of a campaign, but for its number of repeats. */
export const usualRule = {firstLook: 2, mostRepeats: 8, alpha: 0.05} as const satisfies SequentialRule;

/**
 * Level of the one-sided tests at a look: what a spending function grants between the look before and this one. The levels
 * of all looks add up to `alpha`, so that the probability of a wrong verdict at any of them is at most that, however the
 * looks hang together (Bonferroni).
 *
 * The function is the one of Lan and DeMets that spends evenly, as repeats are dear and most figures are sized to be decided
 * early.
 *
 * @returns 0 before the first look and after the last
 * @see K. K. G. Lan and D. L. DeMets, Discrete sequential boundaries for clinical trials, Biometrika 70, 1983
 */
export function levelAt(repeats: number, rule: SequentialRule): number {
	const {firstLook, mostRepeats} = rule;
	if (repeats < firstLook || repeats > mostRepeats) {
		return 0;
	}

	const before = repeats === firstLook ? 0 : spent(repeats - 1, rule);
	return spent(repeats, rule) - before;
}

function spent(repeats: number, {mostRepeats, alpha}: SequentialRule): number {
	return alpha * Math.log(1 + (Math.E - 1) * (repeats / mostRepeats));
}

/** Confidence of the two-sided interval that stands for two one-sided tests of a level. */
export function confidenceOf(level: number): number {
	return 1 - 2 * level;
}
