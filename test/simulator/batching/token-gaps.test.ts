import test from 'ava';
import {RandomStream} from '../../../src/engine/random-stream.ts';
import {TokenGaps} from '../../../src/simulator/batching/token-gaps.ts';
import {costs, type Planned, runEngine} from './run-engine.ts';

const {base, perToken, perKvToken} = costs;
const isNear = (value: number, wanted: number) => Math.abs(value / wanted - 1) < 0.0011;
const probabilities = [0, 0.01, 0.25, 0.5, 0.9, 0.95, 0.99, 1];

test('a gap is the time of the step that gives the next token', t => {
	const {gaps} = runEngine([{at: 0, prompt: 32, output: 3}]);
	t.true(isNear(gaps.quantile(0.5), base + perToken + 32 * perKvToken));
	t.true(isNear(gaps.quantile(1), base + perToken + 33 * perKvToken));
});

test('a prompt that is computed in between makes the gap of each running answer longer', t => {
	const {gaps} = runEngine([
		{at: 0, prompt: 16, output: 40},
		{at: 0.2, prompt: 60, output: 1},
	]);
	const longest = gaps.quantile(1);
	t.true(longest > base + 61 * perToken && longest < 1.01 * (base + 61 * perToken + 60 * perKvToken));
	t.true(isNear(gaps.quantile(0.5), base + perToken + 35 * perKvToken), 'one gap of 39');
});

test('an answer that is preempted has a gap until its next token', t => {
	const {outcomes, gaps, engine} = runEngine(
		[
			{at: 0, prompt: 32, output: 40},
			{at: 0.001, prompt: 32, output: 40},
		],
		{settings: {kvBlocks: 7}},
	);
	t.is(engine.preemptions, 1);
	const wait = outcomes[0]!.last - outcomes[1]!.first;
	t.true(gaps.quantile(1) > 0.2 && gaps.quantile(1) < wait);
	t.true(gaps.quantile(0.95) < 0.02);
});

test('gaps of a batch that is leapt over are those of its steps, to the last bit', t => {
	const random = new RandomStream({seed: 7, replication: 0, purpose: 'gaps'});
	for (const asyncScheduling of [true, false]) {
		for (let turn = 0; turn < 25; turn++) {
			let at = 0;
			const planned = Array.from({length: 30}, (): Planned => {
				at += random.exponential() * 0.3;
				return {at, prompt: 1 + Math.floor(random.uniform() * 120), output: 1 + Math.floor(random.uniform() * 300)};
			});
			const options = {settings: {asyncScheduling, kvBlocks: 30}};
			const [leapt, stepped] = [false, true].map(isStepwise => runEngine(planned, {...options, isStepwise}));
			t.deepEqual(
				probabilities.map(probability => leapt!.gaps.quantile(probability)),
				probabilities.map(probability => stepped!.gaps.quantile(probability)),
			);
			t.is(leapt!.gaps.count, stepped!.gaps.count);
			t.is(
				leapt!.gaps.count,
				planned.reduce((sum, {output}) => sum + output - 1, 0),
			);
		}
	}
});

test('quantiles are those of the times, off by a thousandth at most; none without any', t => {
	const gaps = new TokenGaps();
	t.is(gaps.quantile(0.5), Number.NaN);
	gaps.add(0.01, 98);
	gaps.add(0.5, 2);
	t.true(isNear(gaps.quantile(0.5), 0.01));
	t.true(isNear(gaps.quantile(0.98), 0.01));
	t.true(isNear(gaps.quantile(0.99), 0.5));
	gaps.clear();
	t.is(gaps.quantile(0.5), Number.NaN);
});
