import test from 'ava';
import type {NodeAutoscaler} from '../../../src/experiment/nodes/node-autoscaler.ts';
import {Schedule} from '../../../src/experiment/schedule.ts';
import {simulate} from '../../../src/simulator/simulate.ts';
import {makeExperiment, openWorkload} from '../make-experiment.ts';
import {makeNodes} from './make-nodes.ts';

const gibi = 2 ** 30;
const delays = {request: 1, boot: 20, join: 10};
const small = {name: 'small', cpu: 1.5, memory: 4 * gibi};
const large = {name: 'large', cpu: 4, memory: 16 * gibi};

/** Flags with their defaults, of autoscaler cluster-autoscaler-1.36.1 config/flags/flags.go. */
const flags = {
	kind: 'cluster-autoscaler',
	expander: 'least-waste',
	scanInterval: 10,
	scaleDownDelayAfterAdd: 600,
	scaleDownDelayAfterDelete: 0,
	scaleDownUnneededTime: 600,
	scaleDownUtilizationThreshold: 0.5,
	scaleDownGpuUtilizationThreshold: 0.5,
	maxScaleDownParallelism: 10,
	maxDrainParallelism: 1,
} as const;

/** A rollout of one pod at 103 s: the new one needs a node of its own, and the old one leaves one empty. */
function nodesOf(nodeAutoscaler: NodeAutoscaler) {
	const experiment = makeExperiment({
		...{nodeAutoscaler, duration: 1000, workload: openWorkload(0.001)},
		faults: [{kind: 'rollout', at: 103}],
	});
	const schedule = new Schedule(experiment, 0);
	return simulate(experiment, {replication: 0, arm: 'dynamic', schedule, isRecorded: false}).nodes!;
}

test('a scan every 10 s orders a node; an empty one goes once it was unneeded for more than 10 min', t => {
	const {waits, nodes} = nodesOf(makeNodes({types: [small], delays, settings: flags}));
	// Pending at 103, seen at 110, ready at 141; unneeded at the scan of 150, more than 600 s later at that of 760.
	t.deepEqual(waits, [38]);
	t.like(nodes[0], {node: 'node-1', toSeconds: 760, removal: 'unneeded'});
	t.like(nodes[1], {node: 'node-2', readySeconds: 141, toSeconds: 1000});
});

test('a node that was added lately holds off every removal', t => {
	const settings = {...flags, scaleDownUnneededTime: 60, scaleDownDelayAfterAdd: 600} as const;
	const {nodes} = nodesOf(makeNodes({types: [small], delays, settings}));
	t.like(nodes[0], {node: 'node-1', toSeconds: 710, removal: 'unneeded'});
});

test('a group keeps its fewest nodes', t => {
	const {nodes} = nodesOf(makeNodes({types: [small], delays, pool: {minSize: 2}, settings: flags}));
	t.deepEqual(
		nodes.map(({removal}) => removal),
		[undefined, undefined],
	);
});

// By hand, expander/waste/waste.go: of a pod of 1 core and 1 GiB large wastes 3/4 + 15/16, small 1/3 + 3/4.
test('the expander least-waste takes the group that wastes least, most-pods either', t => {
	const nodes = makeNodes({types: [small, large], delays, settings: flags});
	const [pool] = nodes.pools;
	const pools = [
		{...pool!, name: 'large', types: [1]},
		{...pool!, name: 'small', types: [0]},
	];
	t.is(nodesOf({...nodes, pools}).nodes.at(-1)!.pool, 'small');
});
