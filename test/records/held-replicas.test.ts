import test from 'ava';
import {HeldReplicas} from '../../src/records/held-replicas.ts';

test('pods count from the reconcile that keeps them to the next', t => {
	const held = new HeldReplicas({minReplicas: 2, from: 0});
	held.decision(0, 2, [2]);
	held.decision(15, 6, [6, 3]);
	held.decision(30, 6, [4, 3]); // two more than the larger proposal, for 15 s
	held.decision(45, 6, [1]); // four more than the floor, for 55 s
	t.is(held.podSeconds(100), 2 * 15 + 4 * 55);
});

test('without metrics nothing is held, and before the window nothing counts', t => {
	const held = new HeldReplicas({minReplicas: 1, from: 50});
	held.decision(0, 4, [2]);
	held.decision(60, 4, []);
	t.is(held.podSeconds(100), 2 * 10);
});
