import test from 'ava';
import {faultsOf, sound} from '../scratch.ts';

const pool = `apiVersion: karpenter.sh/v1
kind: NodePool
metadata: {name: general}
spec:
  template:
    metadata: {labels: {team: llm}}
    spec:
      requirements:
        - {key: node.kubernetes.io/instance-type, operator: In, values: [small]}
      taints: [{key: dedicated, value: llm, effect: PreferNoSchedule}]
      expireAfter: 720h
  limits: {cpu: 100}
  disruption: {consolidationPolicy: WhenEmpty, consolidateAfter: 30s, budgets: [{nodes: 10%}]}
  weight: 10
`;

const catalogue = `apiVersion: replicast/v1
kind: InstanceCatalogue
name: own
date: 2026-01-01
source: a price list
zones: [a, b]
spotShare: {value: 0.4, unit: '1', source: assumed}
split: {perCoreHour: 0.03, perGibibyteHour: 0.004, source: assumed}
delays:
  request: {value: {distribution: constant, value: 2}, unit: s, source: assumed}
  boot: {value: {distribution: constant, value: 20}, unit: s, source: assumed}
  join: {value: {distribution: constant, value: 20}, unit: s, source: assumed}
  driver: {value: {distribution: constant, value: 0}, unit: s, source: assumed}
  images: {value: {distribution: constant, value: 0}, unit: s, source: assumed}
  weights: {value: {distribution: constant, value: 0}, unit: s, source: assumed}
types:
  small: {capacity: {cpu: 2, memory: 8Gi}, allocatable: {cpu: 1900m, memory: 7Gi, pods: 29}, perHour: 0.1}
`;

const withNodes = sound
	.replace(/ {2}nodes: .*\n/, '')
	.replace('  llm: {parallel: 2}', '  llm: {parallel: 2, threads: 1}')
	.concat('nodeAutoscaler:\n  kind: karpenter\n  nodePools: pool.yaml\n  instanceTypes: types.yaml\n');

const files = {'file.yaml': withNodes, 'pool.yaml': pool, 'types.yaml': catalogue};

test('the files are sound', async t => {
	t.deepEqual(await faultsOf(t, files), []);
});

/** A change of one of the files, with ¦ where its fault is, and the end of the one line that it gets. */
const broken: readonly (readonly [file: 'pool.yaml' | 'types.yaml', from: string, to: string, message: string])[] = [
	[
		'pool.yaml',
		'karpenter.sh/v1',
		'¦karpenter.sh/v1beta1',
		'apiVersion to be karpenter.sh/v1, got "karpenter.sh/v1beta1"',
	],
	[
		'pool.yaml',
		'operator: In, values: [small]',
		'operator: ¦Is, values: [small]',
		'operator to be one of In, NotIn, Exists, DoesNotExist, Gt, Lt, Gte, Lte, got "Is"',
	],
	['pool.yaml', '[small]', '¦small', 'values to be a list of values, got "small"'],
	['pool.yaml', '[small]', '[¦huge]', 'values[0] to be an instance type of own, got "huge"'],
	[
		'pool.yaml',
		'PreferNoSchedule',
		'¦Never',
		'effect to be one of NoSchedule, PreferNoSchedule, NoExecute, got "Never"',
	],
	['pool.yaml', '{cpu: 100}', '{cpu: ¦lots}', 'cpu to be a quantity such as 1 or 10Gi, got "lots"'],
	['pool.yaml', '{cpu: 100}', '{cpu: ¦-1}', 'cpu to be a quantity such as 1 or 10Gi, got -1'],
	['pool.yaml', '30s', '¦soon', 'consolidateAfter to be a duration such as 15m, 0s to 366d, got "soon"'],
	['pool.yaml', '10%', '¦110%', 'nodes to be a number of nodes, or a percentage such as 10%, got "110%"'],
	['pool.yaml', 'weight: 10', 'weight: ¦0', 'weight to be a whole number, at least 1 and at most 100, got 0'],
	[
		'pool.yaml',
		'name: general',
		'name: ¦General Pool',
		'name to be a name of small letters, digits and hyphens, got "General Pool"',
	],
	['pool.yaml', '  weight: 10', '  ¦wieght: 10', 'wieght to be a known key (perhaps weight), got "wieght"'],
	[
		'pool.yaml',
		'  weight: 10',
		'  replicas: ¦3',
		'replicas to be left out, as pools of a fixed size are not simulated, got 3',
	],
	['types.yaml', 'perHour: 0.1', 'perHour: ¦-0.1', 'perHour to be a number, above 0 and at most 1000000, got -0.1'],
	['types.yaml', 'perHour: 0.1', 'perHour: ¦free', 'perHour to be a number, above 0 and at most 1000000, got "free"'],
	['types.yaml', 'cpu: 2,', 'cpu: ¦two,', 'cpu to be CPU such as 500m or 2, above 0, got "two"'],
	['types.yaml', 'pods: 29', 'pods: ¦0', 'pods to be a whole number, at least 1 and at most 10000, got 0'],
	['types.yaml', '[a, b]', '¦[]', 'zones to be a list of at least one zone, got a list'],
	['types.yaml', 'value: 0.4', 'value: ¦1.4', 'value to be a number, above 0 and at most 1, got 1.4'],
	[
		'types.yaml',
		'value: 20}, unit: s, source: assumed}\n  join',
		'value: ¦-20}, unit: s, source: assumed}\n  join',
		'value to be a number, at least 0 and at most 1000000, got -20',
	],
	[
		'types.yaml',
		'source: a price list',
		'source: a price list\ncurrency: ¦DOLLARS',
		'currency to be the ISO 4217 code of a currency, such as USD or EUR, got "DOLLARS"',
	],
	['types.yaml', 'cpu: 1900m', 'cpu: ¦3', 'cpu to be at most what the instance has, got 3'],
	[
		'types.yaml',
		'perCoreHour: 0.03,',
		'¦perCorehour: 0.03,',
		'perCorehour to be a known key (perhaps perCoreHour), got "perCorehour"',
	],
	[
		'types.yaml',
		'allocatable: {cpu: 1900m, memory: 7Gi, pods: 29}',
		'¦allocatable: {cpu: 1900m, pods: 29}',
		'memory to be given, got nothing',
	],
];

for (const [file, from, to, message] of broken) {
	test(`${file}: ${to.trim().split('\n')[0]}`, async t => {
		t.true(files[file].includes(from), from);
		const marked = files[file].replace(from, () => to);
		const before = marked.slice(0, marked.indexOf('¦')).split('\n');
		const lines = await faultsOf(t, {...files, [file]: marked.replace('¦', '')});
		t.is(lines.length, 1, lines.join('\n'));
		t.true(lines[0]!.startsWith(`${file}:${before.length}:${before.at(-1)!.length + 1}: Expected `), lines[0]);
		t.true(lines[0]!.endsWith(message), lines[0]);
	});
}

test('names of another file reach a terminal and a report escaped', async t => {
	const hostile = catalogue.replace('  small:', '  "sm\\e[31mall\\u202e":');
	const [line] = await faultsOf(t, {...files, 'types.yaml': hostile});
	t.false(line!.includes('\u001B') || line!.includes('\u202E'), line);
	t.true(line!.includes('sm'), line);
});
