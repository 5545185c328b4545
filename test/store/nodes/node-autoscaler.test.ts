import {readFile} from 'node:fs/promises';
import test from 'ava';
import {readExperiment} from '../../../src/store/experiments/read-experiment.ts';
import {faultsOf, sound} from '../scratch.ts';
import {catalogue, poolText} from './pool-text.ts';

const pool = poolText(`      requirements:
        - {key: node.kubernetes.io/instance-type, operator: In, values: [m5.large]}
      nodeClassRef: {group: karpenter.k8s.aws, kind: EC2NodeClass, name: default}
  limits: {cpu: 100}
`);

const withNodes = sound
	.replace(/ {2}nodes: .*\n/, '')
	.replace('  llm: {parallel: 2}', '  llm: {parallel: 2, threads: 1}')
	.concat(`nodeAutoscaler:\n  kind: karpenter\n  nodePools: pool.yaml\n  instanceTypes: ${catalogue}\n`);

test('a NodePool is read from its file, with the objects beside it passed over', async t => {
	const other = 'apiVersion: karpenter.k8s.aws/v1\nkind: EC2NodeClass\nmetadata: {name: default}\n---\n';
	t.deepEqual(await faultsOf(t, {'file.yaml': withNodes, 'pool.yaml': other + pool}), []);
});

const refuses = test.macro({
	async exec(t, from: string, to: string, message: string) {
		t.true(pool.includes(from), `the pool has no ${from}`);
		const marked = pool.replace(from, () => to);
		const before = marked.slice(0, marked.indexOf('¦')).split('\n');
		const position = `${before.length}:${before.at(-1)!.length + 1}`;
		t.deepEqual(await faultsOf(t, {'file.yaml': withNodes, 'pool.yaml': marked.replace('¦', '')}), [
			`pool.yaml:${position}: ${message}`,
		]);
	},
	title: (_, __, to: string) => to.trim(),
});

const spec = 'nodeAutoscaler.nodePools[0].spec';
test(
	refuses,
	'[m5.large]',
	'[¦m5.huge]',
	`Expected ${spec}.template.spec.requirements[0].values[0] to be an instance type of instances-aws-us-east-1, got "m5.huge"`,
);
test(refuses, 'cpu: 100', 'cpu: ¦1', `Expected ${spec}.limits.cpu to be at least one node that a pod fits, got 1`);
test(refuses, '  limits:', '  ¦limit:', `Expected ${spec}.limit to be a known key (perhaps limits), got "limit"`);
test(
	refuses,
	'{cpu: 100}',
	'{cpu: 100}\n  disruption: {consolidationPolicy: ¦Balanced}',
	`Expected ${spec}.disruption.consolidationPolicy to be one of WhenEmpty, WhenEmptyOrUnderutilized, got "Balanced"`,
);
test(
	refuses,
	'{cpu: 100}',
	'{cpu: 100}\n  disruption: {budgets: [{nodes: 10%, schedule: ¦daily, duration: 10m}]}',
	`Expected ${spec}.disruption.budgets[0].schedule to be left out, as budgets by the clock are not simulated, got "daily"`,
);

test('a NodePool whose nodes no pod fits is refused in one line with its place', async t => {
	const large = withNodes.replace(
		'requests: {cpu: 125m, memory: 256Mi}, limits: {cpu: 500m',
		'requests: {cpu: 4, memory: 256Mi}, limits: {cpu: 4',
	);
	const [line, ...more] = await faultsOf(t, {'file.yaml': large, 'pool.yaml': pool});
	t.deepEqual(more, []);
	t.regex(
		line!,
		/^pool\.yaml:8:9: Expected .*requirements to be met by an instance type that a pod fits \(4\.025 cores, 320Mi\), got /,
	);
});

test('prices and fixed nodes beside a node autoscaler are refused', async t => {
	const prices = `${withNodes}prices: {apiVersion: replicast/v1, kind: PriceBook, name: p, billing: per-pod, perPodHour: {value: 1, unit: $/h, source: x}}\n`;
	const [line] = await faultsOf(t, {'file.yaml': prices, 'pool.yaml': pool});
	t.regex(line!, /Expected prices to be left out, as the nodes of nodeAutoscaler are billed/);
});

test('what is read and not simulated is listed', async t => {
	const text = await readFile('k8s/karpenter/gpu.yaml', 'utf8');
	t.true(text.includes('NodePool'));
	const {nodeAutoscaler} = await readExperiment('experiments/nodes/gpu-burst.yaml', {
		set: ['nodeAutoscaler.placement.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution=1'],
	});
	t.deepEqual(nodeAutoscaler!.ignored, ['preferred node affinities']);
});
