import test from 'ava';
import fc from 'fast-check';
import {durationText, parseDuration} from '../../src/experiment/duration.ts';

const reads = test.macro({
	exec(t, text: string | number, seconds: number) {
		t.is(parseDuration(text), seconds);
	},
	title: (_, text, seconds) => `${JSON.stringify(text)} is ${seconds} s`,
});

test(reads, '15m', 900);
test(reads, '0s', 0);
test(reads, '0', 0);
test(reads, 0, 0);
test(reads, '500ms', 0.5);
test(reads, '1h30m', 5400);
test(reads, '1d', 86_400);
test(reads, '1.5s', 1.5);
test(reads, '1m0.25s', 60.25);
test(reads, '2h3m4s5ms', 7384.005);

const refuses = test.macro({
	exec(t, text: string | number) {
		t.throws(() => parseDuration(text), {
			instanceOf: RangeError,
			message: /^Expected text to be a duration such as 15m/,
		});
	},
	title: (_, text) => `refuses ${JSON.stringify(text)}`,
});

test(refuses, '');
test(refuses, '15');
test(refuses, 15);
test(refuses, '-1s');
test(refuses, '1x');
test(refuses, '15 minutes');
test(refuses, '1s1m');
test(refuses, '1s1s');
test(refuses, ' 1s');
test(refuses, '1e3s');
test(refuses, '.5s');
test(refuses, `${'9'.repeat(400)}d`);
test(refuses, Number.NaN);

test('a formatted duration reads as the same seconds', t => {
	fc.assert(
		fc.property(fc.integer({min: 0, max: 40_000_000_000}), milliseconds => {
			t.is(parseDuration(durationText(milliseconds / 1000)), milliseconds / 1000);
		}),
	);
});
