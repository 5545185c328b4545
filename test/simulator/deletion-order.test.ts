import test from 'ava';
import {FixedNodes, type Nodes} from '../../src/simulator/nodes.ts';
import {Pod} from '../../src/simulator/pod.ts';
import {inDeletionOrder} from '../../src/simulator/rollout.ts';
import {makeExperiment} from './make-experiment.ts';

/** A pod on a node that has been Ready since `readyAt`. */
function readyPod(nodes: Nodes, ordinal: number, readyAt: number): Pod {
	const pod = new Pod({ordinal, revision: 1, tieBreak: ordinal, parallel: 1, now: 0});
	nodes.place(pod);
	pod.startedAt = 0;
	pod.readyAt = readyAt;
	pod.isReady = true;
	return pod;
}

const {deployment} = makeExperiment();

test('of two nodes the one with more pods that stay loses first, whatever terminates there', t => {
	const nodes = new FixedNodes({...deployment, nodes: {count: 2, cpu: 100, memory: 2 ** 50}});
	// Pods go to the nodes in turn: 0, 2 and 4 to the first, 1 and 3 to the second.
	const pods = [0, 1, 2, 3, 4].map(ordinal => readyPod(nodes, ordinal, 10));
	t.deepEqual(
		inDeletionOrder(pods, nodes, 1000).map(({ordinal}) => ordinal),
		[0, 2, 4, 1, 3],
	);
	pods[0]!.stage = 'terminating';
	pods[2]!.stage = 'terminating';
	t.deepEqual(
		inDeletionOrder([pods[1]!, pods[3]!, pods[4]!], nodes, 1000).map(({ordinal}) => ordinal),
		[1, 3, 4],
	);
});

test('a pod that is not Ready yet counts for its node', t => {
	const nodes = new FixedNodes({...deployment, nodes: {count: 2, cpu: 100, memory: 2 ** 50}});
	const pods = [0, 1, 2, 3, 4].map(ordinal => readyPod(nodes, ordinal, 10));
	pods[4]!.isReady = false;
	t.deepEqual(
		inDeletionOrder(pods, nodes, 1000).map(({ordinal}) => ordinal),
		[4, 0, 2, 1, 3],
	);
});
