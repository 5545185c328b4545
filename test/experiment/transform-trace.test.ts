import test from 'ava';
import {transformTrace} from '../../src/experiment/transform-trace.ts';
import {TraceTransform} from '../../src/experiment/workload-schema.ts';

const columns = Object.freeze({
	at: Float64Array.of(0.5, 1.5, 2.5, 3.5),
	promptTokens: Int32Array.of(10, 20, 30, 40),
	outputTokens: Int32Array.of(4, 5, 6, 7),
});
const bent = (transform: object) => transformTrace(columns, TraceTransform.parse(transform));

test('a trace is cut, thinned, stretched and its tokens scaled and capped', t => {
	t.deepEqual(bent({from: '1s', to: '3s'}).at, [0.5, 1.5]);
	t.deepEqual(bent({rateScale: 0.5}).at, [1.5, 3.5]);
	t.deepEqual(bent({timeScale: 2}).at, [1, 3, 5, 7]);
	t.deepEqual(bent({tokenScale: 0.1, maxPromptTokens: 3}), {
		process: 'trace',
		at: [0.5, 1.5, 2.5, 3.5],
		promptTokens: [1, 2, 3, 3],
		outputTokens: [1, 1, 1, 1],
	});
	t.is(bent({maxOutputTokens: 5}).outputTokens.at(-1), 5);
});

test('nothing left is refused', t => {
	t.throws(() => bent({from: '1h'}), {instanceOf: RangeError, message: 'no request between from and to'});
});

test('time and tokens are scaled after the part is cut, so that from is time 0', t => {
	t.deepEqual(bent({from: '2s', timeScale: 0.5}).at, [0.25, 0.75]);
});

const many = {
	at: Float64Array.from({length: 20_000}, (_, index) => index),
	promptTokens: new Int32Array(20_000).fill(1),
	outputTokens: new Int32Array(20_000).fill(1),
};
const thinned = (transform: object) => transformTrace(many, TraceTransform.parse(transform)).at;
const spread = (at: readonly number[]) => {
	const gaps = at.slice(1).map((time, index) => time - at[index]!);
	const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
	return Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length) / mean;
};

test('thinning keeps the share: evenly, or by draws of a seed', t => {
	t.is(thinned({rateScale: 0.3}).length, 6000);
	t.true(spread(thinned({rateScale: 0.3})) < 0.15);

	// 20,000 draws of 0.3: within 5 standard deviations (65 each).
	const drawn = thinned({rateScale: 0.3, seed: 7});
	t.true(Math.abs(drawn.length - 6000) < 325, String(drawn.length));
	// Gaps are geometric: coefficient of variation √(1 − 0.3).
	t.true(Math.abs(spread(drawn) - Math.sqrt(0.7)) < 0.05);
	t.deepEqual(thinned({rateScale: 0.3, seed: 7}), drawn);
	t.notDeepEqual(thinned({rateScale: 0.3, seed: 8}), drawn);
});
