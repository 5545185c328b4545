import test from 'ava';
import {encodeExplored} from '../../src/explorer/explored.ts';
import {parseYaml} from '../../src/store/yaml/parse-yaml.ts';

test('a time in YAML 1.1 is its text in UTC, in every time zone', t => {
	const {tree} = parseYaml('%YAML 1.1\n---\na: 2001-12-14t21:59:43.10-05:00\n', 'file.yaml');
	t.true(
		JSON.stringify(tree, (_, value) => (value instanceof Map ? [...value] : value)).includes(
			'"2001-12-15T02:59:43.100Z"',
		),
	);
});

test('a text that reads infinity stays a text on a page', t => {
	const explored = {
		experiment: {},
		words: ['infinity', '\u0000infinity', '\u202e'],
		measured: [{hash: Number.POSITIVE_INFINITY}],
	};
	const json = encodeExplored(explored as never);
	t.notRegex(json, /[\p{Cc}\p{Cf}]/u);
	t.deepEqual(JSON.parse(json), explored);
});
