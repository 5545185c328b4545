import test from 'ava';
import {wrapWords} from '../../../src/report/text/report.ts';

test('words that do not fit go below the text', t => {
	t.deepEqual(wrapWords('run  ', 'one two three four', 13), ['run  one two', '     three', '     four']);
});

test('a line may be filled to its end', t => {
	t.deepEqual(wrapWords('- ', 'one two', 9), ['- one two']);
});

test('a word longer than the line stands alone', t => {
	t.deepEqual(wrapWords('- ', 'a incomprehensible b', 6), ['- a', '  incomprehensible', '  b']);
});
