import type {RecordedCounts, RecordedRun, RecordedWorkload, ResponseTimes} from '../../records/recorded-run.ts';
import type {Timeline} from '../../records/replica-line.ts';
import type {ListedRun} from './list-runs.ts';
import {type CsvTable, numbersIn, readCsvTable, tableError} from './read-table.ts';
import {replicaFaults} from './replica-faults.ts';

/** Columns of a count, the first of which holds. */
const countColumns: Readonly<Record<RecordedCounts, readonly string[]>> = {
	desired: ['desiredReplicas', 'specReplicas'],
	current: ['currentReplicas', 'statusReplicas'],
	ready: ['readyReplicas'],
	pods: ['pods'],
};

/** Time from which no row of a recording can be [s]: a year. */
const farthest = 366 * 86_400;

/** Reads runs, each workload's file once. */
export class RecordingReader {
	readonly #workloads = new Map<string, Promise<RecordedWorkload>>();
	readonly #opened = new Set<string>();

	/** Paths of the files of replicas and workloads that were opened, in their order. */
	get opened(): readonly string[] {
		return [...this.#opened];
	}

	/**
	 * Reads a run: its replicas and its workload, and no file of another run.
	 *
	 * @throws {UserError} in one line with the place of a fault
	 */
	async read(listed: ListedRun): Promise<RecordedRun> {
		const {set, run, cells, workloadFile, workloadName, replicasFile} = listed;
		this.#opened.add(workloadFile).add(replicasFile);
		const reading = this.#workloads.get(workloadFile) ?? readWorkload(workloadFile);
		this.#workloads.set(workloadFile, reading);
		const workload = await reading;
		const replicas = await readReplicas(listed);
		const responses = responsesOf(listed);
		const [nominal, sending] = [cells['nominalSeconds'], cells['sendingSeconds']].map(Number);
		return {
			...{set, run, cells, workload, workloadName, ...replicas},
			...(responses !== undefined && {responses}),
			stretch: nominal! > 0 && sending! > 0 ? sending! / nominal! : undefined,
		};
	}
}

/** Response times that the table of runs gives [ms there]; undefined where a column or a cell is missing. */
function responsesOf({cells}: ListedRun): ResponseTimes | undefined {
	const [mean, p95] = ['meanResponseMs', 'p95'].map(column => Number(cells[column] || Number.NaN) / 1000);
	return mean! >= 0 && p95! >= 0 ? {mean: mean!, p95: p95!} : undefined;
}

/** Replicas of a run, and whatever else its table holds. */
async function readReplicas({replicasFile, cells}: ListedRun) {
	const whole = await readCsvTable(replicasFile, ['seconds']);
	if (!countColumns.desired.some(name => whole.names.includes(name))) {
		throw tableError(
			replicasFile,
			1,
			'a column desiredReplicas or specReplicas',
			`the columns ${whole.names.join(', ')}`,
		);
	}

	const heads = whole.rows.filter(row => row.cells[0]?.trim() === whole.names[0]);
	const table = {...whole, rows: whole.rows.filter(row => !heads.includes(row))};
	const seconds = numbersIn(table, 'seconds')!;
	const far = seconds.findIndex(at => Math.abs(at) > farthest);
	if (far !== -1) {
		throw tableError(replicasFile, table.rows[far]!.line, 'seconds within a year of time 0', String(seconds[far]));
	}

	const counts = Object.entries(countColumns).flatMap(([count, names]) => {
		const name = names.find(each => table.names.includes(each));
		return name === undefined ? [] : [[count as RecordedCounts, countsIn(table, name)] as const];
	});
	const recorded = Number(cells['recordedSeconds'] || Number.NaN);
	const {order, faults} = replicaFaults({seconds, counts: Object.fromEntries(counts), heads: heads.length, recorded});
	const lines = counts.map(([count, values]) => [count, lineOf(seconds, values, order)] as const);
	const kept = lines.filter(([, line]) => line.length > 0);
	if (!kept.some(([count]) => count === 'desired')) {
		throw tableError(replicasFile, 1, 'a row with a time and desired replicas', 'none');
	}

	const cpu = numbersIn(table, 'cpuPercent');
	const rowSeconds = order.map(row => seconds[row]!);
	if (!(recorded > 0) && !(rowSeconds.at(-1)! > 0)) {
		const rule = 'rows after time 0, or recordedSeconds in runs.csv';
		throw tableError(replicasFile, 1, rule, `rows until ${rowSeconds.at(-1)} s`);
	}

	return {
		lines: Object.fromEntries(kept) as RecordedRun['lines'],
		cpuPercent: cpu === undefined ? [] : lineOf(seconds, cpu, order, true),
		rowSeconds,
		digest: whole.digest,
		isSampled: !(recorded > 0),
		untilSeconds: recorded > 0 ? recorded : rowSeconds.at(-1)!,
		faults,
	};
}

function countsIn(table: CsvTable, name: string): Float64Array {
	const values = numbersIn(table, name)!;
	const row = values.findIndex(value => value < 0 || value > 1e6 || (!Number.isNaN(value) && !Number.isInteger(value)));
	if (row !== -1) {
		throw tableError(table.path, table.rows[row]!.line, `${name} to be a number of replicas`, String(values[row]));
	}

	return values;
}

/** Step function of a column; rows without a value are left out, and rows without a change where they say nothing new. */
function lineOf(seconds: Float64Array, values: Float64Array, order: readonly number[], isEveryRow = false): Timeline {
	const line: [number, number][] = [];
	for (const row of order) {
		const value = values[row]!;
		const last = line.at(-1);
		if (!Number.isNaN(value) && (isEveryRow || last?.[1] !== value)) {
			line.push([seconds[row]!, value]);
		}
	}

	return line;
}

async function readWorkload(path: string): Promise<RecordedWorkload> {
	const table = await readCsvTable(path, []);
	const at = numbersIn(table, 'atSeconds');
	if (at !== undefined) {
		const service = numbersIn(table, 'serviceSeconds');
		refuseTimes(table, 'atSeconds', at);
		if (service !== undefined) {
			refuseEach(table, 'serviceSeconds', service, value => value >= 0 && value <= 1e6);
		}

		return {kind: 'requests', atSeconds: at, ...(service !== undefined && {serviceSeconds: service})};
	}

	const [seconds, perSecond, users] = ['seconds', 'perSecond', 'users'].map(name => numbersIn(table, name));
	if (seconds === undefined || (perSecond === undefined && users === undefined)) {
		const rule = 'columns atSeconds, serviceSeconds of each request, or seconds, perSecond, users';
		throw tableError(path, 1, rule, `the columns ${table.names.join(', ') || 'of an empty file'}`);
	}

	refuseTimes(table, 'seconds', seconds);
	for (const [name, column] of Object.entries({perSecond, users})) {
		if (column !== undefined) {
			refuseEach(table, name, column, value => value >= 0 && value <= 1e6);
		}
	}

	const points = [...seconds].map((at, row) => ({
		seconds: at,
		...(perSecond !== undefined && {perSecond: perSecond[row]!}),
		...(users !== undefined && {users: users[row]!}),
	}));
	return {kind: 'rate', points};
}

function refuseTimes(table: CsvTable, name: string, times: Float64Array): void {
	if (times.length === 0) {
		throw tableError(table.path, 1, 'at least one row', 'none');
	}

	const isInOrder = (value: number, row: number) => value >= (row === 0 ? 0 : times[row - 1]!) && value <= 1e9;
	refuseEach(table, `${name} in ascending order from 0 on`, times, isInOrder);
}

function refuseEach(
	{path, rows}: CsvTable,
	name: string,
	values: Float64Array,
	isGood: (value: number, row: number) => boolean,
): void {
	const row = values.findIndex((value, index) => !isGood(value, index));
	if (row !== -1) {
		throw tableError(
			path,
			rows[row]!.line,
			name.includes(' ') ? name : `${name} to be at least 0`,
			String(values[row]),
		);
	}
}
