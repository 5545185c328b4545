import {UserError} from '../../errors.ts';
import {parseDuration} from '../../experiment/duration.ts';
import type {Grid} from '../../history/series-store.ts';

/** Times of a history in the forms of the command line. */
export type HistorySpan = {readonly since?: string; readonly until?: string; readonly step?: string};

/** Most steps of a history: a year of minutes, or three months of 15 s. */
export const mostSteps = 550_000;

/** Age of the newest step that is read [s]: by then it is scraped and stored. */
const youngest = 30;

/**
 * Steps of a span, at whole multiples of the step since 1970.
 *
 * @param now - Unix time [s]
 * @throws {UserError} E_USAGE where a text is neither a duration nor a time, or the span is empty or too long
 */
export function gridOfSpan({since = '7d', until = '0s', step = '15s'}: HistorySpan, now: number): Grid {
	const stepSeconds = stepOf(step);
	const wantedEnd = timeOf(until, 'until', now);
	const end = Math.min(wantedEnd, now - youngest);
	const begin = timeOf(since, 'since', wantedEnd);
	const first = Math.ceil(begin / stepSeconds);
	const steps = Math.floor(end / stepSeconds) - first + 1;
	if (steps < 2) {
		throw new UserError(
			'E_USAGE',
			`Expected the time from since to until to be at least two steps, got ${since} to ${until}`,
		);
	}

	if (steps > mostSteps) {
		throw new UserError(
			'E_USAGE',
			`Expected a step of at least ${Math.ceil((end - begin) / mostSteps)}s for so long a time, got ${step}`,
		);
	}

	return {start: first * stepSeconds, stepSeconds, steps};
}

/** Length of a step [s]. @throws {UserError} E_USAGE where the text is none */
export function stepOf(text: string): number {
	const seconds = durationOf(text, 'step', '15s');
	if (!(seconds >= 1 && seconds <= 86_400 && Number.isInteger(seconds))) {
		throw new UserError('E_USAGE', `Expected step to be whole seconds from 1s to 1d, got ${text}`);
	}

	return seconds;
}

/** Unix time [s] of a text: a time, or a duration before another time. */
export function timeOf(text: string, name: string, before: number): number {
	if (/^\d{4}-\d{2}-\d{2}/.test(text)) {
		const time = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2}))?$/.test(text)
			? Date.parse(text)
			: Number.NaN;
		if (Number.isNaN(time)) {
			throw new UserError(
				'E_USAGE',
				`Expected ${name} to be a time such as 2026-11-20T00:00:00Z, got ${JSON.stringify(text)}`,
			);
		}

		return time / 1000;
	}

	return before - durationOf(text, name, '7d, or a time such as 2026-11-20T00:00:00Z');
}

function durationOf(text: string, name: string, example: string): number {
	try {
		return parseDuration(text);
	} catch (error) {
		throw new UserError(
			'E_USAGE',
			`Expected ${name} to be a duration such as ${example}, got ${JSON.stringify(text)}`,
			{cause: error},
		);
	}
}
