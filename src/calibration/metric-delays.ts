import {median} from 'simple-statistics';
import {hasSpan} from '../records/pod-usage.ts';
import type {Recording} from '../records/record.ts';

/** Delays of the chain from counters to decisions [s]. */
export type MetricDelays = {
	/** Between two scrapes that brought something new, by pod. */
	readonly scrapeGaps: readonly number[];
	/** Between two reconciles. */
	readonly syncGaps: readonly number[];
	/** Age of the newest sample of each container at each reconcile. */
	readonly ages: readonly number[];
	/** Span that each sample covers. */
	readonly windows: readonly number[];
	/** Ready to the first reconcile that finds a sample of a span after that. */
	readonly firstCounted: readonly number[];
	/** Covered by samples, from where the first one's span begins [s]. */
	readonly duration: number;
};

/**
 * The delays of a record's metrics. A time that was not recorded (NaN) makes no delay: lists are shorter for it, and the
 * duration begins with the first sample whose span is known, or at 0.
 */
export function metricDelays({head, tables}: Recording): MetricDelays {
	const {samples, decisions} = tables;
	const reconciles = [...decisions.seconds].sort((a, b) => a - b);
	const present = [...samples.seconds.keys()].filter(
		row => !Number.isNaN(samples.cpuCores[row]!) && hasSpan(samples.windowSeconds[row]!),
	);
	const byContainer = byKey(present, row => `${samples.pod[row]}/${samples.container[row]}`);
	return {
		scrapeGaps: gapsOf(distinct(present.map(row => samples.seconds[row]!))),
		syncGaps: gapsOf(reconciles),
		ages: [...byContainer.values()].flatMap(rows => agesOf(rows, {samples, reconciles})),
		windows: known(present.map(row => samples.windowSeconds[row]!)),
		firstCounted: firstCounted(tables, reconciles),
		duration: head.durationSeconds - Math.min(0, ...known(present.map(row => beginOf(samples, row))).slice(0, 1)),
	};
}

function known(times: readonly number[]): number[] {
	return times.filter(time => !Number.isNaN(time));
}

function beginOf({sampledSeconds, windowSeconds}: Recording['tables']['samples'], row: number): number {
	return sampledSeconds[row]! - windowSeconds[row]!;
}

/** Samples that are seen this close together came with one scrape [s]. */
const together = 3;

function distinct(times: readonly number[]): number[] {
	const scrapes: number[] = [];
	for (const at of times.toSorted((a, b) => a - b)) {
		if (scrapes.length === 0 || at - scrapes.at(-1)! > together) {
			scrapes.push(at);
		}
	}

	return scrapes;
}

function gapsOf(times: readonly number[]): number[] {
	return times.slice(1).map((at, index) => at - times[index]!);
}

type Served = {readonly samples: Recording['tables']['samples']; readonly reconciles: readonly number[]};

function agesOf(rows: readonly number[], {samples, reconciles}: Served): number[] {
	return rows.flatMap((row, index) => {
		const until = rows[index + 1] === undefined ? Number.NaN : samples.seconds[rows[index + 1]!]!;
		const served = reconciles.filter(at => at >= samples.seconds[row]! && at < until);
		return known(served.map(at => at - samples.sampledSeconds[row]!));
	});
}

function firstCounted({samples, pods}: Recording['tables'], reconciles: readonly number[]): number[] {
	return pods.pod.flatMap((name, row) => {
		const ready = pods.seconds[row]!;
		if (pods.event[row] !== 'ready' || ready < 0) {
			return [];
		}

		const own = [...samples.seconds.keys()].filter(
			index => samples.pod[index] === name && beginOf(samples, index) >= ready,
		);
		const served = own.length === 0 ? undefined : samples.seconds[own[0]!]!;
		const counted = served === undefined ? undefined : reconciles.find(at => at >= served);
		return counted === undefined ? [] : [counted - ready];
	});
}

/**
 * Periods of the chain: the scrapes' from their gaps, the reconciles' as whole seconds and what each adds to them.
 * A period without gaps is NaN, and one of reconciles then has no latencies.
 */
export function metricPeriods({scrapeGaps, syncGaps}: MetricDelays): {
	readonly scrape: number;
	readonly sync: number;
	readonly latencies: readonly number[];
} {
	const sync = Math.floor(medianOf(syncGaps));
	// A gap of two periods is a reconcile that was not seen.
	const latencies = syncGaps.filter(gap => gap >= sync && gap < 1.5 * sync).map(gap => gap - sync);
	return {scrape: medianOf(scrapeGaps), sync, latencies};
}

function medianOf(gaps: readonly number[]): number {
	return gaps.length === 0 ? Number.NaN : median([...gaps]);
}

function byKey(rows: readonly number[], keyOf: (row: number) => string): Map<string, number[]> {
	const groups = new Map<string, number[]>();
	for (const row of rows) {
		const key = keyOf(row);
		const group = groups.get(key);
		if (group === undefined) {
			groups.set(key, [row]);
		} else {
			group.push(row);
		}
	}

	return groups;
}
