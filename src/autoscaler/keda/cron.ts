import {calendarDay, dayNumber} from '../api-time.ts';

/** A cron expression of five fields: minute, hour, day of the month, month, day of the week. */
export type CronSchedule = {
	readonly minutes: ReadonlySet<number>;
	readonly hours: ReadonlySet<number>;
	readonly days: ReadonlySet<number>;
	readonly months: ReadonlySet<number>;
	readonly weekdays: ReadonlySet<number>;
	/** Both day fields must fit where one of them is a star; else one of them is enough. */
	readonly needsBothDays: boolean;
};

type Field = {readonly min: number; readonly max: number; readonly names?: readonly string[]};

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const fields: readonly Field[] = [
	{min: 0, max: 59},
	{min: 0, max: 23},
	{min: 1, max: 31},
	{min: 1, max: 12, names: ['', ...months]},
	{min: 0, max: 6, names: weekdays},
];

/**
 * Reads a cron expression.
 *
 * @returns undefined where KEDA's parser refuses it
 * @see github.com/robfig/cron v3 parser.go; KEDA v2.20 pkg/scalers/cron_scaler.go
 */
export function parseCron(text: string): CronSchedule | undefined {
	const parts = text.trim().split(/\s+/);
	if (parts.length !== fields.length) {
		return undefined;
	}

	const sets = parts.map((part, index) => parseField(part, fields[index]!));
	if (sets.includes(undefined)) {
		return undefined;
	}

	const [minutes, hours, days, monthSet, weekdaySet] = sets as ReadonlySet<number>[];
	const isStar = (part: string) => part.split(',').some(range => /^[*?](?:\/1)?$/.test(range));
	return {
		minutes: minutes!,
		hours: hours!,
		days: days!,
		months: monthSet!,
		weekdays: weekdaySet!,
		needsBothDays: isStar(parts[2]!) || isStar(parts[4]!),
	};
}

function parseField(text: string, field: Field): ReadonlySet<number> | undefined {
	const values = new Set<number>();
	for (const range of text.split(',')) {
		const [, low = '', high, step] = /^([*?]|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(range) ?? [];
		const isAll = low === '*' || low === '?';
		const from = isAll ? field.min : numberOf(low, field);
		const open = isAll || (step !== undefined && high === undefined) ? field.max : from;
		const to = high === undefined ? open : numberOf(high, field);
		const by = step === undefined ? 1 : Number(step);
		const isGood = from >= field.min && to <= field.max && from <= to && by >= 1 && !(isAll && high !== undefined);
		if (!isGood) {
			return undefined;
		}

		for (let value = from; value <= to; value += by) {
			values.add(value);
		}
	}

	return values;
}

function numberOf(text: string, {names}: Field): number {
	if (/^\d{1,9}$/.test(text)) {
		return Number(text);
	}

	const index = names?.indexOf(text.toLowerCase()) ?? -1;
	return index === -1 || text === '' ? Number.NaN : index;
}

/** Whether a name is one of the time zone database, or UTC. */
export function isTimezone(name: string): boolean {
	try {
		zoneOf(name);
		return true;
	} catch {
		return false;
	}
}

function zoneOf(name: string): Intl.DateTimeFormat {
	const numeric = {year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric'} as const;
	return new Intl.DateTimeFormat('en-US', {timeZone: name, hourCycle: 'h23', second: 'numeric', ...numeric});
}

const minute = 60;
const day = 86_400;

/** Years that are searched for a fitting day, as the parser's library does. */
const searchedDays = 5 * 366;

/** Clock of the wall in a time zone. */
class WallClock {
	readonly #format: Intl.DateTimeFormat;

	constructor(timezone: string) {
		this.#format = zoneOf(timezone);
	}

	/** Time on the wall at an instant, both in seconds as if the wall's were UTC. */
	at(instant: number): number {
		const parts = this.#format.formatToParts(instant * 1000);
		const read = (type: string) => Number(parts.find(part => part.type === type)?.value);
		const wholeDays = dayNumber(read('year'), read('month'), read('day'));
		return wholeDays * day + (read('hour') * 60 + read('minute')) * minute + read('second');
	}

	/** First instant at which the wall shows a time, or the one after a gap. */
	instantOf(wall: number): number {
		const guess = wall - (this.at(wall) - wall);
		const offset = this.at(guess) - guess;
		return wall - offset;
	}
}

/** Next time that a schedule fits, after an instant [s since 1970]; −Infinity where none comes within five years. */
function nextTime(schedule: CronSchedule, clock: WallClock, after: number): number {
	const wall = (Math.floor(clock.at(Math.floor(after)) / minute) + 1) * minute;
	const firstDay = Math.floor(wall / day);
	for (let offset = 0; offset <= searchedDays; offset++) {
		const start = (firstDay + offset) * day;
		if (fitsDay(schedule, start)) {
			const time = timeOfDay(schedule, offset === 0 ? wall - start : 0);
			if (time !== undefined) {
				return clock.instantOf(start + time);
			}
		}
	}

	return Number.NEGATIVE_INFINITY;
}

function fitsDay(schedule: CronSchedule, start: number): boolean {
	const number = start / day;
	const date = calendarDay(number);
	const isDay = schedule.days.has(date.day);
	const isWeekday = schedule.weekdays.has((((number + 4) % 7) + 7) % 7);
	const fits = schedule.needsBothDays ? isDay && isWeekday : isDay || isWeekday;
	return fits && schedule.months.has(date.month);
}

function timeOfDay({hours, minutes}: CronSchedule, from: number): number | undefined {
	for (let time = from; time < day; time += minute) {
		const hour = Math.floor(time / 3600);
		if (!hours.has(hour)) {
			time = (hour + 1) * 3600 - minute;
		} else if (minutes.has((time / minute) % 60)) {
			return time;
		}
	}

	return undefined;
}

/**
 * Activity of a cron trigger: from a start to the next end.
 *
 * KEDA asks for the next start and the next end and is active where the end comes no later.
 *
 * @see KEDA v2.20 pkg/scalers/cron_scaler.go, GetMetricsAndActivity
 */
export class CronWindow {
	readonly #start: CronSchedule;
	readonly #end: CronSchedule;
	readonly #clock: WallClock;
	#isActive = false;
	#from = Number.POSITIVE_INFINITY;
	#until = Number.NEGATIVE_INFINITY;

	constructor({start, end, timezone}: {readonly start: string; readonly end: string; readonly timezone: string}) {
		const schedules = [parseCron(start), parseCron(end)];
		if (schedules[0] === undefined || schedules[1] === undefined) {
			throw new RangeError(`Expected start and end to be cron expressions, got ${start} and ${end}`);
		}

		this.#start = schedules[0];
		this.#end = schedules[1];
		this.#clock = new WallClock(timezone);
	}

	/** @param now - seconds since 1970 */
	isActive(now: number): boolean {
		if (now < this.#from || now >= this.#until) {
			const start = nextTime(this.#start, this.#clock, now);
			const end = nextTime(this.#end, this.#clock, now);
			this.#isActive = end <= start;
			const next = [start, end].filter(time => time > now);
			this.#from = now;
			this.#until = next.length === 0 ? Number.POSITIVE_INFINITY : Math.min(...next);
		}

		return this.#isActive;
	}
}
