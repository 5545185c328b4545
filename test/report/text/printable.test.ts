import test from 'ava';
import {parse} from 'yaml';
import {kubectlYaml, yamlText} from '../../../src/autoscaler/kubectl-yaml.ts';
import {onOneLine, printable, unbroken} from '../../../src/printable.ts';
import {csvOf} from '../../../src/report/charts/data-text.ts';
import {escapeHtml} from '../../../src/report/pages/page.ts';
import {escapeMarkdown} from '../../../src/report/text/markdown.ts';
import {reportText} from '../../../src/report/text/report.ts';

/** Control characters, marks of direction, signs of no width, ends of lines, fillers, tags. */
const acting = [
	...[
		'\u0000',
		'\u0007',
		'\u001B',
		'\r',
		'\u007F',
		'\u0085',
		'\u009B',
		'\u061C',
		'\u200B',
		'\u200D',
		'\u200F',
		'\u202E',
	],
	...[
		'\u2028',
		'\u2029',
		'\u2060',
		'\u2066',
		'\u2069',
		'\uFEFF',
		'\u00AD',
		'\u034F',
		'\u115F',
		'\u3164',
		'\u{E0041}',
		'\u{E0100}',
	],
];

const media: Readonly<Record<string, (text: string) => string>> = {
	terminal: printable,
	'one line': onOneLine,
	'words of a line': unbroken,
	Markdown: escapeMarkdown,
	HTML: escapeHtml,
	CSV: text => csvOf({data: [{[text]: text}]}),
	YAML: text => kubectlYaml({[text]: [text]}, [text]),
	'YAML of models': text => yamlText({[text]: [text]}, {lineWidth: 20}),
};

for (const [medium, write] of Object.entries(media)) {
	test(`no character that acts or hides reaches ${medium}`, t => {
		for (const character of acting) {
			const written = write(`a${character}b`);
			t.false(written.includes(character), `${medium}: ${JSON.stringify(character)} in ${JSON.stringify(written)}`);
			t.true(written.includes('a') && written.includes('b'));
		}
	});
}

test('JSON stays the same document, and YAML the same value', t => {
	const text = acting.join(' ');
	t.deepEqual(JSON.parse(printable(JSON.stringify({text}))), {text});
	t.deepEqual(parse(kubectlYaml({text})), {text});
	t.deepEqual(parse(yamlText({text}, {lineWidth: 20})), {text});
});

test('signs of other languages and the picture of a sign stay', t => {
	for (const text of ['Ångström 東京 ⚠️ é', 'a\tb\nc']) {
		t.is(printable(text), text);
	}
});

test('a text of two lines does not pretend to be two lines of a report', t => {
	t.is(onOneLine('a\nb\tc'), 'a\\nb\\tc');
	t.is(unbroken('a\n\nb\tc'), 'a b c');
	const text = reportText({title: 'a\nWarning: b', description: 'c\r\nNext: d', warnings: ['e\n- f'], sections: []});
	t.deepEqual(text.split('\n').slice(0, 3), ['a Warning: b', 'c Next: d', 'Warning: e - f']);
});
