import {closeSync, openSync, writeFileSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import type {TraceFormat} from '../../experiment/workload-schema.ts';
import {givesWay} from '../disk/give-way.ts';
import {moveIntoPlace, writeAsideForLong} from '../disk/write-atomically.ts';
import {traceForms} from './trace-formats.ts';
import type {TraceRow} from './trace-readers.ts';

const linesAPiece = 10_000;

/** The text of a trace in a form, piece by piece. */
export function* traceText(rows: Iterable<Readonly<TraceRow>>, format: TraceFormat): Generator<string, void, void> {
	const form = traceForms.find(({name}) => name === format)!;
	let lines: string[] = form.header === undefined ? [] : [form.header];
	let index = 0;
	for (const row of rows) {
		lines.push(form.write(row, index++));
		if (lines.length >= linesAPiece) {
			yield `${lines.join('\n')}\n`;
			lines = [];
		}
	}

	if (lines.length > 0) {
		yield `${lines.join('\n')}\n`;
	}
}

/**
 * Replaces the file at `path` by a trace; a reader sees the old one or the new one, never a part. Signals are heard meanwhile.
 *
 * @throws {UserError} E_FILE when the disk refuses
 */
export async function writeTrace(path: string, rows: Iterable<Readonly<TraceRow>>, format: TraceFormat): Promise<void> {
	const giveWay = givesWay();
	await writeAsideForLong(dirname(path), async aside => {
		const fresh = join(aside, basename(path));
		const file = openSync(fresh, 'w');
		try {
			for (const piece of traceText(rows, format)) {
				writeFileSync(file, piece); // unlike writeSync it never stops half-way without a word
				await giveWay();
			}
		} finally {
			closeSync(file);
		}

		moveIntoPlace(fresh, path, aside);
	});
}
