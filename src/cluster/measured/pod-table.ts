import type {PodEvent, PodTable} from '../../records/record.ts';
import type {JournalEntry, PodEntry} from '../observe/entry.ts';

type Row = {readonly pod: string; readonly event: PodEvent; readonly at: number};

const onceOnly: ReadonlySet<PodEvent> = new Set(['created', 'scheduled', 'started', 'terminating', 'gone']);

/** Table of the pods' events, in the order of time. */
export function podTable(entries: readonly JournalEntry[], start: number): PodTable {
	const rows = podEvents(entries);
	return {
		pod: rows.map(({pod}) => pod),
		event: rows.map(({event}) => event),
		seconds: Float64Array.from(rows, ({at}) => at - start),
	};
}

function podEvents(entries: readonly JournalEntry[]): Row[] {
	const rows: Row[] = [];
	const last = new Map<string, PodEntry>();
	const isSeen = new Set<string>(); // pod and event of what happens once
	let endpoints: readonly string[] = [];
	const add = (pod: string, event: PodEvent, at: number) => rows.push({pod, event, at});
	const once = (pod: string, event: PodEvent, at: number) => {
		if (!isSeen.has(`${pod} ${event}`)) {
			isSeen.add(`${pod} ${event}`);
			add(pod, event, at);
		}
	};

	for (const entry of entries) {
		const {type, at} = entry;
		if (type === 'pod') {
			for (const event of changes(last.get(entry.view.name), entry)) {
				(onceOnly.has(event) ? once : add)(entry.view.name, event, at);
			}

			last.set(entry.view.name, entry);
		} else if (type === 'gone') {
			once(entry.pod, 'terminating', at); // a killed pod is gone without a word
			once(entry.pod, 'gone', at);
		} else if (type === 'model') {
			add(entry.pod, 'modelLoaded', at);
		} else if (type === 'endpoints') {
			for (const [pod, event] of endpointChanges(endpoints, entry.ready)) {
				add(pod, event, at);
			}

			endpoints = entry.ready;
		}
	}

	return rows.sort((a, b) => a.at - b.at);
}

/** Pods that have joined the endpoints of the Service, then the ones that have left its endpoints. */
function endpointChanges(before: readonly string[], after: readonly string[]): [string, PodEvent][] {
	return [
		...after.filter(pod => !before.includes(pod)).map((pod): [string, PodEvent] => [pod, 'endpointAdded']),
		...before.filter(pod => !after.includes(pod)).map((pod): [string, PodEvent] => [pod, 'endpointRemoved']),
	];
}

/** Events between two sights of a pod. */
function changes(before: PodEntry | undefined, after: PodEntry): PodEvent[] {
	const isReady = (entry: PodEntry | undefined) => entry?.view.ready?.status === true;
	const restarts = (entry: PodEntry) => entry.containers.reduce((sum, container) => sum + container.restarts, 0);
	const candidates: [PodEvent, boolean][] = [
		['created', before === undefined],
		['scheduled', after.isScheduled && !before?.isScheduled],
		['started', hasStarted(after) && !(before !== undefined && hasStarted(before))],
		['containerRestarted', before !== undefined && restarts(after) > restarts(before)],
		['ready', isReady(after) && !isReady(before)],
		['notReady', !isReady(after) && isReady(before)],
		['terminating', after.view.deletionTimestamp !== undefined && before?.view.deletionTimestamp === undefined],
	];
	return candidates.filter(([, happened]) => happened).map(([event]) => event);
}

/** All containers have run, now or before a restart. */
function hasStarted({containers, view}: PodEntry): boolean {
	return (
		containers.length === view.containers.length &&
		containers.every(({isRunning, restarts}) => isRunning || restarts > 0)
	);
}
