import type {DecisionTable, RecordTables} from '../records/record.ts';
import type {Timeline} from '../records/replica-line.ts';
import type {PodLines} from './step-line.ts';

/** A change of the replicas, and when what led to it and what followed it came about; NaN where it did not [s]. */
export type ScaleEvent = {
	readonly from: number;
	readonly to: number;
	/** Mean time of the samples that the decision used. */
	readonly metric: number;
	readonly decision: number;
	/** Time at which the wanted number of pods has its model loaded; NaN on the way down. */
	readonly modelLoaded: number;
	/** Time at which the wanted number of pods is Ready; NaN on the way down. */
	readonly ready: number;
};

/** Changes of the replicas within the run. */
export function scaleEvents(
	timeline: Timeline,
	{tables, lines, until}: {readonly tables: RecordTables; readonly lines: PodLines; readonly until: number},
): ScaleEvent[] {
	return timeline.slice(1).map(([at, to], index) => {
		const from = timeline[index]![1];
		const reached = (line: Timeline) =>
			to > from
				? (line.find(([time, count]) => time >= at && time <= until && count >= to)?.[0] ?? Number.NaN)
				: Number.NaN;
		return {
			from,
			to,
			metric: sampleTime(tables, at),
			decision: at,
			modelLoaded: reached(lines.loaded),
			ready: reached(lines.ready),
		};
	});
}

/**
 * Mean time of the newest samples that were served by then, of the pods that were still there [s].
 *
 * A pod's is the earliest of its containers': that is the one timestamp the metrics API gives a pod, and so all that a
 * measured record has, while a simulated one knows each container's.
 */
export function sampleTime(tables: Pick<RecordTables, 'samples' | 'pods'>, now: number): number {
	const {seconds, sampledSeconds} = tables.samples;
	let [sum, count] = [0, 0];
	for (const {goneAt, rowsOf} of sampledPods(tables)) {
		const newest = goneAt <= now ? [] : rowsOf.map(rows => rows.findLast(row => seconds[row]! <= now));
		const times = newest.flatMap(row => (row === undefined ? [] : sampledSeconds[row]!));
		const earliest = Math.min(...times);
		if (times.length > 0 && !Number.isNaN(earliest)) {
			sum += earliest;
			count++;
		}
	}

	return count === 0 ? Number.NaN : sum / count;
}

/** Rows of a pod's containers, in the order in which they were served, and when the pod was gone [s]. */
type SampledPod = {readonly goneAt: number; readonly rowsOf: readonly (readonly number[])[]};

const sampled = new WeakMap<RecordTables['samples'], readonly SampledPod[]>();

/** Pods of which there are samples, looked up once for a record. */
function sampledPods({samples, pods}: Pick<RecordTables, 'samples' | 'pods'>): readonly SampledPod[] {
	const known = sampled.get(samples);
	if (known !== undefined) {
		return known;
	}

	const rows = new Map<string, Map<string, number[]>>();
	for (const [row, name] of samples.pod.entries()) {
		const containers = rows.get(name) ?? new Map<string, number[]>();
		const own = containers.get(samples.container[row]!) ?? [];
		own.push(row);
		rows.set(name, containers.set(samples.container[row]!, own));
	}

	const gone = new Map<string, number>();
	for (const [row, name] of pods.pod.entries()) {
		if (pods.event[row] === 'gone') {
			gone.set(name, Math.min(gone.get(name) ?? Number.POSITIVE_INFINITY, pods.seconds[row]!));
		}
	}

	const found = [...rows].map(([name, containers]) => ({
		goneAt: gone.get(name) ?? Number.POSITIVE_INFINITY,
		rowsOf: [...containers.values()],
	}));
	sampled.set(samples, found);
	return found;
}

/** Use of the pods as the autoscaler saw it, a line for each metric that has one: `[seconds, percent]`. */
export function seenUtilization({seconds, proposals}: DecisionTable): Record<string, Timeline> {
	const lines: Record<string, [number, number][]> = {};
	for (const [row, text] of proposals.entries()) {
		for (const {name, utilization} of JSON.parse(text) as {name: string; utilization?: number}[]) {
			if (utilization !== undefined) {
				lines[name] ??= [];
				lines[name].push([seconds[row]!, utilization]);
			}
		}
	}

	return lines;
}
