// Puts test files that share nothing into one process a folder, where their tests run in turn: to start ava and to load the
// modules again costs more than most files do. A file keeps a process of its own where it, or a file of test/ that it imports,
// uses what a process has only once, starts programs or services, looks at the clock, or takes long.
import {existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';

const tests = path.join('build', 'test');
const groups = path.join('build', 'groups');
const testsOf = path.join('scripts', 'tests', 'tests-of.js');

/** Most that a process takes: a file counts 1, a file that runs commands 3, as they take longer. */
const most = 24;

/** Files that take longest, a minute and more; others that do call `t.timeout()`. */
const longest = ['fuzz/readers', 'cli/every-option', 'cli/tune', 'bench/bench', 'cli/package'];

/** What a file with a process of its own has in it. */
const alone = [
	/\b(process|globalThis)\./,
	/\b(startReplicast|fetch|set(Timeout|Interval|Immediate)|(performance|Date)\.now)\(/,
	/["'](execa|playwright-core|node:(child_process|http2?|https|net|dgram|timers\/promises|worker_threads))["']/,
	/\.(beforeEach|afterEach|timeout)\b|\bt\.context\b/,
];

/** Runs commands one at a time and puts back what it changes of its process. */
const puttingBack = ['in-this-process.js', 'run-command.js'].map(name => path.join(tests, 'cli', name));

/** The line by which a compiled test file has ava's `test`. */
const ava = /^import (\w+)(?:, \{ ?\})? from 'ava';$/m;

/** Paths of what a compiled file imports of this repository. */
function importsOf(file) {
	const found = readFileSync(file, 'utf8').matchAll(/ from ["'](\.[^"']*\.js)["']/g);
	return [...found].map(([, imported]) => path.join(path.dirname(file), imported));
}

/** A compiled file and those of build/test/ that it imports, with their text. */
function withHelpers(file, found = new Map()) {
	if (!found.has(file) && file.startsWith(tests) && !puttingBack.includes(file)) {
		const text = readFileSync(file, 'utf8');
		found.set(file, text);
		for (const imported of importsOf(file)) {
			withHelpers(imported, found);
		}
	}

	return found;
}

function canShare(file) {
	const texts = withHelpers(file);
	return [...texts].every(
		([name, text]) => ava.test(text) === (name === file) && !alone.some(pattern => pattern.test(text)),
	);
}

/** Words of a compiled test file's path, as ava has them in titles. */
function wordsOf(file) {
	return path
		.relative(tests, file)
		.replace(/\.test\.js$/, '')
		.split(path.sep);
}

/** Writes a test file again, beside it, so that its tests have their file in the title; the path of what it wrote. */
function writeTitled(file) {
	const title = wordsOf(file).slice(1).join(' › ');
	const names = relative(file, testsOf);
	const written = file.replace(/\.test\.js$/, '.grouped.js');
	const text = readFileSync(file, 'utf8').replace(
		ava,
		(_, name) => `import {testsOf} from '${names}'; const ${name} = testsOf('${title}');`, // on its line, for the source map
	);
	writeFileSync(written, text);
	return written;
}

function relative(from, to) {
	const found = path.relative(path.dirname(from), to).split(path.sep).join('/');
	return found.startsWith('.') ? found : `./${found}`;
}

/** Writes a file of build/groups/ that imports others; its path. */
function writeGroup(name, files, end = '') {
	const written = path.join(groups, `${name}.test.js`);
	mkdirSync(path.dirname(written), {recursive: true});
	writeFileSync(written, files.map(file => `import '${relative(written, file)}';\n`).join('') + end);
	return written;
}

function writeTogether(name, files) {
	const declare = relative(path.join(groups, `${name}.test.js`), testsOf);
	return writeGroup(name, files.map(writeTitled), `import {declareAll} from '${declare}';\ndeclareAll();\n`);
}

function writeAlone(file) {
	return writeGroup(path.join(...wordsOf(file)), [file]);
}

/** The compiled files of the tests that need no cluster, without what an earlier compilation left. */
function testFiles() {
	return readdirSync(tests, {recursive: true})
		.filter(name => name.endsWith('.test.js') && !name.startsWith(`cluster${path.sep}`))
		.filter(name => existsSync(path.join('test', name.replace(/js$/, 'ts'))))
		.sort();
}

function weightOf(file) {
	return importsOf(file).some(imported => puttingBack.includes(imported)) ? 3 : 1;
}

/** Files in as few parts as weigh no more than a process takes, each as heavy as the others. */
export function inParts(files) {
	const whole = files.reduce((sum, file) => sum + weightOf(file), 0);
	const parts = Array.from({length: Math.ceil(whole / most)}, () => []);
	let before = 0;
	for (const file of files) {
		parts[Math.floor((before / whole) * parts.length)].push(file);
		before += weightOf(file);
	}

	return parts;
}

function placeOf(file) {
	const place = longest.indexOf(wordsOf(file).join('/'));
	return place === -1 ? longest.length : place;
}

/** Compiled test files: those with a process of their own, the long ones apart, and those that share one, by folder. */
export function planGroups() {
	const shared = new Map();
	const [long, short] = [[], []];
	for (const name of testFiles()) {
		const file = path.join(tests, name);
		const [folder, ...rest] = name.split(path.sep);
		if (rest.length > 0 && canShare(file)) {
			shared.set(folder, [...(shared.get(folder) ?? []), file]);
		} else {
			const isLong = longest.includes(wordsOf(file).join('/')) || readFileSync(file, 'utf8').includes('.timeout(');
			(isLong ? long : short).push(file);
		}
	}

	return {long, shared, short};
}

/**
 * Writes build/groups/, whose files ava runs in place of those of build/test/. A test's title is the same as without groups.
 *
 * @returns the files in the order in which they are to begin: those that take long first, so that none is left over at the end
 */
export function groupTests() {
	rmSync(groups, {recursive: true, force: true});
	const {long, shared, short} = planGroups();
	const parts = [...shared].flatMap(([folder, files]) =>
		// ava leaves folders called __tests__ out of titles.
		inParts(files).map((part, index) => ({name: path.join(...Array(index).fill('__tests__'), folder), part})),
	);
	const weight = ({part}) => part.reduce((sum, file) => sum + weightOf(file), 0);
	return [
		...long.toSorted((a, b) => placeOf(a) - placeOf(b)).map(writeAlone),
		...parts.sort((a, b) => weight(b) - weight(a)).map(({name, part}) => writeTogether(name, part)),
		...short.map(writeAlone),
	];
}
