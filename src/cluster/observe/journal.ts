import {closeSync, fdatasync, openSync, readFileSync, writeSync} from 'node:fs';
import type {Entry} from './entry.ts';

const syncPeriodMs = 1000;

/** The file of everything that a replay sees, written as it comes: a crash loses the last second at most. */
export class Journal {
	readonly entries: Entry[] = [];
	readonly #file: number;
	readonly #timer: NodeJS.Timeout;
	#isDirty = false;

	constructor(path: string) {
		this.#file = openSync(path, 'a');
		this.#timer = setInterval(() => this.#sync(), syncPeriodMs);
	}

	write(entry: Entry): void {
		this.entries.push(entry);
		writeSync(this.#file, `${JSON.stringify(entry)}\n`);
		this.#isDirty = true;
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
export function readJournal(path: string): Entry[] {
	return readFileSync(path, 'utf8')
		.split('\n')
		.flatMap(line => {
			try {
				return [JSON.parse(line) as Entry];
			} catch {
				return [];
			}
		});
}
