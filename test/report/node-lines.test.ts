import test from 'ava';
import {nodeLines} from '../../src/report/node-lines.ts';

const figures = {
	...{mean: 3.58, most: 6, waited: 5, waitSeconds: 223, longestWaitSeconds: 282, evicted: 0, lost: 0},
	effects: [
		{effect: 'wait', replications: 3, p95Seconds: {with: 102, without: 54.5}, costPerHour: {with: 8, without: 8}},
		{effect: 'spare', replications: 3, p95Seconds: {with: 20, without: 102}, costPerHour: {with: 9.5, without: 8}},
		{
			effect: 'consolidation',
			replications: 3,
			p95Seconds: {with: 20, without: 20},
			costPerHour: {with: 8, without: 10},
		},
	],
} as const;

test('the answer says how long pods waited, and the difference that each part makes', t => {
	t.deepEqual(nodeLines(figures, 'USD'), [
		'Nodes: 3.58 on average, 6 at most; in a run 5.0 pods waited for a node, 3 min 43 s on average and 4 min 42 s at most.',
		'If nodes came at once, p95 would be 54.5 s instead of 102 s (first 3 replications).',
		'The spare pods cost $1.50/h; without them p95 would be 102 s instead of 20.0 s (first 3 replications).',
		'Removing nodes that are not empty saves $2.00/h; without it p95 would be the same, 20.0 s (first 3 replications).',
	]);
});

test('no line where nothing makes nodes, and none waited for where none did', t => {
	t.deepEqual(nodeLines(undefined, 'USD'), []);
	const quiet = {...figures, waited: 0, waitSeconds: null, longestWaitSeconds: null, effects: []};
	t.deepEqual(nodeLines(quiet, 'USD'), ['Nodes: 3.58 on average, 6 at most; no pod waited for a node.']);
	t.deepEqual(nodeLines({...quiet, evicted: 2, lost: 1}, 'USD'), [
		'Nodes: 3.58 on average, 6 at most; no pod waited for a node; 2.0 pods were evicted; 1.0 nodes were taken back or lost.',
	]);
});
