import test from 'ava';
import {formatDuration} from '../../../src/report/text/format.ts';

const reads = test.macro({
	exec(t, seconds: number, expected: string) {
		t.is(formatDuration(seconds), expected);
	},
	title: (_, seconds, expected) => `${seconds} seconds read ${expected}`,
});

test(reads, 0, '0 s');
test(reads, 0.5, '500 ms');
test(reads, 0.9996, '1 s');
test(reads, 15.25, '15.3 s');
test(reads, 59.96, '1 min');
test(reads, 60, '1 min');
test(reads, 225.4, '3 min 45 s');
test(reads, 900, '15 min');
test(reads, 5400, '1 h 30 min');
test(reads, 86_400, '1 d');
