/** Which of several events of one instant fires first: the lower. */
export const EventPriority = {
	measure: 0,
	arrival: 1,
	completion: 2,
	timeout: 3,
	fault: 4,
	lifecycle: 5,
	housekeeping: 6,
	scrape: 7,
	sync: 8,
} as const;
