import type {Experiment} from '../experiment/experiment.ts';
import {experimentTitle} from '../experiment/experiment.ts';
import type {Timeline} from '../records/replica-line.ts';
import {replicaChart, replicaSteps} from './text/replica-chart.ts';
import type {Report} from './text/report.ts';

/** Result of a replay: measured records of the dynamic arm, and the page of them. */
type ReplayReport = {
	readonly experiment: Pick<Experiment, 'name' | 'profile' | 'duration'>;
	readonly answer: readonly string[];
	readonly folder: string;
	readonly timelines: readonly {readonly folder: string; readonly timeline: Timeline}[];
	readonly page?: string;
};

/** Columns of the chart. */
const chartWidth = 72;

/** Replay of an experiment as a report: the answer, then the replicas over time that the records show. */
export function replayReport({experiment, answer, timelines}: ReplayReport): Report {
	const {name, profile, duration} = experiment;
	return {
		title: `${experimentTitle({name, profile})}: replayed`,
		answer,
		sections: timelines.map(({folder, timeline}) => ({
			heading: `${folder}, replicas over time: ${replicaSteps(timeline)}`,
			code: timeline.length === 0 ? '' : replicaChart(timeline, {duration, width: chartWidth}).join('\n'),
		})),
	};
}

/** Paths of the pages, a line each. */
export function pagesText(replayed: readonly ReplayReport[]): string {
	return replayed
		.map(({folder, page}) =>
			page === undefined ? `${folder}: no valid record of the dynamic arm, no page\n` : `Written to ${page}\n`,
		)
		.join('');
}
