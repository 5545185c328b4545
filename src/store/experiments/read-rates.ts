import type {RatePoint} from '../../experiment/experiment.ts';
import {readPinnedText} from '../disk/read-text.ts';
import {parseCsv} from '../records/import-table.ts';
import type {FaultLine} from '../yaml/source-tree.ts';

/** Largest table of rates that is read [bytes]. */
const largestRates = 1 << 26;
const mostPerSecond = 1e6;
const latest = 366 * 86_400;
const columns = ['seconds', 'perSecond'] as const;

/** Points of an arrival-rate curve in the order of time and the digest of their file in hex, or the first fault of the table. */
export type ReadRates = {readonly sha256: string} & (
	| {readonly points: readonly RatePoint[]}
	| {readonly fault: FaultLine}
);

/**
 * Reads a table of arrival rates in CSV: a point a line, columns `seconds` from time 0 on and `perSecond` [requests/s].
 * Further columns are left alone.
 *
 * @throws {UnreadableError} when the file cannot be read
 */
export async function readRates(path: string): Promise<ReadRates> {
	const {text, sha256} = await readPinnedText(path, largestRates);
	try {
		return {sha256, points: pointsIn(text)};
	} catch (error) {
		if (!(error instanceof RangeError)) {
			throw error;
		}

		const [, line = '1', message = error.message] = /^(\d+): (.*)$/s.exec(error.message) ?? [];
		return {sha256, fault: {source: {file: path, line: Number(line), column: 1}, message}};
	}
}

/** @throws {RangeError} with the line of the first fault and a colon before its message */
function pointsIn(text: string): RatePoint[] {
	const [head, ...rows] = parseCsv(text);
	const names = head?.cells.map(cell => cell.trim()) ?? [];
	const [seconds, perSecond] = columns.map(column => names.indexOf(column)) as [number, number];
	if (seconds === -1 || perSecond === -1) {
		throw new RangeError(`1: Expected the columns ${columns.join(' and ')}, got ${shown(names.join(', '))}`);
	}

	if (rows.length === 0) {
		throw new RangeError('1: Expected at least one line of rates after the names of the columns, got none');
	}

	let before = -1;
	return rows.map(({line, cells}) => {
		if (cells.length !== names.length) {
			throw new RangeError(`${line}: Expected ${names.length} cells, got ${cells.length}`);
		}

		const at = numberIn(cells[seconds]!, {name: 'seconds', most: latest, line});
		if (at <= before) {
			throw new RangeError(`${line}: Expected seconds to be later than ${before}, the line before, got ${at}`);
		}

		before = at;
		return {at, perSecond: numberIn(cells[perSecond]!, {name: 'perSecond', most: mostPerSecond, line})};
	});
}

const decimal = /^\+?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i;

type Cell = {readonly name: string; readonly most: number; readonly line: number};

function numberIn(cell: string, {name, most, line}: Cell): number {
	const text = cell.trim();
	const value = decimal.test(text) ? Number(text) : Number.NaN;
	if (!(value <= most)) {
		throw new RangeError(`${line}: Expected ${name} to be a number from 0 to ${most}, got ${shown(text)}`);
	}

	return value;
}

function shown(text: string): string {
	return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
