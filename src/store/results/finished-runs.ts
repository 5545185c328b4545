import {closeSync, existsSync, openSync, readFileSync, rmSync, truncateSync, writeFileSync} from 'node:fs';
import {dirname} from 'node:path';
import {type CandidateFigures, figureNames, figuresIn, keptFigures, keptValues} from '../../tune/figures.ts';
import {withFileFaults} from '../disk/file-faults.ts';
import {makeFolders} from '../disk/write-atomically.ts';

/**
 * The runs that tuning has finished, one a line, so that the same command goes on from there. A line that a killed
 * process or a full disk left half-written is dropped.
 */
export class FinishedRuns {
	readonly #path: string;
	readonly #runs = new Map<string, CandidateFigures>();
	readonly #file: number;

	private constructor(path: string, key: string) {
		this.#path = path;
		const lines = wholeLines(path);
		if (lines[0] !== headOf(key)) {
			rmSync(path, {force: true});
		}

		makeFolders(dirname(path));
		this.#file = openSync(path, 'a');
		if (lines[0] === headOf(key)) {
			for (const [candidate, replication, ...values] of lines.slice(1).flatMap(runIn)) {
				this.#runs.set(nameOf(candidate, replication), figuresIn(values));
			}
		} else {
			this.#write(headOf(key));
		}
	}

	/**
	 * Opens the file of one experiment.
	 *
	 * @param key - digest of all that a run depends on but its candidate; runs under another one are thrown away
	 * @throws {UserError} E_FILE when the disk refuses
	 */
	static open(path: string, key: string): FinishedRuns {
		return withFileFaults(path, () => new FinishedRuns(path, key));
	}

	get size(): number {
		return this.#runs.size;
	}

	find(candidate: string, replication: number): CandidateFigures | undefined {
		return this.#runs.get(nameOf(candidate, replication));
	}

	add(candidate: string, replication: number, figures: CandidateFigures): void {
		this.#runs.set(nameOf(candidate, replication), figures);
		this.#write(JSON.stringify([candidate, replication, ...keptValues(figures)]));
	}

	close(): void {
		closeSync(this.#file);
	}

	#write(line: string): void {
		withFileFaults(this.#path, () => writeFileSync(this.#file, `${line}\n`));
	}
}

function headOf(key: string): string {
	return JSON.stringify({kind: 'FinishedRuns', key, columns: ['candidate', 'replication', ...keptFigures]});
}

function nameOf(candidate: string, replication: number): string {
	return `${candidate}/${replication}`;
}

type RunLine = [candidate: string, replication: number, ...values: (number | null)[]];

/** Parses a line of the list of finished runs; empty when the line holds no run: it was edited, or two halves of lines met. */
function runIn(line: string): RunLine[] {
	try {
		const values: unknown = JSON.parse(line);
		const isRun =
			Array.isArray(values) &&
			values.length === keptFigures.length + 2 &&
			values.every((value, index) => isValue(value, index));
		return isRun ? [values as RunLine] : [];
	} catch {
		return [];
	}
}

/** A name, numbers, and numbers or null for figures that not every run has. */
function isValue(value: unknown, index: number): boolean {
	return index === 0
		? typeof value === 'string'
		: typeof value === 'number' || (value === null && index >= figureNames.length + 2);
}

/** The lines that were written to their end; what follows the last of them is cut off. */
function wholeLines(path: string): string[] {
	if (!existsSync(path)) {
		return [];
	}

	const bytes = readFileSync(path);
	const end = bytes.lastIndexOf(0x0a) + 1;
	if (end < bytes.length) {
		truncateSync(path, end);
	}

	return bytes.subarray(0, end).toString('utf8').split('\n').slice(0, -1);
}
