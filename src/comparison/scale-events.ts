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
export function sampleTime({samples, pods}: Pick<RecordTables, 'samples' | 'pods'>, now: number): number {
	const {seconds, pod, container, sampledSeconds} = samples;
	const gone = new Set(pods.pod.filter((_, row) => pods.event[row] === 'gone' && pods.seconds[row]! <= now));
	const newest = new Map<string, Map<string, number>>();
	for (const [row, at] of seconds.entries()) {
		const name = pod[row]!;
		if (at <= now && !gone.has(name)) {
			const containers = newest.get(name) ?? new Map<string, number>();
			newest.set(name, containers.set(container[row]!, sampledSeconds[row]!));
		}
	}

	const times = [...newest.values()]
		.map(containers => Math.min(...containers.values()))
		.filter(time => !Number.isNaN(time));
	return times.length === 0 ? Number.NaN : times.reduce((sum, time) => sum + time, 0) / times.length;
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
