import test from 'ava';
import {KubeScheduler} from '../../../src/simulator/nodes/kube-scheduler.ts';
import {Node} from '../../../src/simulator/nodes/node.ts';
import {ResourceSpace} from '../../../src/simulator/nodes/resource-space.ts';
import {Pod} from '../../../src/simulator/pod.ts';
import {makeExperiment} from '../make-experiment.ts';
import {makeNodes} from './make-nodes.ts';

const gibi = 2 ** 30;
const settings = makeNodes({types: [{name: 'm', cpu: 4, memory: 16 * gibi}], zones: ['a', 'b']});
/** Of a pod of 1 core and 1 GiB. */
const space = new ResourceSpace(settings, makeExperiment().deployment);

type Left = {readonly cpu: number; readonly gibibytes: number; readonly pods?: number; readonly zone?: number};

function nodeWith({cpu, gibibytes, pods = 0, zone = 0}: Left, ordinal: number): Node {
	const free = Float64Array.from([cpu, gibibytes * gibi, 110]);
	const order = {pool: 0, type: 0, zone, capacityType: 'on-demand'} as const;
	const node = new Node({order, ordinal, slot: ordinal, free, now: 0});
	node.readyAt = 0;
	for (let made = 0; made < pods; made++) {
		node.pods.push(new Pod({ordinal: made, revision: 1, tieBreak: 0, parallel: 1, now: 0}));
	}

	return node;
}

/** Index of the node that a pod goes to. */
const chosen = (nodes: readonly Left[], scheduler = new KubeScheduler(settings, space)) =>
	scheduler.find(nodes.map(nodeWith), 0)?.ordinal;

// By hand after kubernetes v1.34 noderesources/least_allocated.go: (100 × free CPU after the pod / CPU + the same of memory) / 2.
test('LeastAllocated: the node with more left after the pod', t => {
	// 25 and 93 make 59; 75 and 93 make 84.
	t.is(
		chosen([
			{cpu: 2, gibibytes: 16},
			{cpu: 4, gibibytes: 16},
		]),
		1,
	);
});

// noderesources/balanced_allocation.go: 100 × (1 − the standard deviation of both fractions), for two half their distance.
test('balanced allocation decides between nodes that LeastAllocated holds for equal', t => {
	// Both 46 by what is left; by balance 71 (75 % of CPU, 18.75 % of memory) and 78 (25 %, 68.75 %).
	t.is(
		chosen([
			{cpu: 4, gibibytes: 4},
			{cpu: 2, gibibytes: 12},
		]),
		1,
	);
	// With one GiB more the first has 50 + 75 = 125 against 46 + 78 = 124.
	t.is(
		chosen([
			{cpu: 4, gibibytes: 5},
			{cpu: 2, gibibytes: 12},
		]),
		0,
	);
});

test('the oldest of equal nodes, and none where a pod has no room', t => {
	t.is(
		chosen([
			{cpu: 4, gibibytes: 16},
			{cpu: 4, gibibytes: 16},
		]),
		0,
	);
	t.is(
		chosen([
			{cpu: 0.9, gibibytes: 16},
			{cpu: 4, gibibytes: 0.5},
		]),
		undefined,
	);
});

// podtopologyspread/scoring.go with the system's default constraints: a pod on the node costs ln(2 + 2) more, so that the
// costs are 8 and 7; normalized 87 and 100, and twice that counts: 26 points.
test('the default spread over nodes is worth 26 points, which a node with much more left outweighs', t => {
	// 84 + 90 + 174 = 348 against 71 + 78 + 200 = 349.
	t.is(
		chosen([
			{cpu: 4, gibibytes: 16, pods: 1},
			{cpu: 3, gibibytes: 16},
		]),
		1,
	);
	// Against 59 + 65 + 200 = 324.
	t.is(
		chosen([
			{cpu: 4, gibibytes: 16, pods: 1},
			{cpu: 2, gibibytes: 16},
		]),
		0,
	);
});

test('a spread over zones that must be kept leaves only the zone with fewer pods', t => {
	const placement = {...settings.placement, spread: [{over: 'zone', maxSkew: 1, isHard: true} as const]};
	const nodes = [
		{cpu: 4, gibibytes: 16, pods: 1},
		{cpu: 1, gibibytes: 1, zone: 1},
	];
	t.is(chosen(nodes, new KubeScheduler({...settings, placement}, space)), 1);
	t.is(chosen(nodes), 0);
});
