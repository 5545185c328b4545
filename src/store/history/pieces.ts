import {existsSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import type {Grid, GridSeries, MetricLabels} from '../../history/series-store.ts';
import {withFileFaults} from '../disk/file-faults.ts';
import {sha256Of} from '../disk/read-text.ts';
import {writeFileAtomically} from '../disk/write-atomically.ts';
import {labelsIn, listOf, mapOf} from './parse-answer.ts';

/** Part of a long history: what was asked, where and for which times. */
export type PieceKey = Grid & {
	/** Address without credentials. */
	readonly source: string;
	readonly query: string;
};

/** Version of the form of a piece. */
const form = 1;

/** Name of a piece: the same for the same question only. */
export function pieceName({source, query, start, stepSeconds, steps}: PieceKey): string {
	return `${sha256Of(JSON.stringify([form, source, query, start, stepSeconds, steps])).slice(0, 40)}.piece`;
}

/**
 * Keeps a piece under its name: a line of JSON that says what it is, then the values of the series, one after the other, as
 * little-endian doubles.
 *
 * @throws {UserError} E_FILE when the disk refuses
 */
export function writePiece(folder: string, key: PieceKey, series: readonly GridSeries[]): void {
	const values = Buffer.alloc(series.length * key.steps * 8);
	for (const [index, {values: of}] of series.entries()) {
		for (const [step, value] of of.entries()) {
			values.writeDoubleLE(value, (index * key.steps + step) * 8);
		}
	}

	const {source, query, start, stepSeconds, steps} = key;
	const head = {
		form,
		source,
		query,
		start,
		stepSeconds,
		steps,
		labels: series.map(({labels}) => labels),
		sha256: sha256Of(values),
	};
	const line = Buffer.from(`${JSON.stringify(head)}\n`);
	writeFileAtomically(join(folder, pieceName(key)), Buffer.concat([line, values]));
}

/**
 * Reads a piece back; undefined where there is none, or what is there is not whole.
 *
 * @throws {UserError} E_FILE when the disk refuses
 */
export function readPiece(folder: string, key: PieceKey): GridSeries[] | undefined {
	const path = join(folder, pieceName(key));
	const content = withFileFaults(path, () => (existsSync(path) ? readFileSync(path) : undefined));
	const end = content?.indexOf(0x0a) ?? -1;
	if (content === undefined || end === -1) {
		return undefined;
	}

	const labels = labelsOfHead(content.toString('utf8', 0, end), content.subarray(end + 1), key);
	return labels?.map((of, index) => {
		const values = new Float64Array(key.steps);
		for (let step = 0; step < key.steps; step++) {
			values[step] = content.readDoubleLE(end + 1 + (index * key.steps + step) * 8);
		}

		return {labels: of, values};
	});
}

/** Labels of the series of a piece; undefined where the head does not fit the values or the question. */
function labelsOfHead(line: string, values: Uint8Array, key: PieceKey): MetricLabels[] | undefined {
	try {
		const head = mapOf(JSON.parse(line), 'a piece');
		const labels = listOf(head['labels'], 'labels').map(one => labelsIn(one, 'labels'));
		const isAsked =
			head['source'] === key.source &&
			head['query'] === key.query &&
			head['start'] === key.start &&
			head['stepSeconds'] === key.stepSeconds &&
			head['steps'] === key.steps;
		const isWhole = values.length === labels.length * key.steps * 8 && head['sha256'] === sha256Of(values);
		return isAsked && isWhole ? labels : undefined;
	} catch {
		return undefined;
	}
}

/** Removes the pieces of a folder that are not among the names: they answer no question that is asked now. */
export function removeOtherPieces(folder: string, names: ReadonlySet<string>): void {
	withFileFaults(folder, () => {
		for (const name of existsSync(folder) ? readdirSync(folder) : []) {
			if (name.endsWith('.piece') && !names.has(name)) {
				rmSync(join(folder, name), {force: true});
			}
		}
	});
}
