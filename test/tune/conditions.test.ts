import test from 'ava';
import {parseConstraint} from '../../src/tune/goal.ts';
import {tuneSpace} from '../../src/tune/tune.ts';
import {spaceOf} from './make-space.ts';
import {standIn, type Truth} from './stand-in.ts';

/** The fewer pods the cheaper: Kubernetes' defaults, with one pod at least, are the cheapest of all. */
const truth: Truth = ({scaling}) => ({cost: scaling.autoscaler.minReplicas, p95: 1});

const tuned = async (conditions: string[]) => {
	const space = spaceOf({minReplicas: {from: 3, to: 4}}, {conditions});
	const {evaluate} = standIn(truth, {seed: 1, shared: 0.01, own: 0.01});
	const goal = {minimize: 'costPerHour', constraints: [parseConstraint('p95<100s')]} as const;
	return tuneSpace(space, goal, {seed: 1, replications: 10, mostRuns: 200, evaluate});
};

test('what breaks a condition is compared with, marked, and never recommended', async t => {
	const {recommended, candidates} = await tuned(['minReplicas >= 3']);
	t.is(recommended.autoscaler.minReplicas, 3);
	const defaults = candidates.find(one => one.default)!;
	t.deepEqual(defaults.breaks, ['minReplicas >= 3']);
	t.false(defaults.onFront);
	t.true(defaults.heldOut);
	t.deepEqual(candidates.find(one => one.present)!.breaks, ['minReplicas >= 3']);
	t.false('breaks' in candidates.find(one => one.recommended)!);
});

test('what keeps the conditions competes, in the space or not', async t => {
	const {recommended, candidates} = await tuned([]);
	t.is(recommended.autoscaler.minReplicas, 1);
	t.true(candidates.find(one => one.default)!.recommended);
});
