export type TimeUnit = {readonly symbol: string; readonly seconds: number};

const units: readonly TimeUnit[] = [
	{symbol: 'h', seconds: 3600},
	{symbol: 'min', seconds: 60},
	{symbol: 's', seconds: 1},
];

/** The unit in which a duration [s] has at least three parts to mark on an axis. */
export function timeUnit(duration: number): TimeUnit {
	return units.find(({seconds}) => duration >= 3 * seconds) ?? units.at(-1)!;
}
