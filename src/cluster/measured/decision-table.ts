import type {HpaStatus} from '../../autoscaler/live-answer.ts';
import {parseQuantityMilli} from '../../autoscaler/quantity.ts';
import type {MetricResult} from '../../autoscaler/reconcile.ts';
import type {DecisionTable} from '../../records/record.ts';
import type {DecisionEntry, JournalEntry} from '../observe/entry.ts';

type Row = {
	readonly at: number;
	readonly currentReplicas: number;
	readonly desiredReplicas: number;
	readonly proposals: readonly MetricResult[];
	readonly reasons: readonly string[];
};

/** A status that a decision led to is written this long after it at most [s]. */
const statusDelay = 5;

/**
 * Table with one row for each reconcile of the autoscaler: by its controller's log where that was available, else for
 * each status that changed.
 */
export function decisionTable(entries: readonly JournalEntry[], start: number): DecisionTable {
	const isLogged = entries.some(({type}) => type === 'decision');
	const rows = (isLogged ? loggedRows(entries) : statusRows(entries)).sort((a, b) => a.at - b.at);
	return {
		seconds: Float64Array.from(rows, ({at}) => at - start),
		currentReplicas: Int32Array.from(rows, ({currentReplicas}) => currentReplicas),
		desiredReplicas: Int32Array.from(rows, ({desiredReplicas}) => desiredReplicas),
		proposals: rows.map(({proposals}) => JSON.stringify(proposals)),
		reasons: rows.map(({reasons}) => JSON.stringify(reasons)),
	};
}

/** A reconcile is a proposal, unless it failed early, and then what came of it. */
function loggedRows(entries: readonly JournalEntry[]): Row[] {
	const log = entries.filter(entry => entry.type === 'decision').sort((a, b) => a.at - b.at);
	const rows: Row[] = [];
	let proposed: DecisionEntry | undefined;
	let lastEnd = Number.NEGATIVE_INFINITY;
	for (const [index, line] of log.entries()) {
		if (line.step === 'proposed') {
			proposed = line;
			continue;
		}

		const isAfterword = line.step === 'failed' && line.at - lastEnd < 1; // of a reconcile that decided all the same
		lastEnd = line.at;
		if (isAfterword) {
			rows[rows.length - 1] = {...rows.at(-1)!, reasons: [...rows.at(-1)!.reasons, line.words ?? '']};
		} else {
			const next = log.slice(index + 1).find(({step}) => step !== 'failed')?.at ?? Number.POSITIVE_INFINITY;
			rows.push(rowOf(entries, line, proposed, Math.min(next, line.at + statusDelay)));
		}

		proposed = undefined;
	}

	return rows;
}

function rowOf(
	entries: readonly JournalEntry[],
	line: DecisionEntry,
	proposed: DecisionEntry | undefined,
	until: number,
): Row {
	const at = proposed?.at ?? line.at;
	const before = lastBefore(entries, 'scale', at)?.specReplicas ?? 0;
	const currentReplicas = line.currentReplicas ?? before;
	const status = lastBefore(entries, 'hpa', until)?.status ?? {};
	return {
		at,
		currentReplicas,
		desiredReplicas: line.step === 'rescaled' ? line.desiredReplicas! : currentReplicas,
		proposals: metricResults(status, proposed),
		reasons: [...reasonsOf(status), ...(line.step === 'failed' ? [line.words ?? ''] : [])],
	};
}

function statusRows(entries: readonly JournalEntry[]): Row[] {
	return entries.flatMap(entry => {
		if (entry.type !== 'hpa') {
			return [];
		}

		const {at, status} = entry;
		const currentReplicas = lastBefore(entries, 'scale', at)?.specReplicas ?? status.currentReplicas ?? 0;
		const desiredReplicas = status.desiredReplicas ?? currentReplicas;
		return [
			{at, currentReplicas, desiredReplicas, proposals: metricResults(status, undefined), reasons: reasonsOf(status)},
		];
	});
}

function lastBefore<Type extends 'scale' | 'hpa'>(entries: readonly JournalEntry[], type: Type, time: number) {
	return entries.findLast(
		(entry): entry is Extract<JournalEntry, {type: Type}> => entry.type === type && entry.at <= time,
	);
}

/** Metrics as the status shows them; only the largest proposal is known, and of which metric it is. */
function metricResults({currentMetrics}: HpaStatus, proposed: DecisionEntry | undefined): MetricResult[] {
	return (currentMetrics ?? []).flatMap(({type, resource, containerResource, external}) => {
		const metric = resource ?? containerResource ?? external;
		if (metric === undefined) {
			return [];
		}

		const {current = {}} = metric;
		const name = metric.name ?? metric.metric?.name ?? '';
		const proposal = isOf(proposed?.metric ?? '', name) ? proposed?.desiredReplicas : undefined;
		return [
			{
				type,
				name,
				...(proposal !== undefined && {proposal}),
				...(current.averageUtilization !== undefined && {utilization: current.averageUtilization}),
				...(current.averageValue !== undefined && {averageValueMilli: parseQuantityMilli(current.averageValue)}),
				...(current.value !== undefined && {valueMilli: parseQuantityMilli(current.value)}),
			},
		];
	});
}

/** Whether the log's words for a metric are of that name: `cpu resource …`, `external metric NAME(selector)`. */
function isOf(words: string, name: string): boolean {
	return words.startsWith(`${name} `) || words.startsWith(`external metric ${name}(`);
}

/** In the order of the controller's steps. */
function reasonsOf({conditions = []}: HpaStatus): string[] {
	return ['ScalingActive', 'AbleToScale', 'ScalingLimited'].flatMap(
		wanted => conditions.find(({type}) => type === wanted)?.reason ?? [],
	);
}
