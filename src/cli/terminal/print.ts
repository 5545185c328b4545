import process from 'node:process';
import {printable} from '../../printable.ts';

/* All that a command writes to a terminal passes here, but for the drawing of progress. */

/** Writes to standard output, with escapes for what would move the terminal. @returns false while the reader is slow */
export function print(text: string): boolean {
	return process.stdout.write(printable(text));
}

/** Writes to standard error, with escapes for what would move the terminal. */
export function printError(text: string): void {
	process.stderr.write(printable(text));
}
