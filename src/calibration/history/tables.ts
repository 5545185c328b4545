import type {History} from '../../records/history.ts';

/** Table of rates in CSV, a line for each change, from time 0 on. */
export function loadTable(rate: Float64Array, stepSeconds: number): string {
	const lines = ['seconds,perSecond'];
	let before = '';
	for (let step = 0; step < rate.length; step++) {
		const text = String(Number(rate[step]!.toPrecision(6)));
		if (text !== before) {
			// A rate at a time is that of the load around it.
			lines.push(`${Math.max(0, (step - 0.5) * stepSeconds)},${text}`);
			before = text;
		}
	}

	return `${lines.join('\n')}\n`;
}

/** Rows of replicas at each change, NaN where nobody recorded them. */
export function replicaRows({series, steps, stepSeconds}: History) {
	const {desiredReplicas: desired, currentReplicas, readyReplicas} = series;
	const current = currentReplicas ?? readyReplicas;
	const rows: {seconds: number; desired: number; current: number}[] = [];
	for (let step = 0; step < steps; step++) {
		const row = {
			seconds: step * stepSeconds,
			desired: desired?.[step] ?? Number.NaN,
			current: current?.[step] ?? Number.NaN,
		};
		const last = rows.at(-1);
		if (last === undefined || !Object.is(last.desired, row.desired) || !Object.is(last.current, row.current)) {
			rows.push(row);
		}
	}

	return rows;
}

/** Table of replicas in CSV; blank cells where nobody recorded them. */
export function replicaTable(rows: ReturnType<typeof replicaRows>): string {
	const cell = (value: number) => (Number.isNaN(value) ? '' : String(value));
	const lines = rows.map(({seconds, desired, current}) => `${seconds},${cell(desired)},${cell(current)}`);
	return `${['seconds,desired,current', ...lines].join('\n')}\n`;
}
