/*
 * Times as the Kubernetes API writes them.
 */

const dateTime =
	/^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[Tt]([01]\d|2[0-3]):([0-5]\d):([0-5]\d(?:\.\d{1,9})?)(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d))$/;

/** A time of RFC 3339 in seconds since 1970; NaN for another text. */
export function apiTime(text: string): number {
	const found = dateTime.exec(text);
	if (found === null) {
		return Number.NaN;
	}

	const [year, month, day, hour, minute, second] = found.slice(1, 7).map(Number) as [
		number,
		number,
		number,
		number,
		number,
		number,
	];
	const offset = (Number(found[8] ?? 0) * 60 + Number(found[9] ?? 0)) * 60 * (found[7] === '-' ? -1 : 1);
	return dayNumber(year, month, day) * 86_400 + (hour * 60 + minute) * 60 + second - offset;
}

/** Days since 1970-01-01 in the Gregorian calendar, whose year begins in March here, so that a leap day is the last. */
export function dayNumber(year: number, month: number, day: number): number {
	const shifted = month > 2 ? year : year - 1;
	const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
	return (
		shifted * 365 +
		Math.floor(shifted / 4) -
		Math.floor(shifted / 100) +
		Math.floor(shifted / 400) +
		dayOfYear -
		719_468
	);
}

/** Month, from 1, and day of the month of a day since 1970-01-01: the inverse of {@link dayNumber}. */
export function calendarDay(days: number): {readonly month: number; readonly day: number} {
	const shifted = days + 719_468;
	const ofEra = shifted - Math.floor(shifted / 146_097) * 146_097;
	const year = Math.floor(
		(ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
	);
	const ofYear = ofEra - (365 * year + Math.floor(year / 4) - Math.floor(year / 100));
	const month = Math.floor((5 * ofYear + 2) / 153);
	return {month: month < 10 ? month + 3 : month - 9, day: ofYear - Math.floor((153 * month + 2) / 5) + 1};
}

const factors: Readonly<Record<string, number>> = {h: 3600, m: 60, s: 1, ms: 1e-3, us: 1e-6, µs: 1e-6, ns: 1e-9};

/** A duration as Go prints it, such as `15.067s` or `1m0s`, in seconds; NaN for another text. */
export function goDuration(text: string): number {
	if (text.length > 60 || !/^(?:\d+(?:\.\d+)?(?:h|ms|m|us|µs|ns|s))+$/.test(text)) {
		return Number.NaN;
	}

	const parts = [...text.matchAll(/([\d.]+)(h|ms|m|us|µs|ns|s)/g)];
	return parts.reduce((sum, [, value, unit]) => sum + Number(value) * factors[unit!]!, 0);
}
