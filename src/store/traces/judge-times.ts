import {durationText} from '../../experiment/duration.ts';
import {type TimeUnit, timeUnits, unitOfTime} from '../../experiment/workload-schema.ts';

/** A unit of times, and how it was found. */
export type JudgedUnit = {readonly unit: TimeUnit; readonly by: 'named' | 'column' | 'form' | 'size'};

/** Claim about the times of a trace before they are read. */
type TimeClaim = {
	/** Name of the column. */
	readonly column: string;
	/** The unit that the user names. */
	readonly named?: TimeUnit | undefined;
	/** The unit that the name of the column says. */
	readonly inName?: TimeUnit | undefined;
	/** The unit in which traces of this form are published. */
	readonly published?: TimeUnit | undefined;
	/** Whether the user names the form. */
	readonly isFormNamed?: boolean;
};

/**
 * The unit of the times of a trace, by what is said of them and by what they are.
 *
 * @param times - the first ones of the trace, as they stand there
 * @throws {RangeError} when they fit two units, with what each would make of them
 */
export function judgeTimes(
	times: readonly number[],
	{column, named, inName, published, isFormNamed = false}: TimeClaim,
): JudgedUnit {
	if (named !== undefined) {
		return {unit: named, by: 'named'};
	}

	if (inName !== undefined) {
		return {unit: inName, by: 'column'};
	}

	const span = spanOf(times);
	if (span.most <= span.least) {
		return {unit: published ?? 's', by: 'form'}; // none, or all at once: the unit decides nothing
	}

	const since1970 = unitSince1970(span);
	if (published !== undefined) {
		const other = since1970 === undefined ? otherUnit(published, times, span, isFormNamed) : since1970;
		if (other === undefined || other === published) {
			return {unit: published, by: 'form'};
		}

		throw twoReadings(column, [published, other], span);
	}

	if (since1970 !== undefined && rateIn(since1970, span) >= 0.001) {
		return {unit: since1970, by: 'size'};
	}

	const plausible = timeUnits.filter(unit => rateIn(unit, span) > 0.000_5 && rateIn(unit, span) < 2000);
	throw twoReadings(column, plausible.length < 2 ? ['s', 'ms'] : plausible, span);
}

type Span = {readonly least: number; readonly most: number; readonly gaps: number};

function spanOf(times: readonly number[]): Span {
	let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
	for (const time of times) {
		least = Math.min(least, time);
		most = Math.max(most, time);
	}

	return {least, most, gaps: times.length - 1};
}

/** [requests/s]; Infinity when all come at once. */
function rateIn(unit: TimeUnit, {least, most, gaps}: Span): number {
	return (gaps / (most - least)) * unitOfTime[unit].perSecond;
}

/** The unit in which all times are moments between 2008 and 2039. */
function unitSince1970({least, most}: Span): TimeUnit | undefined {
	return timeUnits.find(
		unit => least >= 1.2e9 * unitOfTime[unit].perSecond && most <= 2.2e9 * unitOfTime[unit].perSecond,
	);
}

/**
 * Another unit than the published one, where the times speak for it: the published traces count whole milliseconds for an
 * hour, at less than 10 requests/s, and none that counts seconds has days with a request in minutes.
 */
function otherUnit(
	published: TimeUnit,
	times: readonly number[],
	span: Span,
	isFormNamed: boolean,
): TimeUnit | undefined {
	const isWhole = times.every(time => Number.isInteger(time));
	if (published === 'ms') {
		const isShort = !isFormNamed && span.gaps > 1 && span.most - span.least < 60_000;
		return !isWhole || isShort || rateIn('ms', span) > 20 ? 's' : undefined;
	}

	return isWhole && rateIn('s', span) < 0.01 && span.most - span.least > 86_400 ? 'ms' : undefined;
}

function twoReadings(column: string, units: readonly TimeUnit[], span: Span): RangeError {
	const readings = units.map(unit => {
		const {name, perSecond} = unitOfTime[unit];
		const rate = Number(rateIn(unit, span).toPrecision(2));
		return `${name} (unit ${unit}: ${rate} requests/s over ${lengthWords((span.most - span.least) / perSecond)})`;
	});
	return new RangeError(
		`${column} fits ${readings.join(' or ')}: say which with workload.arrivals.unit, or --unit of trace inspect`,
	);
}

function lengthWords(seconds: number): string {
	return seconds < 60 ? `${Number(seconds.toPrecision(2))}s` : durationText(Math.round(seconds));
}
