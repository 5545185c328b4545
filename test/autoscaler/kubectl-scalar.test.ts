import test from 'ava';
import {kubectlScalar} from '../../src/autoscaler/kubectl-scalar.ts';
import {parseManifests} from '../../src/store/manifests/parse-manifests.ts';
import {parseDocuments} from '../../src/store/yaml/parse-yaml.ts';
import {plainValue} from '../../src/store/yaml/source-tree.ts';

/** What `kubectl label --local --dry-run=client -o json` of release 1.32 printed for each. */
const printed: Readonly<Record<string, string | number | boolean | null>> = {
	y: true,
	Yes: true,
	on: true,
	N: false,
	off: false,
	yEs: 'yEs',
	'010': 8,
	'070': 56,
	'-010': -8,
	'08': 8,
	'09.5': 9.5,
	'0777_7': 4095,
	'0_10': 8,
	'1_0': 10,
	'1__0': 10,
	_10: '_10',
	'1_000.5': 1000.5,
	'0b11': 3,
	'-0b11': -3,
	'0B11': 3,
	'0b12': '0b12',
	'0o17': 15,
	'0O17': 15,
	'0o8': '0o8',
	'0x1F': 31,
	'0X1f': 31,
	'0x1.8p1': '0x1.8p1',
	'+12': 12,
	'.5': 0.5,
	'+.5': 0.5,
	'1.': 1,
	'1e3': 1000,
	'1e400': '1e400',
	'1:30': '1:30',
	'190:20:30': '190:20:30',
	'2001-01-02': '2001-01-02',
	'2026-01-05T10:00:00Z': '2026-01-05T10:00:00Z',
	'500m': '500m',
	'1Gi': '1Gi',
	'~': null,
	'=': '=',
};

for (const [text, value] of Object.entries(printed)) {
	test(`${text} is ${JSON.stringify(value)} to kubectl`, t => {
		t.is(kubectlScalar(text), value);
		const {trees, faults} = parseDocuments(`a: ${text}`, 'a.yaml', {reading: 'kubectl'});
		t.deepEqual({faults, values: trees.map(tree => plainValue(tree))}, {faults: [], values: [{a: value}]});
	});
}

test('quotes and tags decide before the digits do', t => {
	const text = 'a: "010"\nb: \'no\'\nc: !!str 010\nd: !!int "010"\nf: |-\n  010\n';
	const {trees} = parseDocuments(text, 'a.yaml', {reading: 'kubectl'});
	t.deepEqual(plainValue(trees[0]!), {a: '010', b: 'no', c: '010', d: 8, f: '010'});
});

test('a tag whose scalar YAML 1.2 does not know is refused', t => {
	const {trees, faults} = parseDocuments('a: !!bool yes\n', 'a.yaml', {reading: 'kubectl'});
	t.deepEqual(trees, []);
	t.regex(faults[0]!.message, /^Expected valid YAML: Unresolved tag/);
});

test('keys are text, whatever they are read as', t => {
	const {trees} = parseDocuments('on: 1\n010: 2\n"010": 3\n', 'a.yaml', {reading: 'kubectl'});
	t.deepEqual(plainValue(trees[0]!), {true: 1, 8: 2, '010': 3});
});

test('maps merge as with kubectl: what comes later wins, and of a list what comes first', t => {
	const text = `kind: A
x: &x {p: 1, q: 1}
z: &z {p: 2, r: 2}
v: {p: 0, <<: [*x, *z]}
w: {<<: [*x, *z], p: 0}
m: {"<<": 1}
`;
	const {objects, faults} = parseManifests(text, 'a.yaml');
	t.deepEqual(faults, []);
	const {v, w, m} = plainValue(objects[0]!.tree) as Record<string, unknown>;
	t.deepEqual({v, w, m}, {v: {p: 1, q: 1, r: 2}, w: {p: 0, q: 1, r: 2}, m: {'<<': 1}});
	t.like(parseManifests('kind: A\n<<: 3\n', 'a.yaml').faults[0], {
		message: 'Expected << to merge a map or a list of maps, got something else',
	});
});
