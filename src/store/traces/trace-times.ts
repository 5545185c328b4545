/** Reads the time cells of a trace: all numbers, or all text such as `2024-05-10 00:00:01.5+08:00`. */
export class TimeCells {
	readonly #onlyNumbers: boolean;
	#kind: 'number' | 'text' | undefined;
	#hasZone: boolean | undefined;
	/** Beginning of the day of the last text [s]: a trace has few days and many rows. */
	#day = {date: '', seconds: Number.NaN};

	constructor({onlyNumbers = false}: {readonly onlyNumbers?: boolean} = {}) {
		this.#onlyNumbers = onlyNumbers;
	}

	/** Whether the times are text, and so in seconds whatever the trace says of units. */
	get isText(): boolean {
		return this.#kind === 'text';
	}

	/** A number as it stands, or the seconds since 1970 of a text; NaN where a cell is neither, or not what those before were. */
	read(cell: unknown): number {
		const number = numberIn(cell);
		if (!Number.isNaN(number)) {
			this.#kind ??= 'number';
			return this.#kind === 'number' ? number : Number.NaN;
		}

		if (this.#kind === 'number' || this.#onlyNumbers || typeof cell !== 'string') {
			return Number.NaN;
		}

		const seconds = this.#secondsOf(cell);
		if (!Number.isNaN(seconds)) {
			this.#kind = 'text';
		}

		return seconds;
	}

	/** Tenths of microseconds are kept. */
	#secondsOf(cell: string): number {
		const match = timestamp.exec(cell);
		if (match === null) {
			return Number.NaN;
		}

		const [, date = '', hours, minutes, seconds = '0', fraction = '0', zone] = match;
		this.#hasZone ??= zone !== undefined;
		if (this.#hasZone !== (zone !== undefined)) {
			return Number.NaN; // nobody knows how far the one is from the other
		}

		if (date !== this.#day.date) {
			this.#day = {date, seconds: dayOf(date)};
		}

		const local = this.#day.seconds + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
		return local - offsetOf(zone) + Number(fraction);
	}
}

const timestamp =
	/^(\d{4}-\d\d-\d\d)[ Tt]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(\.\d{1,12})?)?(?: ?(Z|z|UTC|[+-](?:0\d|1[0-4]):?[0-5]\d))?$/;

/** NaN for a day that no calendar has. */
function dayOf(date: string): number {
	const day = new Date(`${date}T00:00:00Z`);
	return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(date) ? day.getTime() / 1000 : Number.NaN;
}

/** Offset of a zone such as `+08:00` from UTC [s]; a time without one is taken for UTC. */
function offsetOf(zone: string | undefined): number {
	if (zone === undefined || !/^[+-]/.test(zone)) {
		return 0;
	}

	const seconds = Number(zone.slice(1, 3)) * 3600 + Number(zone.slice(-2)) * 60;
	return zone.startsWith('-') ? -seconds : seconds;
}

function numberIn(cell: unknown): number {
	if (typeof cell === 'number') {
		return cell >= 0 && cell < 1e20 ? cell : Number.NaN;
	}

	return typeof cell === 'string' && /^\d{1,19}(?:\.\d{1,15})?$/.test(cell) ? Number(cell) : Number.NaN;
}
