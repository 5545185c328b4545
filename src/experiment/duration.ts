const secondsOf: Readonly<Record<string, number>> = {ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400};
const part = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/gy;

/**
 * Seconds that a duration such as `15m`, `500ms` or `1h30m` stands for.
 *
 * @param text - numbers with one of the units ms, s, m, h, d each, larger units first; or a bare `0`
 * @returns [s], at least 0
 * @throws {RangeError} when the text is no duration
 */
export function parseDuration(text: string | number): number {
	if (text === 0 || text === '0') {
		return 0;
	}

	let seconds = 0;
	let end = 0;
	let previousUnit = Number.POSITIVE_INFINITY;
	for (const [match, number, unit] of String(text).matchAll(part)) {
		const unitSeconds = secondsOf[unit!]!;
		if (unitSeconds >= previousUnit) {
			break;
		}

		seconds += Number(number) * unitSeconds;
		previousUnit = unitSeconds;
		end += match.length;
	}

	if (typeof text !== 'string' || end === 0 || end !== text.length || !Number.isFinite(seconds)) {
		throw new RangeError(`Expected text to be a duration such as 15m, got ${JSON.stringify(text)}`);
	}

	// Whole milliseconds come out exact: 0.5 m is 30, and 1.1 s is not 1.1000000000000001.
	return Math.round(seconds * 1e6) / 1e6;
}

/** The shortest text that `parseDuration` reads as the same seconds, in one unit or in falling ones. */
export function durationText(seconds: number): string {
	if (!Number.isInteger(seconds)) {
		return Number.isInteger(seconds * 1000) ? `${seconds * 1000}ms` : `${seconds}s`;
	}

	let rest = seconds;
	let text = '';
	for (const unit of ['d', 'h', 'm', 's']) {
		const count = Math.floor(rest / secondsOf[unit]!);
		rest -= count * secondsOf[unit]!;
		text += count > 0 ? `${count}${unit}` : '';
	}

	return text === '' ? '0s' : text;
}
