import process from 'node:process';
import {printable} from '../../printable.ts';
import {type Report, reportText, type TerminalOptions, usualWidth, wrapLines} from '../../report/text/report.ts';

/* All that a command writes to a terminal passes here, but for the drawing of progress. */

/** Writes to standard output, with escapes for what would move the terminal. @returns false while the reader is slow */
export function print(text: string): boolean {
	return process.stdout.write(printable(text));
}

/** Writes a report to standard output, as wide as the terminal. */
export function printReport(report: Report, more = '', {isFull}: Pick<TerminalOptions, 'isFull'> = {}): boolean {
	return print(`${reportText(report, {width: terminalWidth(), ...(isFull !== undefined && {isFull})})}${more}`);
}

/** Writes lines to standard output, none wider than the terminal: the rest of a longer one is set in below it. */
export function printLines(text: string): boolean {
	return print(`${wrapLines(text, terminalWidth())}\n`);
}

const narrowest = 40;

/** Columns of the terminal, or the ones that `COLUMNS` names. */
export function terminalWidth(): number {
	const named = /^[1-9]\d{0,5}$/.test(process.env['COLUMNS'] ?? '') ? Number(process.env['COLUMNS']) : undefined;
	return Math.max(narrowest, Math.min(usualWidth, named ?? process.stdout.columns ?? usualWidth));
}

/** Writes to standard error, with escapes for what would move the terminal. */
export function printError(text: string): void {
	process.stderr.write(printable(text));
}
