import type {RatePoint} from '../../experiment/experiment.ts';
import type {RecordedReplicas} from '../../experiment/recordings/recorded-replicas.ts';
import {type ReadTable, readNumberTable} from './number-table.ts';

/**
 * Reads a table of arrival rates: a point a line, columns `seconds` from time 0 on and `perSecond` [requests/s].
 *
 * @throws {UnreadableError} when the file cannot be read
 */
export async function readRates(path: string): Promise<ReadTable<RatePoint>> {
	const table = await readNumberTable(path, [{name: 'perSecond', most: 1e6}]);
	return 'fault' in table
		? table
		: {...table, rows: table.rows.map(({at, values: [perSecond]}) => ({at, perSecond: perSecond!}))};
}

/**
 * Reads a table of recorded replicas: columns `seconds` from time 0 on, `desired` and `current`, blank where nobody recorded
 * them.
 *
 * @throws {UnreadableError} when the file cannot be read
 */
export async function readRecorded(path: string): Promise<ReadTable<RecordedReplicas[number]>> {
	const pods = {most: 1e6, mayBeBlank: true} as const;
	const table = await readNumberTable(path, [
		{name: 'desired', ...pods},
		{name: 'current', ...pods},
	]);
	return 'fault' in table
		? table
		: {
				...table,
				rows: table.rows.map(({at, values: [desired, current]}) => ({at, desired: desired!, current: current!})),
			};
}
