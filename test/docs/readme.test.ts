import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import test from 'ava';
import {execaNode} from 'execa';
import {parse} from 'yaml';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const read = async (...path: string[]) => readFile(join(root, ...path), 'utf8');

test('the README is short enough to be read', async t => {
	t.true((await read('README.md')).split('\n').length < 150);
});

test('its picture is the one that its command draws now', async t => {
	const picture = 'docs/pictures/dynamic-scaling.png';
	t.true((await read('README.md')).includes(`](${picture})`));
	const folder = await mkdtemp(join(tmpdir(), 'replicast-picture-'));
	try {
		await execaNode(join(root, 'scripts', 'draw-picture.js'), [join(folder, 'picture.png')]);
		const drawn = await readFile(join(folder, 'picture.png'));
		t.true(drawn.equals(await readFile(join(root, picture))), 'node scripts/draw-picture.js draws another one');
	} finally {
		await rm(folder, {recursive: true, force: true});
	}
});

test('CITATION.cff is valid, and of this version and licence', async t => {
	const citation = parse(await read('CITATION.cff'));
	const {version, license} = JSON.parse(await read('package.json'));
	t.is(citation['cff-version'], '1.2.0');
	t.like(citation, {type: 'software', version, license});
	for (const key of ['message', 'title', 'abstract']) {
		t.true(typeof citation[key] === 'string' && citation[key].length > 0, key);
	}

	t.true(citation.authors.length > 0);
	for (const author of citation.authors) {
		t.true('name' in author || ('family-names' in author && 'given-names' in author), JSON.stringify(author));
	}

	// The keys of the schema of CFF 1.2.0.
	const known =
		'abstract authors cff-version commit contact date-released doi identifiers keywords license license-url message preferred-citation references repository repository-artifact repository-code title type url version'.split(
			' ',
		);
	t.deepEqual(
		Object.keys(citation).filter(key => !known.includes(key)),
		[],
	);
});
