import test from 'ava';
import {RunBook} from '../../src/tune/budgeted-runs.ts';
import type {CandidateFigures} from '../../src/tune/figures.ts';
import {paretoFront} from '../../src/tune/figures.ts';
import {parseConstraint, type TuneGoal} from '../../src/tune/goal.ts';
import {survivorsOf} from '../../src/tune/race.ts';
import {allocation, shareOut} from '../../src/tune/selection/allocation.ts';
import {contestOf, Standings} from '../../src/tune/selection/contest.ts';
import {candidateAt} from '../../src/tune/space.ts';
import {candidateStandingOf, probabilityAbove, sampleOf} from '../../src/tune/standing.ts';
import {spaceOf} from './make-space.ts';

const space = spaceOf({'cpu.averageUtilization': {from: 50, to: 54}});
const candidates = [0, 1, 2, 3, 4].map(index => candidateAt(space, [index])!);
const goal: TuneGoal = {minimize: 'costPerHour', constraints: [parseConstraint('p95<10s')]};

const run = (costPerHour: number, p95Seconds = 5): CandidateFigures => ({
	costPerHour,
	energyWattHours: 0,
	p50Seconds: 0,
	p95Seconds,
	p99Seconds: 0,
	ttftSeconds: 0,
	availability: 1,
	sloMisses: 0,
	churnPerHour: 0,
	meanReplicas: 1,
});

const bookOf = (runs: readonly (readonly CandidateFigures[])[]) => {
	const book = new RunBook();
	for (const [index, own] of runs.entries()) {
		book.enter(candidates[index]!);
		for (const figures of own) {
			book.add(candidates[index]!, figures);
		}
	}

	return book;
};

test('a probability comes of Student’s t: 3.746947 is its 99 % quantile for 4 degrees of freedom', t => {
	const sample = {count: 5, mean: 3.746_947, deviation: Math.sqrt(5)};
	t.true(Math.abs(probabilityAbove(sample, 0) - 0.99) < 1e-6);
	t.true(Math.abs(probabilityAbove(sample, 2 * sample.mean) - 0.01) < 1e-6);
	t.is(probabilityAbove(sampleOf([2, 2, 2]), 1), 1);
	t.is(probabilityAbove(sampleOf([2]), 1), 0.5);
});

test('feasibility counts every bound', t => {
	const both: TuneGoal = {...goal, constraints: [...goal.constraints, parseConstraint('availability>=0.99')]};
	const runs = [run(1, 9), run(1, 9.5), run(1, 8.5)];
	t.true(Math.abs(candidateStandingOf(runs, both).feasibility - candidateStandingOf(runs, goal).feasibility) < 1e-12);
	t.true(candidateStandingOf(runs, goal).feasibility > 0.95 && candidateStandingOf(runs, goal).feasibility < 0.97);
	const missing = runs.map(one => ({...one, availability: 0.9}));
	t.is(candidateStandingOf(missing, both).feasibility, 0);
	t.true(Math.abs(candidateStandingOf(missing, both).violation - 9) < 1e-9);
});

test('a race drops who is worse replication by replication, though the spread of all is wider than the difference', t => {
	const shocks = [1, 3, 2];
	const book = bookOf([
		shocks.map(x => run(x)),
		shocks.map(x => run(x + 0.1)),
		shocks.map((x, i) => run(x + [0.3, -0.4, 0.2][i]!)),
	]);
	const losses: string[] = [];
	const kept = survivorsOf(book, goal, candidates.slice(0, 3), {
		entrants: 3,
		length: 3,
		share: 1,
		fewest: 1,
		anchor: undefined,
		onLoss: (candidate, loss) => void losses.push(`${candidates.indexOf(candidate)} ${loss}`),
	});
	t.deepEqual(losses, ['1 worse']);
	t.deepEqual(
		kept.map(candidate => candidates.indexOf(candidate)),
		[0, 2],
	);
});

