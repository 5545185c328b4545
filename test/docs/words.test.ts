import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';

/** Openings of a docstring that nobody would search for: it begins with the noun or the verb of the thing. */
const openings = [
	/^What\b/,
	/^Which\b/,
	/^Those\b/,
	/^That\b/,
	/^The same\b/,
	/^Of\b/,
	/^Nothing\b/,
	/^Everything that\b/,
	/^All (?:that|of)\b/,
	/^Whoever\b/,
	/^Likewise\b/,
	/^How (?!long\b|many\b|often\b)/,
	/^Where\b/,
	/^When\b/,
	/^Is told\b/,
	/^So (?:many|much)\b/,
	/^Wh(?:o|y)\b/,
	/^From now on\b/,
	/^Sees to it\b/,
	/^Tells\b/,
];

/** Further openings that say too little of an exported thing. */
const exportedOpenings = [
	/^(?:As|At|By|For|From|In|On|To|With|Without)\b/,
	/^(?:All|Both|Each|Every|Everything|Fewer|It|Not|One|Only|Something|Their)\b/,
	/^Looks\b/,
];

/** Phrases that are not plain technical English. */
const phrases = [
	/\b(?:comes?|came) to\b(?! an end| the end| rest)/,
	/\b(?:is|are|was|were|be|been) told\b/,
	/\btold (?:by|of|to|that|once|with)\b/,
	/\bthose that\b/i,
	/\bnothing where\b/i,
	/\bbent\b/,
	/\banew\b/,
	/\bwhoever\b/i,
	/\bmade for others\b/,
	/\bso many as\b/i,
	/\bplay(?:s|ed|ing)\b/,
	/\btell(?:s|ing)? apart\b/,
];

type Comment = {
	readonly line: number;
	readonly words: string;
	readonly isDocstring: boolean;
	readonly isExported: boolean;
};

/** Comments of a source, each as one line of text with the number of its first line. */
function commentsOf(source: string): Comment[] {
	return [...source.matchAll(/\/\*\*?[\s\S]*?\*\/|(?<![:'"`])\/\/ .*/g)].map(({0: comment, index}) => ({
		line: source.slice(0, index).split('\n').length,
		isDocstring: comment.startsWith('/**'),
		isExported: /^\s*export\b/.test(source.slice(index + comment.length)),
		words: comment
			.replaceAll(/^\/\*\*?|\*\/$|^\/\/ /g, '')
			.replaceAll(/\n\s*\* ?/g, ' ')
			.trim(),
	}));
}

function filesBelow(folder: string, ending: string): string[] {
	return readdirSync(folder, {recursive: true, encoding: 'utf8'})
		.filter(name => name.endsWith(ending))
		.map(name => join(folder, name));
}

test('docstrings begin with the noun or the verb that a search would use', t => {
	const faults = filesBelow('src', '.ts').flatMap(file =>
		commentsOf(readFileSync(file, 'utf8'))
			.filter(({isDocstring, isExported, words}) =>
				[...(isDocstring ? openings : []), ...(isDocstring && isExported ? exportedOpenings : [])].some(opening =>
					opening.test(words),
				),
			)
			.map(({line, words}) => `${file}:${line}: ${words.slice(0, 60)}`),
	);
	t.deepEqual(faults, []);
});

test('comments are plain English', t => {
	const faults = filesBelow('src', '.ts').flatMap(file =>
		commentsOf(readFileSync(file, 'utf8')).flatMap(({line, words}) =>
			phrases.filter(phrase => phrase.test(words)).map(phrase => `${file}:${line}: ${phrase.exec(words)![0]}`),
		),
	);
	t.deepEqual(faults, []);
});

test('pages are plain English', t => {
	const generated = join('docs', 'reference');
	const pages = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...filesBelow('docs', '.md')];
	const faults = pages
		.filter(page => !page.startsWith(generated))
		.flatMap(page => {
			const text = readFileSync(page, 'utf8').replaceAll(/```[\s\S]*?```|`[^`\n]*`/g, '');
			return phrases.filter(phrase => phrase.test(text)).map(phrase => `${page}: ${phrase.exec(text)![0]}`);
		});
	t.deepEqual(faults, []);
});
