import test from 'ava';
import {replicaChart} from '../../../src/report/text/replica-chart.ts';

test('a column is as high as the replicas of its time', t => {
	const timeline = [
		[0, 2],
		[50, 3],
		[75, 1],
	] as const;
	t.deepEqual(replicaChart(timeline, {duration: 100, width: 8}), [
		'3 ┤    ██',
		'2 ┤██████',
		'1 ┤████████',
		'  └────────',
		'   0 s1 min 40 s',
	]);
});

test('a peak shorter than a column is seen', t => {
	const timeline = [
		[0, 1],
		[50, 4],
		[50.1, 1],
	] as const;
	t.is(replicaChart(timeline, {duration: 100, width: 10})[0], '4 ┤     █');
});

test('many replicas share a line, and none is lost', t => {
	const lines = replicaChart([[0, 100]], {duration: 60, width: 10});
	t.is(lines.length, 12 + 2);
	t.is(lines[0], '108 ┤██████████');
});

test('no replicas at all leave the plot empty', t => {
	t.is(replicaChart([[0, 0]], {duration: 60, width: 10})[0], '1 ┤');
});
