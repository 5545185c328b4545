import test from 'ava';
import fc from 'fast-check';
import {parse} from 'yaml';
import {kubectlYaml} from '../../src/autoscaler/kubectl-yaml.ts';
import {parseDocuments} from '../../src/store/yaml/parse-yaml.ts';
import {plainValue} from '../../src/store/yaml/source-tree.ts';
import {codePoint} from '../fuzz/code-point.ts';

const asKubectlReads = (text: string) => {
	const {trees, faults} = parseDocuments(text, 'a.yaml', {reading: 'kubectl'});
	return faults.length > 0 ? faults : trees.map(tree => plainValue(tree));
};

const words = fc.constantFrom(
	...['yes', 'no', 'on', 'off', 'y', 'N', 'true', 'null', '~', '', '010', '1:30', '190:20:30.5', '1_0', '0b11', '0o17'],
	...[
		'2026-11-24',
		'2026-01-05T10:00:00Z',
		'<<',
		'=',
		'.inf',
		'-.5',
		'+1',
		'1e3',
		'0x1F',
		'?',
		'- a',
		'a: b',
		' a',
		'a #b',
	],
	...[
		'*a',
		'&a',
		'!a',
		'%a',
		'@a',
		'`a',
		'|',
		'>',
		'{a}',
		'[a]',
		'a\nb',
		'a\n\n',
		'\ta',
		'\r',
		'\u{85}',
		'\u{2028}x',
		'\u{7}',
	],
);
const texts = fc.oneof(words, fc.string({unit: codePoint}), fc.string());
const values = fc.letrec(tie => ({
	value: fc.oneof(
		{maxDepth: 3},
		texts,
		fc.integer(),
		fc.boolean(),
		fc.constant(null),
		fc.array(tie('value'), {maxLength: 4}),
		fc.dictionary(
			texts.filter(key => key !== '__proto__' && key.length < 500),
			tie('value'),
			{maxKeys: 4},
		),
	),
})).value;

test('readers of YAML 1.1, of 1.2 and kubectl take what is written for the same value', t => {
	fc.assert(
		fc.property(values, value => {
			const object = {value};
			const text = kubectlYaml(object);
			t.deepEqual(asKubectlReads(text), [object]);
			t.deepEqual(parse(text), object);
			t.deepEqual(parse(text, {version: '1.1'}), object);
		}),
		{numRuns: 2000, seed: 20_261_128},
	);
});

test('words that are something else to YAML 1.1 stand in quotes, names and quantities do not', t => {
	t.is(
		kubectlYaml({name: 'yes', namespace: 'no', kind: 'on', bounds: '010', cpu: '500m', memory: '1.5Gi', app: 'chat'}),
		'name: "yes"\nnamespace: "no"\nkind: "on"\nbounds: "010"\ncpu: 500m\nmemory: 1.5Gi\napp: chat\n',
	);
});

test('a comment never ends its line', t => {
	fc.assert(
		fc.property(texts, comment => {
			const text = kubectlYaml({a: 1}, [comment, 'second']);
			t.deepEqual(asKubectlReads(text), [{a: 1}]);
			t.is(text.split(/[\n\r\u{85}\u{2028}\u{2029}]/u).length, 4);
		}),
		{numRuns: 500, seed: 20_261_128},
	);
});
