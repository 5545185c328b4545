import type {JournalEntry} from '../observe/entry.ts';

/** Share of the time in which some task waited for a resource; one that was not read twice is left out. */
export type Pressure = {readonly cpu?: number; readonly memory?: number; readonly io?: number};

/** Readings that are further apart do not tell what was between them [s]. */
const longestGap = 15;

type Reading = Extract<JournalEntry, {type: 'pressure'}>;

/** Pressure of a node over the time of its readings; undefined where there are none. */
export function pressureOf(entries: readonly JournalEntry[], node: string): Pressure | undefined {
	const readings = entries.filter((entry): entry is Reading => entry.type === 'pressure' && entry.node === node);
	const shares = (['cpu', 'memory', 'io'] as const).flatMap(resource => {
		const own = readings.filter(reading => reading.resource === resource);
		let [stalled, seconds] = [0, 0];
		for (const [index, {at, stalled: total}] of own.entries()) {
			const before = own[index - 1];
			if (before !== undefined && at - before.at <= longestGap) {
				stalled += Math.max(0, total - before.stalled);
				seconds += at - before.at;
			}
		}

		return seconds > 0 ? [[resource, stalled / seconds] as const] : [];
	});
	return shares.length === 0 ? undefined : Object.fromEntries(shares);
}
