import {createHash} from 'node:crypto';
import test from 'ava';
import {RandomStream} from '../../src/engine/random-stream.ts';
import {samplerOf} from '../../src/experiment/draw-distribution.ts';
import type {Distribution} from '../../src/experiment/experiment.ts';
import {studentProbability, studentQuantile} from '../../src/statistics/estimate.ts';
import {SampleDigest} from '../../src/statistics/sample-digest.ts';

// What these hold was computed with Node 20 and with Node 24, whose powers differ in their last bit.
const digestOf = (values: readonly number[]) =>
	createHash('sha256')
		.update(new Uint8Array(Float64Array.from(values).buffer))
		.digest('hex')
		.slice(0, 16);
const indexes = (length: number) => Array.from({length}, (_, index) => index);

const draws = test.macro({
	exec(t, distribution: Distribution, expected: string) {
		const stream = new RandomStream({seed: 1, replication: 0, purpose: 'test'});
		const draw = samplerOf(distribution);
		t.is(digestOf(indexes(10_000).map(() => draw(stream))), expected);
	},
	title: (_, given) => `draws of ${JSON.stringify(given)} are the same to the last bit on every release of Node`,
});

test(draws, {distribution: 'exponential', mean: 3}, '6cf94e90e85b6770');
test(draws, {distribution: 'gamma', mean: 3, cv: 0.7}, '4ce2995037de02f8');
test(draws, {distribution: 'gamma', mean: 3, cv: 1.5}, 'f2cbe86865974ec6');
test(draws, {distribution: 'lognormal', mean: 3, cv: 0.5}, '3600a700e387a76a');

test('quantiles of very many values are the same to the last bit on every release of Node', t => {
	const stream = new RandomStream({seed: 1, replication: 0, purpose: 'test'});
	const digest = new SampleDigest();
	for (let count = 0; count < 250_000; count++) {
		digest.add(stream.exponential());
	}

	t.is(digestOf(indexes(99).map(index => digest.quantile((index + 1) / 100))), 'd7511eb40d1a0474');
});

test('Student’s t is the same to the last bit on every release of Node', t => {
	const freedoms = indexes(60).map(index => index + 1);
	t.is(
		digestOf(freedoms.flatMap(count => [0.9, 0.975, 0.995].map(p => studentQuantile(p, count)))),
		'e8733223be33ea6c',
	);
	t.is(
		digestOf(freedoms.flatMap(count => indexes(50).map(x => studentProbability(x / 10 - 2, count)))),
		'795886c06f50579f',
	);
});
