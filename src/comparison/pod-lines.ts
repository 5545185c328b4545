import type {PodEvent, PodTable} from '../records/record.ts';
import type {Timeline} from '../records/replica-line.ts';
import {countLine} from './step-line.ts';

/** Pods over time: with their model loaded, and Ready. */
export type PodLines = {readonly loaded: Timeline; readonly ready: Timeline};

const ends: ReadonlySet<PodEvent> = new Set(['terminating', 'gone', 'containerRestarted']);

/** Counts of pods over time, read off a record's events. */
export function podLines(table: PodTable): PodLines {
	return {
		loaded: stateLine(table, {on: 'modelLoaded', off: ends}),
		ready: stateLine(table, {on: 'ready', off: new Set<PodEvent>(['notReady', 'terminating', 'gone'])}),
	};
}

function stateLine({pod, event, seconds}: PodTable, {on, off}: {on: PodEvent; off: ReadonlySet<PodEvent>}): Timeline {
	const isOn = new Set<string>();
	const changes: [number, number][] = [];
	for (const [row, name] of pod.entries()) {
		if (event[row] === on && !isOn.has(name)) {
			isOn.add(name);
			changes.push([seconds[row]!, 1]);
		} else if (off.has(event[row]!) && isOn.delete(name)) {
			changes.push([seconds[row]!, -1]);
		}
	}

	return countLine(changes);
}
