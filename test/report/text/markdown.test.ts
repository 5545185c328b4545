import test from 'ava';
import {escapeMarkdown, markdownCode, markdownLink, markdownTable} from '../../../src/report/text/markdown.ts';

test('a text is plain text in Markdown', t => {
	for (const [text, escaped] of [
		['\\<img src=x onerror=alert(1)>', '\\\\\\<img src=x onerror=alert(1)>'],
		['[x](javascript:alert(1))', '[x]\\(javascript:alert(1))'],
		['![x](http://a.example/p.png)', '![x]\\(http\\://a.example/p.png)'],
		['[x\\](y)', '[x\\\\]\\(y)'],
		['[x][y]', '[x]\\[y]'],
		['[y]: z', '\\[y]: z'],
		['* * *', '\\* * *'],
		['`rm -rf`', '\\`rm -rf\\`'],
		['&lt;b&#62; a & b', '\\&lt;b\\&#62; a & b'],
		['www.evil.example', 'www\\.evil.example'],
		['<http://a> <x@y.z>', '\\<http\\://a> \\<x\\@y.z>'],
		['# a', '\\# a'],
		['  > a', ' \\> a'],
		['- a', '\\- a'],
		['1. a', '1\\. a'],
		['~~~', '~\\~\\~'],
		['---', '\\---'],
		['a\n\n# b | c', 'a # b \\| c'],
		['a\u001b[2J\u202e', 'a\\\\u001b[2J\\\\u202e'],
		['**b** and _i_ ~~s~~', '\\*\\*b\\*\\* and \\_i\\_ ~\\~s\\~\\~'],
		['[x] done', '\\[x] done'],
		['mail@evil.example', 'mail\\@evil.example'],
	] as const) {
		t.is(escapeMarkdown(text), escaped);
	}
});

test('what reports say of themselves stays as it is', t => {
	for (const text of [
		'1.2 s [1.1, 1.3] (4 %)',
		'+13 % [6, 20]',
		'p95<15s, x>=0.99',
		'–',
		'-0.5',
		'1.5',
		'$0.12 /h',
		'#1',
		'2 * 3',
		'num_parallel',
		'~5 s',
		'ollama@sha256:0af3',
	]) {
		t.is(escapeMarkdown(text), text);
	}
});

test('a table holds plain texts, and Markdown of our own', t => {
	t.is(
		markdownTable([
			['a|b', ''],
			[markdownLink('[x](y): [z]', '../a b/(c)'), markdownCode('0af3')],
			[markdownLink('x', 'javascript:alert(1)'), markdownCode('a`b')],
		]),
		[
			'| a\\|b |  |',
			'| --- | --- |',
			'| [\\[x\\]\\(y): \\[z\\]](../a%20b/%28c%29) | `0af3` |',
			'| [x](javascript%3Aalert%281%29) | a\\`b |',
		].join('\n'),
	);
});
