import test from 'ava';
import type {NodeUsage} from '../../../src/records/node-usage.ts';
import {nodeChart, nodeLine, pendingPodLine} from '../../../src/report/charts/node-chart.ts';
import {checkCharts} from './specification.ts';

const usage = (fromSeconds: number, toSeconds: number, removal?: NodeUsage['removal']): NodeUsage => ({
	...{node: 'n', pool: 'p', instanceType: 'm', zone: 'a', isSpot: false, fromSeconds, readySeconds: fromSeconds},
	...{toSeconds, perHour: 1, cores: 4, bytes: 1, gpus: 0},
	...(removal !== undefined && {removal}),
});
const account = {
	nodes: [usage(-5, 50, 'empty'), usage(20, 100), usage(20, 100)],
	pending: [
		[-3, 2],
		[0, 0],
		[30, 1],
		[40, 0],
	] as const,
	...{waits: [10], preempted: 0, evicted: 0},
};

test('nodes are counted from their launch to their removal; one that is there at the end stays', t => {
	t.deepEqual(nodeLine(account), [
		[0, 1],
		[20, 3],
		[50, 2],
	]);
	t.deepEqual(nodeLine({nodes: []}), [[0, 0]]);
});

test('pods that wait are counted from time 0 on, with those of before', t => {
	t.deepEqual(pendingPodLine(account), [
		[0, 0],
		[30, 1],
		[40, 0],
	]);
	t.deepEqual(
		pendingPodLine({
			pending: [
				[-3, 2],
				[7, 1],
			],
		}),
		[
			[0, 2],
			[7, 1],
		],
	);
});

test('the chart of one run and of several compiles and holds the nodes, the replicas and the pods that wait', async t => {
	const heading = {name: 'nodes', title: 'Nodes over time', subtitle: ['a test'], description: 'Nodes.'};
	for (const count of [1, 3]) {
		const accounts = Array.from({length: count}, () => account);
		const timelines = accounts.map(
			() =>
				[
					[0, 1],
					[30, 2],
				] as const,
		);
		const chart = nodeChart(heading, {accounts, timelines, duration: 100});
		await checkCharts(t, [chart]);
		const series = (name: string) => chart.data.filter(row => row['series'] === name);
		t.deepEqual(
			series('nodes').map(row => [row['seconds'], row['count']]),
			[
				[0, 1],
				[20, 3],
				[50, 2],
				[100, 2],
			],
		);
		t.is(series('pending pods').find(row => row['seconds'] === 30)!['pending'], 1);
		t.is(series('replicas').length, 3);
	}
});
