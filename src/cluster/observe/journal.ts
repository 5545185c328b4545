import {closeSync, fdatasync, openSync, readFileSync, writeFileSync} from 'node:fs';
import {withFileFaults} from '../../store/disk/file-faults.ts';
import type {JournalEntry} from './entry.ts';

const syncPeriodMs = 1000;

/** The file of everything that a replay sees, written as it comes: a crash loses the last second at most. */
export class Journal {
	readonly entries: JournalEntry[] = [];
	readonly #path: string;
	readonly #broken = new AbortController();
	readonly #file: number;
	readonly #timer: NodeJS.Timeout;
	#isDirty = false;

	constructor(path: string) {
		this.#path = path;
		this.#file = withFileFaults(path, () => openSync(path, 'a'));
		this.#timer = setInterval(() => this.#sync(), syncPeriodMs);
	}

	/** Aborts once the disk refuses a line; its reason is the fault. */
	get broken(): AbortSignal {
		return this.#broken.signal;
	}

	/** Writes an entry and never throws: the replay, not the observer, ends when the disk is full. */
	write(entry: JournalEntry): void {
		this.entries.push(entry);
		if (this.#broken.signal.aborted) {
			return;
		}

		try {
			withFileFaults(this.#path, () => writeFileSync(this.#file, `${JSON.stringify(entry)}\n`));
			this.#isDirty = true;
		} catch (error) {
			this.#broken.abort(error);
		}
	}

	close(): void {
		clearInterval(this.#timer);
		closeSync(this.#file);
	}

	#sync(): void {
		if (this.#isDirty) {
			this.#isDirty = false;
			fdatasync(this.#file, () => undefined); // a disk that refuses shows when the record is written
		}
	}
}

/** Reads a journal back; a last line that a crash cut off is left out. */
export function readJournal(path: string): JournalEntry[] {
	return readFileSync(path, 'utf8')
		.split('\n')
		.flatMap(line => {
			try {
				return [JSON.parse(line) as JournalEntry];
			} catch {
				return [];
			}
		});
}
