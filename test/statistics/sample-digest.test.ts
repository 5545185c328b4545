import test from 'ava';
import {quantile} from 'simple-statistics';
import {RandomStream} from '../../src/engine/random-stream.ts';
import {SampleDigest} from '../../src/statistics/sample-digest.ts';

const probabilities = [0.01, 0.5, 0.95, 0.99, 0.999];

function digestOf(values: readonly number[]): SampleDigest {
	const digest = new SampleDigest();
	for (const value of values) {
		digest.add(value);
	}

	return digest;
}

function times(count: number, entity = 0): number[] {
	const stream = new RandomStream({seed: 5, replication: 0, purpose: 'digest', entity});
	return Array.from({length: count}, () => Math.exp(2 * stream.normal()));
}

test('few values give exact quantiles', t => {
	const values = times(1001);
	const digest = digestOf(values);
	for (const probability of probabilities) {
		t.is(digest.quantile(probability), quantile(values, probability));
	}
});

test('many values give quantiles within 0.1 % of themselves and an exact mean', t => {
	const values = times(300_000);
	const digest = digestOf(values);
	for (const probability of probabilities) {
		const exact = quantile(values, probability);
		t.true(
			Math.abs(digest.quantile(probability) / exact - 1) < 0.001,
			`${probability}: ${digest.quantile(probability)}, exactly ${exact}`,
		);
	}

	t.true(Math.abs(digest.mean() - values.reduce((sum, value) => sum + value, 0) / values.length) < 1e-9);
});

for (const [first, second] of [
	[500, 700],
	[150_000, 150_000],
	[250_000, 10],
	[10, 250_000],
] as const) {
	test(`merging ${first} and ${second} values is as good as adding them all`, t => {
		const [a, b] = [times(first, 1), times(second, 2)];
		const merged = new SampleDigest();
		merged.merge(digestOf(a));
		merged.merge(digestOf(b));
		const all = digestOf([...a, ...b]);
		t.is(merged.count, all.count);
		t.true(Math.abs(merged.mean() / all.mean() - 1) < 1e-9);
		for (const probability of probabilities) {
			t.true(Math.abs(merged.quantile(probability) / all.quantile(probability) - 1) < 0.001);
		}
	});
}

test('an empty digest has no mean and no quantile', t => {
	t.is(new SampleDigest().mean(), Number.NaN);
	t.is(new SampleDigest().quantile(0.5), Number.NaN);
});

test('a time of 0 stays 0 among many', t => {
	t.is(digestOf(new Array<number>(300_000).fill(0)).quantile(0.95), 0);
});
