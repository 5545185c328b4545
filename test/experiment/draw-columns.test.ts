import test from 'ava';
import {RandomStream} from '../../src/engine/random-stream.ts';
import {
	columnSamplerOf,
	samplerOf,
	tokenColumnSamplerOf,
	tokenSamplerOf,
} from '../../src/experiment/draw-distribution.ts';
import type {Distribution} from '../../src/experiment/experiment.ts';
import {ArrivalTimes} from '../../src/experiment/schedule-arrivals.ts';

const distributions: readonly Distribution[] = [
	{distribution: 'constant', value: 3.4},
	{distribution: 'uniform', min: 1, max: 9},
	{distribution: 'exponential', mean: 20},
	{distribution: 'gamma', mean: 20, cv: 0.7, max: 30},
	{distribution: 'lognormal', mean: 20, cv: 0.7},
	{distribution: 'lognormal', mean: 20, cv: 0.7, min: 10, max: 30},
	{distribution: 'lognormal', mean: 20, cv: 0},
	{distribution: 'empirical', values: [1, 5, 9], weights: [1, 2, 1]},
];
const streamOf = () => new RandomStream({seed: 1, replication: 2, purpose: 'columns'});

for (const distribution of distributions) {
	test(`a column has the numbers that are drawn one by one: ${JSON.stringify(distribution)}`, t => {
		const [columnStream, stream, tokenColumnStream, tokenStream] = [streamOf(), streamOf(), streamOf(), streamOf()];
		const [fill, draw] = [columnSamplerOf(distribution), samplerOf(distribution)];
		const [fillTokens, drawTokens] = [tokenColumnSamplerOf(distribution), tokenSamplerOf(distribution)];
		for (const count of [1, 0, 33, 200]) {
			const column = new Float64Array(200);
			fill(column, count, columnStream);
			const singly = Float64Array.from({length: count}, () => draw(stream));
			t.deepEqual(column.subarray(0, count), singly);
			t.true(column.subarray(count).every(value => value === 0));
			const tokens = new Int32Array(200);
			fillTokens(tokens, count, tokenColumnStream);
			t.deepEqual(
				tokens.subarray(0, count),
				Int32Array.from({length: count}, () => drawTokens(tokenStream)),
			);
		}
	});
}

for (const process of ['poisson', 'gamma', 'deterministic'] as const) {
	test(`columns of arrivals, however long, have the times that come one by one: ${process}`, t => {
		const rate = [
			{at: 0, perSecond: 2},
			{at: 40, perSecond: 0},
			{at: 50, perSecond: 7},
		];
		const arrivalsOf = () =>
			new ArrivalTimes({process, cv: 1.3, interpolation: 'linear', rate}, {seed: 3, replication: 0, entity: 0});
		const singly: number[] = [];
		const one = arrivalsOf();
		for (let at = one.next(); at < 100; at = one.next()) {
			singly.push(at);
		}

		t.true(singly.length > 300);
		for (const length of [1, 7, 1000]) {
			const [arrivals, at, together] = [arrivalsOf(), new Float64Array(length), [] as number[]];
			for (let count = arrivals.fill(at, 100); count > 0; count = arrivals.fill(at, 100)) {
				together.push(...at.subarray(0, count));
			}

			t.deepEqual(together, singly);
			t.is(arrivals.fill(at, 100), 0);
		}
	});
}
