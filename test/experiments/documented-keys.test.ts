import {readdir, readFile} from 'node:fs/promises';
import test from 'ava';
import {parseYaml} from '../../src/store/yaml/parse-yaml.ts';
import type {SourceNode} from '../../src/store/yaml/source-tree.ts';

const page = await readFile('docs/experiment-file.md', 'utf8');
const isNamed = (key: string) => new RegExp(`[\`.{ ]${key}[\`.:, }]`).test(page);

function keysOf(node: SourceNode): string[] {
	return node.kind === 'map'
		? [...node.entries].flatMap(([key, entry]) => [key, ...keysOf(entry.node)])
		: node.kind === 'list'
			? node.items.flatMap(item => keysOf(item))
			: [];
}

test('docs/experiment-file.md names every key of the reference file', async t => {
	const {tree} = parseYaml(await readFile('test/fixtures/dynamic-scaling-reference.yaml', 'utf8'), 'reference');
	for (const key of new Set(keysOf(tree!))) {
		t.true(isNamed(key) || ['backend', 'ollama'].includes(key), key);
	}
});

test('docs/experiment-file.md names every figure that takes a tolerance', async t => {
	const reference = await readFile('docs/reference/files.md', 'utf8');
	const figures = [...reference.matchAll(/^\| `accept\.(\w+)` /gm)].map(([, figure = '']) => figure);
	t.true(figures.length > 10);
	for (const figure of figures) {
		t.true(isNamed(figure), figure);
	}
});

test('docs/models.md names every model', async t => {
	const models = await readFile('docs/models.md', 'utf8');
	for (const name of (await readdir('models')).filter(name => name.endsWith('.yaml'))) {
		const row = models.split('\n').find(line => line.startsWith('|') && line.includes(`\`${name}\``));
		t.truthy(row, name);
		const isCalibrated = /^status: calibrated/m.test(await readFile(`models/${name}`, 'utf8'));
		t.is(row!.includes('(../reports/validation/README.md)'), isCalibrated, name);
	}
});
