import test from 'ava';
import {randomSource} from '../../src/statistics/bootstrap.ts';
import {leastSquares} from '../../src/statistics/least-squares.ts';

test('a plane without noise comes back exactly', t => {
	const rows = [
		[1, 10, 4],
		[1, 50, 4],
		[1, 10, 16],
		[1, 200, 32],
		[1, 75, 8],
	];
	const {coefficients, rSquared} = leastSquares(
		rows,
		rows.map(([, prompt, output]) => 0.5 + 0.01 * prompt! + 0.03 * output!),
	);
	for (const [index, expected] of [0.5, 0.01, 0.03].entries()) {
		t.true(Math.abs(coefficients[index]!.value - expected) < 1e-9);
		t.true(coefficients[index]!.high - coefficients[index]!.low < 1e-6);
	}

	t.true(Math.abs(rSquared - 1) < 1e-9);
});

test('a line with noise has the coefficients and intervals of the textbook', t => {
	// By hand: residual sum of squares 0.107, s² = 0.107/3, Sxx = 10, t(0.975, 3) = 3.182446.
	const values = [2.1, 3.9, 6.2, 7.8, 10.1];
	const {coefficients, rSquared} = leastSquares(
		values.map((_, index) => [1, index + 1]),
		values,
	);
	t.true(Math.abs(coefficients[0]!.value - 0.05) < 1e-9);
	t.true(Math.abs(coefficients[1]!.value - 1.99) < 1e-9);
	t.true(Math.abs(coefficients[1]!.low - 1.79994) < 1e-4, `${coefficients[1]!.low}`);
	t.true(Math.abs(coefficients[0]!.high - 0.68039) < 1e-4, `${coefficients[0]!.high}`);
	t.true(Math.abs(rSquared - (1 - 0.107 / 39.708)) < 1e-9);
});

test('the 95 % intervals hold the true coefficients about 95 times in 100', t => {
	const uniform = randomSource(3);
	let held = 0;
	for (let trial = 0; trial < 200; trial++) {
		const rows = Array.from({length: 30}, () => [1, 100 * uniform(), 20 * uniform()]);
		const noise = () => (uniform() + uniform() + uniform() - 1.5) * 0.1;
		const {coefficients} = leastSquares(
			rows,
			rows.map(([, prompt, output]) => 0.04 + 0.01 * prompt! + 0.03 * output! + noise()),
		);
		held += coefficients[1]!.low <= 0.01 && coefficients[1]!.high >= 0.01 ? 1 : 0;
	}

	t.true(held >= 180 && held <= 199, `${held} of 200`);
});

test('refuses columns that follow from others, and too few observations', t => {
	t.throws(
		() =>
			leastSquares(
				[
					[1, 2],
					[1, 2],
					[1, 2],
				],
				[1, 2, 3],
			),
		{message: /independent/},
	);
	t.throws(() => leastSquares([[1, 2]], [1]), {message: /at least as many observations/});
});
