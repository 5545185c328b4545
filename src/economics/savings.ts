const hoursPerDay = 24;
const daysPerMonth = 30;
const daysPerYear = 365;

/** Cost of the two arms under the same requests [$/h]. */
export type CostPair = {readonly dynamicPerHour: number; readonly fixedPerHour: number};

/** Fixed minus dynamic in dollars; negative when dynamic costs more. */
export type PairSavings = {
	readonly perHour: number;
	/** Of the fixed cost; undefined when that is 0. */
	readonly fraction: number | undefined;
	readonly perDay: number;
	readonly perMonth: number;
	readonly perYear: number;
};

/**
 * What one replication's dynamic arm saves against its fixed arm: the arms share every arrival, so the difference
 * is taken pair by pair and has a narrower interval than the costs themselves.
 *
 * @returns dollars per hour, day, month of 30 days and year of 365 days
 */
export function savingsOf({dynamicPerHour, fixedPerHour}: CostPair): PairSavings {
	const perHour = fixedPerHour - dynamicPerHour;
	const perDay = perHour * hoursPerDay;
	return {
		perHour,
		fraction: fixedPerHour === 0 ? undefined : perHour / fixedPerHour,
		perDay,
		perMonth: perDay * daysPerMonth,
		perYear: perDay * daysPerYear,
	};
}
