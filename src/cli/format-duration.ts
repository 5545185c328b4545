const units = [
	{suffix: 'd', seconds: 86_400},
	{suffix: 'h', seconds: 3600},
	{suffix: 'min', seconds: 60},
	{suffix: 's', seconds: 1},
] as const;

/** `90 s`, `15 min`, `1 h 30 min`: whole seconds from a minute on, parts of a second below. */
export function formatDuration(seconds: number): string {
	if (seconds < 59.95) {
		return `${Number(seconds.toFixed(1))} s`;
	}

	let rest = Math.round(seconds);
	const parts: string[] = [];
	for (const {suffix, seconds: size} of units) {
		const amount = Math.floor(rest / size);
		rest -= amount * size;
		if (amount > 0) {
			parts.push(`${amount} ${suffix}`);
		}
	}

	return parts.join(' ');
}
