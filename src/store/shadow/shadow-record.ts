import {closeSync, existsSync, openSync, readdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {UserError} from '../../errors.ts';
import {withFileFaults} from '../disk/file-faults.ts';
import {makeFolders, writeFileAtomically} from '../disk/write-atomically.ts';

/**
 * Record of a watch: `decisions.ndjson` and `cases.ndjson` grow line by line, and `summary.json` is replaced as a whole, so
 * that a crash loses nothing but a line that was being written.
 */
export class ShadowRecord {
	readonly #folder: string;
	readonly #decisions: number;
	readonly #cases: number;

	/**
	 * Makes the folder.
	 *
	 * @throws {UserError} E_FILE when it holds files, or the disk refuses
	 */
	constructor(folder: string) {
		this.#folder = folder;
		withFileFaults(folder, () => {
			if (existsSync(folder) && readdirSync(folder).length > 0) {
				throw new UserError('E_FILE', `Expected ${folder} to be absent or empty, got files in it`);
			}

			makeFolders(folder);
		});
		this.#decisions = this.#open('decisions.ndjson');
		this.#cases = this.#open('cases.ndjson');
	}

	/** Adds a decision, as a line, and its case, as another. */
	add(decision: string, shadowCase: string): void {
		withFileFaults(this.#folder, () => {
			writeFileSync(this.#decisions, decision);
			writeFileSync(this.#cases, shadowCase);
		});
	}

	/** Replaces the summary. */
	summarize(summary: string): void {
		writeFileAtomically(join(this.#folder, 'summary.json'), summary);
	}

	close(): void {
		closeSync(this.#decisions);
		closeSync(this.#cases);
	}

	#open(name: string): number {
		const path = join(this.#folder, name);
		return withFileFaults(path, () => openSync(path, 'a'));
	}
}
