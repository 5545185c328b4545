import test from 'ava';
import {csvOf} from '../../src/report/charts/data-text.ts';
import {escapeMarkdown} from '../../src/report/text/markdown.ts';
import {wrapWords} from '../../src/report/text/report.ts';
import {drawTable} from '../../src/report/text/terminal-table.ts';
import {printFaults} from '../../src/store/yaml/source-tree.ts';

const hostile = 'a\u001b]0;title\u0007\u001b[2J\u202eb';

test('nothing that a file says moves a terminal', t => {
	for (const text of [
		drawTable([['x'], [hostile]], 100),
		wrapWords('', hostile, 80).join('\n'),
		printFaults([{source: {file: hostile}, message: hostile}]),
	]) {
		t.notRegex(text, /(?![\n\t])[\p{Cc}\p{Cf}]/u);
		t.true(text.includes('a\\u001b]0;title\\u0007\\u001b[2J\\u202eb'), text);
	}
});

test('a backslash before HTML does not let it through in Markdown', t => {
	t.is(escapeMarkdown('\\<img src=x>'), '\\\\\\<img src=x>');
	t.is(escapeMarkdown('1.2 s [1.1, 1.3]'), '1.2 s [1.1, 1.3]');
});

test('a cell that a spreadsheet would run is text, and a number stays one', t => {
	t.is(
		csvOf({
			data: [
				{a: '=cmd|x', b: -1},
				{a: '+1', b: 2},
			],
		}),
		"a,b\n'=cmd|x,-1\n'+1,2\n",
	);
});
