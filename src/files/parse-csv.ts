/** A row of a CSV file and the line on which it begins, from 1. */
export type CsvRow = {readonly line: number; readonly cells: readonly string[]};

/**
 * Rows of a CSV file: cells apart by commas, quoted where they hold commas, quotes (doubled) or line ends; empty lines
 * are left out.
 *
 * @throws {RangeError} naming the line of a quote that is not closed, or that stands inside a cell
 * @see RFC 4180
 */
export function parseCsv(text: string): CsvRow[] {
	const rows: CsvRow[] = [];
	const cell = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r?\n|$)/y;
	let cells: string[] = [];
	let [line, begin] = [1, 1];
	while (cell.lastIndex < text.length || cells.length > 0) {
		const at = cell.lastIndex;
		const found = cell.exec(text);
		if (found === null) {
			throw new RangeError(`${line}: Expected a quote to open a cell and to be closed, got one that does not`);
		}

		const [whole, value = '', end = ''] = found;
		cells.push(value.startsWith('"') ? value.slice(1, -1).replaceAll('""', '"') : value);
		line += whole.split('\n').length - 1;
		if (end !== ',') {
			if (cells.length > 1 || cells[0] !== '') {
				rows.push({line: begin, cells});
			}

			cells = [];
			begin = line;
			if (at === text.length) {
				break;
			}
		}
	}

	return rows;
}
