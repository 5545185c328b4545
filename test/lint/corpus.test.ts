import {existsSync, readdirSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import test from 'ava';
import {lint} from '../../src/library/lint.ts';

/*
 * Manifests in the manner of those that public documentation, charts and guides have. The head of each says which rules speak, or
 * what is not looked at, and why its maintainer would agree; where it says nothing, no rule may speak.
 */

const root = fileURLToPath(new URL('../../../', import.meta.url));
const corpus = join(root, 'test/fixtures/lint/corpus');

/** Files that are linted by themselves, and folders that are linted as a whole. */
const units = readdirSync(corpus).flatMap(name => readdirSync(join(corpus, name)).map(below => join(name, below)));

function filesAt(path: string): string[] {
	return statSync(path).isDirectory() ? readdirSync(path).flatMap(name => filesAt(join(path, name))) : [path];
}

/** Rules, and `left …` for what is not looked at, that the heads of the files of a unit say. */
function expectedAt(path: string): string[] {
	return filesAt(path)
		.flatMap(file => [...readFileSync(file, 'utf8').matchAll(/^# (Finds|Leaves) ([\w-]+): \S.*$/gm)])
		.flatMap(([, verb, word]) => (word === 'nothing' ? [] : [verb === 'Finds' ? word! : `left ${word}`]))
		.sort();
}

async function foundAt(path: string): Promise<string[]> {
	const {findings, notLookedAt} = await lint([path]);
	return [...findings.map(({rule}) => rule), ...notLookedAt.map(({what}) => `left ${what}`)].sort();
}

test('the corpus has more than a hundred manifests, and each says what is found in it', t => {
	const files = filesAt(corpus);
	t.true(files.length > 120, String(files.length));
	for (const file of files) {
		const text = readFileSync(file, 'utf8');
		t.true(/^# Like .*\.\n# (?:Finds|Leaves) /.test(text) || file.includes('/templates/'), file);
	}
});

for (const unit of units) {
	const expected = expectedAt(join(corpus, unit));
	test(`corpus: ${unit} has ${expected.length === 0 ? 'nothing' : expected.join(', ')}`, async t => {
		t.deepEqual(await foundAt(join(corpus, unit)), expected);
	});
}

test('nothing more is found in all of them together than in each by itself', async t => {
	const {findings} = await lint([corpus]);
	for (const {rule, place} of findings) {
		t.true(expectedAt(place.file).includes(rule), `${place.file} ${rule}`);
	}
});

test('nothing is found in the manifests that are shipped', async t => {
	t.deepEqual(await foundAt(join(root, 'k8s')), []);
});

const cases = join(root, '../shared/cases');

test('nothing is found in the manifests of the cases', async t => {
	if (!existsSync(cases)) {
		t.log('The cases are not here.');
		t.pass();
		return;
	}

	const found = await foundAt(cases);
	t.deepEqual(
		found.filter(each => !each.startsWith('left ')),
		[],
	);
});
