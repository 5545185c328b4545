import type {ScoredRun} from '../../comparison/recordings/set-scores.ts';
import type {Timeline} from '../../records/replica-line.ts';
import type {Chart} from '../charts/chart.ts';
import {bandPoints, replicaRuns, replicaTimeline} from '../charts/timeline-charts.ts';

/** A recording with its forecast, as it is drawn. */
export type DrawnRun = ScoredRun & {
	readonly recorded: Timeline;
	readonly offered?: Timeline;
	readonly untilSeconds: number;
};

/** DrawnPlace of a recording among those of its set, by the forecast's error. */
type DrawnPlace = 'best' | 'median' | 'worst';

/** The recordings of a set that are drawn: the best, the median and the worst, each once. */
export function drawnRuns<Run extends ScoredRun>(
	runs: readonly Run[],
): {readonly place: DrawnPlace; readonly run: Run}[] {
	const sorted = runs.toSorted((a, b) => a.score.replicaError - b.score.replicaError);
	const places = {best: 0, median: (sorted.length - 1) >> 1, worst: sorted.length - 1};
	const entries = Object.entries(places) as [DrawnPlace, number][];
	return entries
		.filter(([, index], order) => sorted.length > 0 && entries.findIndex(([, other]) => other === index) === order)
		.map(([place, index]) => ({place, run: sorted[index]!}));
}

/** Name of the files of a recording's chart. */
export function chartName(set: string, place: DrawnPlace): string {
	return `${set}-${place}`;
}

/** Forecast band, recorded line and the replicas that the offered load asks for. */
export function recordingChart(run: DrawnRun, place: DrawnPlace): Chart {
	const {set, score, recorded, offered, untilSeconds} = run;
	const error = score.replicaError.toFixed(2);
	const heading = {
		name: chartName(set, place),
		title: `${set}: ${place} of its forecasts`,
		subtitle: [run.run, `${error} replicas off on average; the band is 5 % to 95 % of the simulated runs`],
		description: `Replicas over time of the recording ${run.run} of ${set}: the forecast's median and band, the recorded line, and the replicas that the offered load of 30 s asks for at once. The forecast is ${error} replicas off on average.`,
	};
	return replicaTimeline(
		heading,
		[
			...(offered === undefined
				? []
				: replicaRuns({name: 'offered load', colour: 'rule'}, new Map([['offered load', offered]]), untilSeconds)),
			{name: 'forecast', colour: 'dynamic', points: bandPoints(score.band, untilSeconds)},
			...replicaRuns({name: 'recorded', colour: 'measured'}, new Map([['recorded', fromZero(recorded)]]), untilSeconds),
		],
		untilSeconds,
	);
}

/** A line from time 0 on. */
function fromZero(line: Timeline): Timeline {
	const before = line.findLastIndex(([at]) => at <= 0);
	return [[0, line[Math.max(0, before)]![1]], ...line.filter(([at]) => at > 0)];
}
