import test from 'ava';
import {mostDimensions, SobolSequence} from '../../src/tune/sobol.ts';

test('the first points are those that Joe and Kuo publish', t => {
	// https://web.maths.unsw.edu.au/~fkuo/sobol, output of "sobol 10 3 new-joe-kuo-6.21201"
	const published = [
		[0, 0, 0],
		[0.5, 0.5, 0.5],
		[0.75, 0.25, 0.25],
		[0.25, 0.75, 0.75],
		[0.375, 0.375, 0.625],
		[0.875, 0.875, 0.125],
		[0.625, 0.125, 0.875],
		[0.125, 0.625, 0.375],
		[0.1875, 0.3125, 0.9375],
		[0.6875, 0.8125, 0.4375],
	];
	const sequence = new SobolSequence({dimensions: 3});
	t.deepEqual(
		published.map((_, index) => sequence.point(index)),
		published,
	);
});

test('the first two dimensions are those of van der Corput and of the polynomial x + 1', t => {
	const sequence = new SobolSequence({dimensions: 2});
	// Bits of the Gray code of 11 = 1110, reversed: 0.0111.
	t.is(sequence.point(11)[0], 0b0111 / 16);
	t.is(sequence.point(1)[1], 0.5);
});

const countsPerInterval = (values: readonly number[], intervals: number) => {
	const counts = new Array<number>(intervals).fill(0);
	for (const value of values) {
		counts[Math.floor(value * intervals)]!++;
	}

	return counts;
};

for (const seed of [undefined, 1, 42]) {
	test(`every dimension puts one of 256 points into each 256th, ${seed === undefined ? 'plain' : `seed ${seed}`}`, t => {
		const sequence = new SobolSequence({dimensions: mostDimensions, ...(seed !== undefined && {seed})});
		const points = Array.from({length: 256}, (_, index) => sequence.point(index));
		for (let dimension = 0; dimension < mostDimensions; dimension++) {
			const counts = countsPerInterval(
				points.map(point => point[dimension]!),
				256,
			);
			t.true(
				counts.every(count => count === 1),
				`dimension ${dimension}`,
			);
		}
	});
}

test('scrambling keeps the pairs of the first two dimensions in every elementary interval', t => {
	const sequence = new SobolSequence({dimensions: 2, seed: 7});
	const cells = Array.from({length: 64}, (_, index) => sequence.point(index)).map(
		([x, y]) => Math.floor(x! * 8) * 8 + Math.floor(y! * 8),
	);
	t.is(new Set(cells).size, 64);
});

test('scrambled sequences differ by seed and integrate better than random points', t => {
	const integrate = (seed: number) => {
		const sequence = new SobolSequence({dimensions: 4, seed});
		let sum = 0;
		for (let index = 0; index < 1024; index++) {
			sum += sequence.point(index).reduce((product, x) => product * 2 * x, 1);
		}

		return sum / 1024 - 1;
	};
	const errors = Array.from({length: 20}, (_, seed) => integrate(seed));
	t.is(new Set(errors).size, 20);
	const rootMeanSquare = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length);
	const random = Math.sqrt(((4 / 3) ** 4 - 1) / 1024);
	t.true(rootMeanSquare < random / 5, `${rootMeanSquare} against ${random}`);
});

test('refuses dimensions that it has no numbers for', t => {
	for (const dimensions of [0, 1.5, mostDimensions + 1]) {
		t.throws(() => new SobolSequence({dimensions}), {instanceOf: RangeError, message: /dimensions to be an integer/});
	}
});
