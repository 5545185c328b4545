import type {NodeAccount} from '../../records/node-usage.ts';
import {lineOfChanges, type Timeline} from '../../records/replica-line.ts';
import {type Chart, type Heading, panelHeight, stacked} from './chart.ts';
import {lineChart} from './line-chart.ts';
import {replicaBand, timeAxis} from './timeline-charts.ts';

/** Runs of an experiment whose nodes come and go. */
type NodeRuns = {
	readonly accounts: readonly NodeAccount[];
	/** Replicas of the same runs. */
	readonly timelines: readonly Timeline[];
	/** [s] */
	readonly duration: number;
};

/** Nodes and replicas over time, and below them the pods that wait for a node. */
export function nodeChart(heading: Heading, {accounts, timelines, duration}: NodeRuns): Chart {
	const inner = {title: '', subtitle: [], description: ''};
	const window = {from: 0, to: duration};
	const shared = {interpolate: 'step-after', height: panelHeight(2)} as const;
	return stacked(heading, [
		lineChart(
			{...inner, name: 'nodes'},
			[
				replicaBand({name: 'replicas', colour: 'dynamic'}, timelines, window),
				replicaBand({name: 'nodes', colour: 'noisy'}, accounts.map(nodeLine), window),
			],
			{
				...shared,
				x: {...timeAxis(duration), title: ''},
				y: {column: 'count', title: 'Nodes, replicas', unit: 'nodes, pods', isWhole: true},
			},
		),
		lineChart(
			{...inner, name: 'pending'},
			[replicaBand({name: 'pending pods', colour: 'muted'}, accounts.map(pendingPodLine), window)],
			{
				...shared,
				x: timeAxis(duration),
				y: {column: 'pending', title: 'Pods', unit: 'pods', isWhole: true},
			},
		),
	]);
}

/** Nodes of a run that are paid for, from their launch to their end, from time 0 on. */
export function nodeLine({nodes}: Pick<NodeAccount, 'nodes'>): Timeline {
	const changes = nodes.flatMap(({fromSeconds, toSeconds, removal}): [number, number][] => [
		[Math.max(0, fromSeconds), 1],
		...(removal === undefined ? [] : [[Math.max(0, toSeconds), -1] as [number, number]]),
	]);
	return lineOfChanges(changes, 0);
}

/** Pods of a run that wait for a node, from time 0 on. */
export function pendingPodLine({pending}: Pick<NodeAccount, 'pending'>): Timeline {
	const before = pending.findLast(([at]) => at <= 0)?.[1] ?? 0;
	return [[0, before], ...pending.filter(([at]) => at > 0)];
}
