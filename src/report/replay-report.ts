import {printable} from '../printable.ts';
import type {Timeline} from '../records/replica-line.ts';
import {replicaChart, replicaSteps} from './text/replica-chart.ts';

/** Result of a replay: measured records of the dynamic arm, and the page of them. */
type ReplayReport = {
	readonly experiment: {readonly duration: number};
	readonly folder: string;
	readonly timelines: readonly {readonly folder: string; readonly timeline: Timeline}[];
	readonly page?: string;
};

/** Columns of the chart. */
const chartWidth = 72;

/** Replicas over time that measured records show, for a terminal. */
export function timelinesText(replayed: readonly ReplayReport[]): string {
	return replayed
		.map(({experiment, timelines}) => {
			const lines = timelines.flatMap(({folder, timeline}) => [
				`${printable(folder)}, replicas over time: ${replicaSteps(timeline)}`,
				...(timeline.length === 0 ? [] : replicaChart(timeline, {duration: experiment.duration, width: chartWidth})),
				'',
			]);
			return lines.join('\n');
		})
		.join('');
}

/** Paths of the pages, a line each. */
export function pagesText(replayed: readonly ReplayReport[]): string {
	return replayed
		.map(({folder, page}) =>
			page === undefined ? `${folder}: no valid record of the dynamic arm, no page\n` : `Written to ${page}\n`,
		)
		.join('');
}
