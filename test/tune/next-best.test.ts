import test from 'ava';
import {keptIn, parseConstraint} from '../../src/tune/goal.ts';
import {tuneSpace} from '../../src/tune/tune.ts';
import {spaceOf} from './make-space.ts';
import {standIn, type Truth} from './stand-in.ts';

/** The fewer pods the cheaper, and the slower. */
const truth: Truth = ({scaling}) => ({
	cost: scaling.autoscaler.minReplicas,
	p95: 10 - scaling.autoscaler.minReplicas,
});

const tuned = async (isUnlucky: (minReplicas: number, replication: number) => boolean) => {
	const space = spaceOf({minReplicas: {from: 2, to: 4}}, {conditions: ['minReplicas >= 2']});
	const {evaluate} = standIn(truth, {seed: 1, shared: 0.001, own: 0.001});
	return tuneSpace(
		space,
		{minimize: 'costPerHour', constraints: keptIn([parseConstraint('p95<9s')], 0.9)},
		{
			seed: 1,
			replications: 20,
			mostRuns: 200,
			evaluate: async tasks => {
				const runs = await evaluate(tasks);
				return runs.map((run, index) => {
					const {candidate, replication} = tasks[index]!;
					return isUnlucky(candidate.scaling.autoscaler.minReplicas, replication) ? {...run, p95Seconds: 50} : run;
				});
			},
		},
	);
};

test('the cheapest that keeps its bounds is recommended where the report says so, too', async t => {
	const {recommended, keepsBounds} = await tuned(() => false);
	t.true(keepsBounds);
	t.is(recommended.autoscaler.minReplicas, 2);
});

test('where the report puts the choice in doubt, the next that surely keeps its bounds is recommended', async t => {
	const {recommended, keepsBounds, candidates, found, sensitivity} = await tuned(
		(minReplicas, replication) => minReplicas === 2 && replication < 20,
	);
	t.true(keepsBounds);
	t.is(recommended.autoscaler.minReplicas, 3);
	t.true(found.feasibility >= 0.9);
	t.is(candidates.find(one => one.recommended)!.settings['minReplicas'], 3);
	t.is(sensitivity.find(({setting}) => setting === 'minReplicas')!.recommended, 3);
});

test('nothing is recommended where the report puts all of them in doubt', async t => {
	const {keepsBounds, candidates} = await tuned((_, replication) => replication < 20);
	t.false(keepsBounds);
	t.false(candidates.some(one => one.recommended));
});
