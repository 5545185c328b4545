import {parseDuration} from '../experiment/duration.ts';

/** What a search may take: time, or a number of runs, with which the same answer comes on every machine. */
export type Budget = {readonly kind: 'time'; readonly seconds: number} | {readonly kind: 'runs'; readonly most: number};

/**
 * The budget that a text such as `5m` or `2000` means.
 *
 * @throws {RangeError} when it means none
 */
export function parseBudget(text: string): Budget {
	if (/^[1-9]\d{0,8}$/.test(text)) {
		return {kind: 'runs', most: Number(text)};
	}

	try {
		const seconds = parseDuration(text);
		if (seconds > 0) {
			return {kind: 'time', seconds};
		}
	} catch {
		// The rule below says what is wanted.
	}

	throw new RangeError(
		`Expected --budget to be a duration such as 5m or a number of runs, got ${JSON.stringify(text)}`,
	);
}
