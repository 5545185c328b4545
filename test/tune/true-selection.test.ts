import test from 'ava';
import {parseConstraint, type TuneGoal} from '../../src/tune/goal.ts';
import {spreadCandidates} from '../../src/tune/proposals.ts';
import {search} from '../../src/tune/search.ts';
import {
	bound,
	type ChanceSpace,
	disasters,
	evaluateBy,
	longTailed,
	normalNoise,
	pivotal,
	smooth,
	space48,
} from './chance-spaces.ts';

const goal: TuneGoal = {minimize: 'costPerHour', constraints: [parseConstraint(`p95<${bound}s`)]};
const everything = spreadCandidates(space48, {count: 48, seed: 0});
const seeds = 200;
const levels = [0.5, 0.8, 0.9, 0.95, 0.99];

type Searched = {readonly claimed: number; readonly isRight: boolean};
type Outcome = {readonly good: Searched; readonly correct: Searched};

/** Searches of one space, a seed each, with whether each choice keeps the bound and none that keeps it is cheaper. */
async function searches(chances: ChanceSpace, mostRuns: number): Promise<Outcome[]> {
	const keeping = everything.filter(candidate => chances.truth(candidate).p95 <= bound);
	const least = Math.min(...keeping.map(candidate => chances.truth(candidate).cost));
	const outcomes: Outcome[] = [];
	for (let seed = 1; seed <= seeds; seed++) {
		const evaluate = evaluateBy(chances, seed);
		const {best, contest} = await search(space48, goal, {seed, given: [], evaluate, mostRuns});
		const {cost, p95} = chances.truth(best);
		const {good, correct, within} = contest.correctness;
		const isWithin = (share: number) => p95 <= bound && cost <= least * (1 + share);
		outcomes.push({
			good: {claimed: good, isRight: isWithin(within)},
			correct: {claimed: correct, isRight: isWithin(1e-9)},
		});
	}

	return outcomes;
}

/** Probability of at most so many hits in as many trials. */
function binomialBelow(hits: number, trials: number, probability: number): number {
	let [term, above] = [probability ** trials, 0];
	for (let hit = trials; hit > hits; hit--) {
		above += term;
		term *= (hit / (trials - hit + 1)) * ((1 - probability) / probability);
	}

	return 1 - above;
}

const chancesOf = (given: Omit<ChanceSpace, 'space' | 'costNoise'>): ChanceSpace => ({
	space: space48,
	costNoise: normalNoise(0.05, 0.01),
	...given,
});
const around = (at: number, cheaper = 1.06, dearer = 0.93) => pivotal(everything, {at, cheaper, dearer});

/** With the share of the searches that are to claim 90 % at least: a claim that is never made would hold, too. */
const spaces: readonly (readonly [ChanceSpace, {readonly runs: number; readonly sure: number}])[] = [
	[chancesOf({name: 'smooth', truth: smooth, lateNoise: normalNoise(0.1, 0.05)}), {runs: 2000, sure: 0.8}],
	[
		chancesOf({name: 'a pivot 3 % inside', truth: around(0.97), lateNoise: normalNoise(0.1, 0.05)}),
		{runs: 1000, sure: 0.8},
	],
	[
		chancesOf({name: 'a pivot 1 % inside', truth: around(0.99), lateNoise: normalNoise(0.1, 0.05)}),
		{runs: 1000, sure: 0},
	],
	[
		chancesOf({name: 'a pivot at the bound', truth: around(1), lateNoise: normalNoise(0.1, 0.05)}),
		{runs: 1000, sure: 0},
	],
	[
		chancesOf({name: 'long tails', truth: around(0.85, 1.25, 0.8), lateNoise: longTailed(0.3, 0.3)}),
		{runs: 1500, sure: 0.5},
	],
	[
		chancesOf({name: 'shared luck', truth: around(0.93, 1.06, 0.9), lateNoise: normalNoise(0.25, 0.01)}),
		{runs: 1500, sure: 0.5},
	],
	[chancesOf({name: 'rare disasters', truth: around(1.04), lateNoise: disasters(0.04, 5)}), {runs: 1000, sure: 0}],
];

for (const [chances, {runs, sure}] of spaces) {
	test(`of searches that claim a probability, at least that share is right: ${chances.name}`, async t => {
		const outcomes = await searches(chances, runs);
		for (const kind of ['good', 'correct'] as const) {
			const shares = levels.map(level => {
				const claiming = outcomes.map(one => one[kind]).filter(({claimed}) => claimed >= level);
				const right = claiming.filter(({isRight}) => isRight).length;
				t.true(
					binomialBelow(right, claiming.length, level) >= 0.01,
					`${kind} ${level}: ${right} of ${claiming.length}`,
				);
				return `${level}: ${right} of ${claiming.length}`;
			});
			t.log(`${kind}, claimed and right: ${shares.join('; ')}`);
		}

		t.true(outcomes.filter(({good}) => good.claimed >= 0.9).length >= sure * seeds, 'it claims where it can');
	});
}
