import type {SampleTable} from '../../records/record.ts';
import type {JournalEntry, SampleEntry} from '../observe/entry.ts';

type Row = {at: number; pod: string; container: string; cpu: number; memory: number; timestamp: number; window: number};

/** The longest time between two questions to the metrics API [s]. */
const pollPeriod = 1.5;

/** New points of the metrics API, and where it stopped to serve a pod. */
export function sampleTable(entries: readonly JournalEntry[], start: number): SampleTable {
	const seenAt = firstSight(entries);
	const containers = new Map<string, string[]>();
	const rows: Row[] = [];
	for (const entry of entries) {
		if (entry.type === 'sample') {
			containers.set(
				entry.pod,
				entry.containers.map(({name}) => name),
			);
			for (const {name, cpu, memory} of entry.containers) {
				const {pod, timestamp, window} = entry;
				rows.push({at: seenAt(entry), pod, container: name, cpu, memory, timestamp, window});
			}
		} else if (entry.type === 'sampleLost') {
			for (const container of containers.get(entry.pod) ?? []) {
				const none = {cpu: Number.NaN, memory: Number.NaN, timestamp: Number.NaN, window: Number.NaN};
				rows.push({at: entry.at, pod: entry.pod, container, ...none});
			}
		}
	}

	return {
		seconds: Float64Array.from(rows, ({at}) => at - start),
		pod: rows.map(({pod}) => pod),
		container: rows.map(({container}) => container),
		cpuCores: Float64Array.from(rows, ({cpu}) => cpu),
		memoryBytes: Float64Array.from(rows, ({memory}) => memory),
		sampledSeconds: Float64Array.from(rows, ({timestamp}) => timestamp - start),
		windowSeconds: Float64Array.from(rows, ({window}) => window),
	};
}

/**
 * First time at which a sample was seen: by the autoscaler, whose log names the timestamp of the sample that it used,
 * when it looked between two of our own polls.
 */
function firstSight(entries: readonly JournalEntry[]): (sample: SampleEntry) => number {
	const samples = entries.filter(entry => entry.type === 'sample');
	const earlier = new Map<number, number>();
	for (const decision of entries) {
		if (decision.type !== 'decision' || decision.timestamp === undefined) {
			continue;
		}

		const named = samples.filter(({timestamp}) => timestamp === decision.timestamp);
		const [first] = named;
		if (first !== undefined && first.at > decision.at && first.at < decision.at + pollPeriod) {
			earlier.set(first.at, decision.at); // a scrape brings the samples of all pods at once
		}
	}

	return ({at}) => earlier.get(at) ?? at;
}
