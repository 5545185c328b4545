import test from 'ava';
import fc from 'fast-check';
import {promptOf, tokenCountOf, vocabulary} from '../../src/cluster/load/prompt.ts';

const count = {overhead: 9, perWord: 1};
const wordsOf = (serial: number, tokens: number) => promptOf(serial, tokens, count).split(' ');

test('the vocabulary has no word twice', t => {
	t.is(new Set(vocabulary).size, vocabulary.length);
});

test('a prompt has as many words as the tokens that the template leaves', t => {
	t.is(wordsOf(0, 26).length, 17);
	t.is(wordsOf(123, 128).length, 119);
});

test('a prompt shorter than the template is one word', t => {
	t.is(wordsOf(3, 5).length, 1);
});

test('requests near one another begin with different words', t => {
	fc.assert(
		fc.property(fc.nat(100_000), fc.integer({min: 1, max: vocabulary.length - 1}), (serial, step) => {
			t.not(wordsOf(serial, 26)[0], wordsOf(serial + step, 26)[0]);
		}),
	);
});

test('so does the first request of a run', t => {
	const first = Array.from({length: vocabulary.length}, (_, serial) => wordsOf(serial, 26)[0]);
	t.is(new Set(first).size, vocabulary.length);
});

test('no two requests of a long run have the same prompt', t => {
	const prompts = Array.from({length: 20_000}, (_, serial) => promptOf(serial, 26, count));
	t.is(new Set(prompts).size, prompts.length);
});

test('two probes tell overhead and tokens per word', t => {
	t.deepEqual(tokenCountOf({words: 4, tokens: 13}, {words: 24, tokens: 33}), {overhead: 9, perWord: 1});
	t.deepEqual(tokenCountOf({words: 4, tokens: 17}, {words: 24, tokens: 47}), {overhead: 11, perWord: 1.5});
});