test('a race drops who certainly misses a bound, however cheap', t => {
	const book = bookOf([
		[run(2, 5), run(2, 6), run(2, 5)],
		[run(1, 30), run(1, 31), run(1, 30)],
	]);
	const losses: string[] = [];
	const onLoss = (_: unknown, loss: string) => void losses.push(loss);
	t.deepEqual(
		survivorsOf(book, goal, candidates.slice(0, 2), {
			entrants: 2,
			length: 3,
			share: 1,
			fewest: 1,
			anchor: undefined,
			onLoss,
		}),
		[candidates[0]!],
	);
	t.deepEqual(losses, ['misses']);
});

test('a single run does not show that a bound is missed', t => {
	const both: TuneGoal = {...goal, constraints: [...goal.constraints, parseConstraint('availability>=0.99')]};
	const book = bookOf([[run(1, 5)], [run(2, 30)], [run(3, 5)]]);
	const losses: string[] = [];
	const onLoss = (_: unknown, loss: string) => void losses.push(loss);
	const heat = {entrants: 3, length: 3, share: 1, fewest: 1, anchor: undefined, onLoss};
	t.is(survivorsOf(book, both, candidates.slice(0, 3), heat)[0], candidates[0]!);
	t.deepEqual(losses, []);
});

const noisy = (mean: number, deviation: number, count: number) =>
	Array.from({length: count}, (_, index) => run(mean + deviation * (index % 2 === 0 ? 1 : -1)));

const contestIn = (book: RunBook, count: number) =>
	contestOf(candidates.slice(0, count), {book, goal, standings: new Standings(goal)});

test('replications go to the rivals that are near and noisy, as Chen and Lee allocate them', t => {
	const book = bookOf([noisy(1, 0, 10), noisy(1.1, 0.1, 10), noisy(1.2, 0.1, 10), noisy(1.2, 0.2, 10)]);
	const {chosen, rivals} = contestIn(book, 4);
	const byName = candidates.slice(1, 4).map(candidate => rivals.find(one => one.candidate === candidate)!);
	const [ofBest, ...weights] = allocation([chosen, ...byName]);
	// (σ/δ)²: 1, 1/4 and 1 of the same unit.
	t.true(Math.abs(weights[0]! / weights[1]! - 4) < 1e-9);
	t.true(Math.abs(weights[2]! / weights[1]! - 4) < 1e-9);
	t.is(ofBest, Math.max(...weights));
});

test('replications are shared out by weight, none taken back, none beyond the cap', t => {
	t.deepEqual(
		shareOut({weights: [4, 2, 1], simulated: [10, 10, 10], step: 26, mosts: [1000, 1000, 1000]}),
		[31, 15, 10],
	);
	t.deepEqual(shareOut({weights: [4, 2, 1], simulated: [30, 10, 10], step: 20, mosts: [30, 30, 30]}), [30, 27, 13]);
	t.deepEqual(shareOut({weights: [0, 0], simulated: [5, 5], step: 10, mosts: [100, 100]}), [10, 10]);
	t.deepEqual(shareOut({weights: [1, 1], simulated: [7, 7], step: 10, mosts: [7, 7]}), [7, 7]);
});

test('the selection is as sure as the differences are', t => {
	const of = (...runs: CandidateFigures[][]) => contestIn(bookOf(runs), runs.length).correctness;
	t.true(of(noisy(1, 0.01, 20), noisy(2, 0.02, 20)).correct > 0.999);
	const equal = of(noisy(1, 0.01, 20), noisy(1, 0.02, 20));
	t.true(equal.correct < 0.6, 'two that are equal cannot be told apart');
	t.true(equal.good > 0.95, 'and it does not matter');
	t.true(of(noisy(1, 0.01, 20)).correct === 1, 'one alone is the best');
});

test('a front holds what nothing dominates, of equal ones the first', t => {
	t.deepEqual(
		paretoFront([
			[1, 5],
			[2, 2],
			[5, 1],
			[3, 3],
			[2, 2],
		]),
		[true, true, true, false, false],
	);
	t.deepEqual(paretoFront([]), []);
});
