import test from 'ava';
import {mean, sampleCorrelation, sampleVariance} from 'simple-statistics';
import {RandomStream, type StreamKey} from '../../src/engine/random-stream.ts';

const draws = (count: number, draw: (stream: RandomStream) => number, key: Partial<StreamKey> = {}) => {
	const stream = new RandomStream({seed: 1, replication: 0, purpose: 'test', ...key});
	return Array.from({length: count}, () => draw(stream));
};

test('the first numbers of a stream are the same on every machine', t => {
	t.deepEqual(
		draws(3, stream => stream.uniform(), {seed: 42, purpose: 'arrivals'}),
		[0.3377846182016595, 0.03252632121132282, 0.2290314071429974],
	);
});

test('numbers that are drawn ahead are those that would have come one by one', t => {
	const numbers = draws(1000, stream => stream.uniform(), {seed: 42, purpose: 'arrivals'});
	t.deepEqual(
		[63, 64, 65, 127, 128, 999].map(index => numbers[index]),
		[
			0.47071951409326473, 0.25070063182568714, 0.923742657502517, 0.6660601833588218, 0.3465956281551792,
			0.09585259240677746,
		],
	);
});

test('uniform numbers fill [0, 1) evenly', t => {
	const cells = 100;
	const count = 200_000;
	const counts = new Array<number>(cells).fill(0);
	for (const value of draws(count, stream => stream.uniform())) {
		if (value < 0 || value >= 1) {
			t.fail(`${value}`);
		}

		counts[Math.floor(value * cells)]!++;
	}

	const expected = count / cells;
	const chiSquared = counts.reduce((sum, seen) => sum + (seen - expected) ** 2 / expected, 0);
	t.true(chiSquared > 61.1 && chiSquared < 149.4, `chi-squared ${chiSquared} at 99 degrees of freedom`); // 0.1 % on each side
});

test('exponential and normal numbers have their moments', t => {
	const exponential = draws(200_000, stream => stream.exponential());
	t.true(Math.abs(mean(exponential) - 1) < 0.01);
	t.true(Math.abs(sampleVariance(exponential) - 1) < 0.03);
	const normal = draws(200_000, stream => stream.normal());
	t.true(Math.abs(mean(normal)) < 0.01);
	t.true(Math.abs(sampleVariance(normal) - 1) < 0.02);
	t.true(Math.abs(sampleCorrelation(normal.slice(1), normal.slice(0, -1))) < 0.01);
});

const other: readonly Partial<StreamKey>[] = [
	{seed: 2},
	{replication: 1},
	{purpose: 'tess'},
	{entity: 1},
	{seed: 10, replication: 0},
	{seed: 1, replication: 10},
];

for (const key of other) {
	test(`a stream with ${JSON.stringify(key)} shares nothing with the others`, t => {
		const a = draws(50_000, stream => stream.uniform());
		const b = draws(50_000, stream => stream.uniform(), key);
		t.true(Math.abs(sampleCorrelation(a, b)) < 0.02);
		t.notDeepEqual(a.slice(0, 4), b.slice(0, 4));
	});
}

test('a thousand neighbouring streams begin at a thousand different places', t => {
	const first = new Set(Array.from({length: 1000}, (_, entity) => draws(1, stream => stream.uniform(), {entity})[0]));
	t.is(first.size, 1000);
	t.true(Math.abs(mean([...first] as number[]) - 0.5) < 0.03);
});
