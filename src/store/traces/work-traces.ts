import {type WorkKind, workKinds} from '../../experiment/serving/work-kind.ts';
import {unitOfTime} from '../../experiment/workload-schema.ts';
import {bareName, outputColumns, promptColumns, timeColumns, unitEnding} from './trace-names.ts';
import {cellsOf, isJson, objectIn, type TraceReader} from './trace-readers.ts';
import {TimeCells} from './trace-times.ts';

/** Columns of a trace whose requests bring their own work. */
type WorkColumns = {readonly time: string; readonly work: string; readonly kind: WorkKind; readonly perSecond: number};

/** Names of columns of work without the unit that they end with, in any case and with any of `_-. `. */
const kindOfName: Readonly<Record<string, WorkKind>> = {
	service: 'serviceSeconds',
	servicetime: 'serviceSeconds',
	timeinservice: 'serviceSeconds',
	cpu: 'cpuSeconds',
	cputime: 'cpuSeconds',
};

/**
 * Reader of a trace with a column of work, such as `serviceSeconds`, `cpuSeconds` or `service_time_ms`, instead of tokens.
 *
 * @param first - its first line
 * @returns undefined when the line names no such column, or no time
 * @throws {RangeError} when it names two kinds of work, or tokens beside work
 */
export function workReader(first: string): TraceReader | undefined {
	if (isJson(first)) {
		const columns = workColumns(Object.keys(objectIn(first) ?? {}));
		return columns && jsonWorkReader(columns);
	}

	for (const separator of [',', ';', '\t']) {
		const names = cellsOf(first, separator);
		const columns = workColumns(names);
		if (columns !== undefined) {
			return csvWorkReader(columns, names, separator);
		}
	}

	return undefined;
}

function workColumns(names: readonly string[]): WorkColumns | undefined {
	const works = names.flatMap(name => {
		const [kind, unit] = [kindOfName[unitEnding(bareName(name)).rest], unitEnding(bareName(name)).unit];
		return kind === undefined || unit === undefined ? [] : [{name, kind, perSecond: unitOfTime[unit].perSecond}];
	});
	const [time, secondTime] = timeColumns(names);
	const [work, second] = works;
	if (work === undefined || time === undefined || secondTime !== undefined) {
		return undefined;
	}

	const tokens = [...promptColumns(names), ...outputColumns(names)];
	const other = second?.name ?? tokens[0];
	if (other !== undefined) {
		throw new RangeError(
			`it has both ${work.name} and ${other}: a request has tokens, ${workKinds.join(' or ')}, only one of them`,
		);
	}

	return {time, work: work.name, kind: work.kind, perSecond: work.perSecond};
}

function csvWorkReader(columns: WorkColumns, names: readonly string[], separator: string): TraceReader {
	const [time, work] = [names.indexOf(columns.time), names.indexOf(columns.work)];
	return workReaderOf(columns, line => {
		const cells = cellsOf(line, separator);
		return cells.length === names.length
			? {at: cells[time], work: cells[work]}
			: {fault: `${cells.length} cells, not ${names.length}`};
	});
}

function jsonWorkReader(columns: WorkColumns): TraceReader {
	return workReaderOf(columns, line => {
		const value = objectIn(line);
		return value === undefined ? {fault: 'no JSON'} : {at: value[columns.time], work: value[columns.work]};
	});
}

type Cells = {readonly at: unknown; readonly work: unknown} | {readonly fault: string};

function workReaderOf(columns: WorkColumns, read: (line: string) => Cells): TraceReader {
	const times = new TimeCells();
	return {
		times,
		column: columns.time,
		unit: unitEnding(bareName(columns.time)).unit,
		work: columns.kind,
		read: (line, row) => {
			const cells = read(line);
			if ('fault' in cells) {
				return cells;
			}

			const [at, work] = [times.read(cells.at), secondsIn(cells.work) / columns.perSecond];
			if (Number.isNaN(at) || !(work <= mostWork)) {
				return {fault: Number.isNaN(at) ? columns.time : columns.work};
			}

			row.at = at;
			row.work = work;
			return 'request';
		},
	};
}

/** Most work of a request [s]. */
const mostWork = 1e6;

function secondsIn(cell: unknown): number {
	if (typeof cell === 'number') {
		return cell >= 0 ? cell : Number.NaN;
	}

	return typeof cell === 'string' && /^(?:\d{1,15}(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,3})?$/.test(cell)
		? Number(cell)
		: Number.NaN;
}
