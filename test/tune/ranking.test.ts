import test from 'ava';
import {type CandidateFigures, figureNames} from '../../src/tune/figures.ts';
import {parseConstraint} from '../../src/tune/goal.ts';
import {type RankedPoint, rankingOf, rankingsOf} from '../../src/tune/ranking.ts';

const zero = Object.fromEntries(figureNames.map(name => [name, 0])) as CandidateFigures;
const costs = (...values: number[]): CandidateFigures[] => values.map(costPerHour => ({...zero, costPerHour}));

const point = (name: string, simulated: number[], measured: number[]): RankedPoint => ({
	name,
	simulated: costs(...simulated),
	measured: costs(...measured),
});

test('the same order on both sides has held', t => {
	const points = [point('a', [1, 1.1], [2]), point('b', [2, 2.1], [3]), point('c', [3, 3.1], [4])];
	const {tau, verdict, pairs} = rankingOf(points, 'costPerHour');
	t.is(tau, 1);
	t.is(verdict, 'HELD');
	t.is(pairs.length, 3);
	t.true(pairs.every(({isClear, outcome, simulated}) => isClear && outcome === 'same' && simulated === 1));
});

test('a pair that the simulation tells apart and the cluster turns round has not', t => {
	const points = [point('a', [1, 1.1], [3]), point('b', [2, 2.1], [2]), point('c', [3, 3.1], [4])];
	const {tau, verdict, pairs} = rankingOf(points, 'costPerHour');
	t.true(Math.abs(tau! - 1 / 3) < 1e-12);
	t.is(verdict, 'NOT HELD');
	t.deepEqual(
		pairs.filter(({outcome}) => outcome === 'reversed').map(({first, second}) => [first, second]),
		[['a', 'b']],
	);
});

test('a pair that the simulation does not tell apart decides nothing', t => {
	const points = [point('a', [1, 3], [5]), point('b', [2, 2.5], [4])];
	const {verdict, pairs} = rankingOf(points, 'costPerHour');
	t.is(verdict, 'CANNOT SAY');
	t.is(pairs[0]?.simulated, 0.5);
	t.is(pairs[0]?.outcome, 'reversed');
});

test('ties: equal measured figures neither keep nor turn an order', t => {
	const tied = rankingOf([point('a', [1, 1], [4]), point('b', [2, 2], [4])], 'costPerHour');
	t.is(tied.tau, null);
	t.is(tied.pairs[0]?.outcome, 'tied');
	t.is(tied.pairs[0]?.measured, 0.5);
	t.is(tied.verdict, 'CANNOT SAY');
	const alike = rankingOf([point('a', [1, 1], [4]), point('b', [1, 1], [5])], 'costPerHour');
	t.is(alike.tau, null);
	t.is(alike.pairs[0]?.simulated, 0.5);
	t.is(alike.verdict, 'CANNOT SAY');
});

test('repeats: means decide, each whole repeat has a τ, and one that is missing is passed over', t => {
	const points: RankedPoint[] = [
		{name: 'a', simulated: costs(1, 1.1), measured: [...costs(3), undefined, ...costs(1)]},
		{name: 'b', simulated: costs(2, 2.1), measured: costs(2, 4, 3)},
	];
	const {tau, tauOfRepeats, pairs, verdict} = rankingOf(points, 'costPerHour');
	t.is(tau, 1);
	t.deepEqual(tauOfRepeats, [-1, 1]);
	// 3 is below 4 alone and ties with 3; 1 is below all.
	t.is(pairs[0]?.measured, (0 + 1 + 0.5 + 3) / 6);
	t.is(verdict, 'HELD');
});

test('the objective comes first, and no figure twice', t => {
	const points = [point('a', [1, 1], [1]), point('b', [2, 2], [2])];
	const goal = (minimize: 'costPerHour' | 'p95Seconds') => ({minimize, constraints: [parseConstraint('p95<1s')]});
	const figuresOf = (minimize: 'costPerHour' | 'p95Seconds') =>
		rankingsOf(points, goal(minimize)).map(({figure}) => figure);
	t.deepEqual(figuresOf('costPerHour'), ['costPerHour', 'p95Seconds', 'sloMisses']);
	t.deepEqual(figuresOf('p95Seconds'), ['p95Seconds', 'sloMisses']);
});
