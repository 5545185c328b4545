import test from 'ava';
import {KubeRefusal} from '../../src/cluster/api/kube-api.ts';
import {renderEmulatedWorkload} from '../../src/cluster/emulated/emulated-workload.ts';
import {
	budgetObject,
	instanceTypesMap,
	type KarpenterSettings,
	poolObjects,
} from '../../src/cluster/emulated/karpenter/karpenter-objects.ts';
import {prepareKarpenter, removeKarpenter} from '../../src/cluster/emulated/karpenter/start-karpenter.ts';
import {Kubelet} from '../../src/cluster/emulated/kubelet.ts';
import {nodesInWords} from '../../src/cluster/emulated/node-plan.ts';
import {refuseUnemulable} from '../../src/cluster/emulated/refuse-unemulable.ts';
import {crashFault} from '../../src/cluster/keda/waiting-fault.ts';
import {poolNodeTable} from '../../src/cluster/measured/pool-node-table.ts';
import type {JournalEntry, PoolNodeEntry} from '../../src/cluster/observe/entry.ts';
import type {Cluster} from '../../src/cluster/setup/cluster.ts';
import {readManifestObjects} from '../../src/cluster/setup/read-manifests.ts';
import {readNodes} from '../../src/comparison/node-reading.ts';
import type {NodeAutoscaler} from '../../src/experiment/nodes/node-autoscaler.ts';
import {nodesOfTable} from '../../src/records/read-nodes.ts';
import {makeExperiment} from '../simulator/make-experiment.ts';
import {makeNodes} from '../simulator/nodes/make-nodes.ts';

// biome-ignore lint/suspicious/noExplicitAny: an object has whatever shape its kind has
type Any = any;

const gibi = 2 ** 30;
const types = [
	{name: 'small', cpu: 1.5, memory: 4 * gibi, price: 3},
	{name: 'large', cpu: 3.9, memory: 14 * gibi, price: 7},
];

function karpenter(settings: Partial<NodeAutoscaler> = {}, pool: object = {}): KarpenterSettings {
	return makeNodes({types, settings, pool}) as KarpenterSettings;
}

test('Karpenter gets the catalogue’s types: what pods may request beside what its provider takes, and their prices', t => {
	const {data} = instanceTypesMap(karpenter()) as Any;
	const [small, large] = JSON.parse(data['instance-types.json']);
	t.like(small.resources, {cpu: '1600m', memory: String(4 * gibi + 10 * 2 ** 20)});
	t.is(large.name, 'large');
	const prices = small.offerings.map(({Price, Requirements: [market]}: Any) => [market.values[0], Price]);
	t.deepEqual(new Map(prices).get('on-demand'), 3);
	t.deepEqual(small.operatingSystems, ['emulated'], 'DaemonSets select linux');
});

test('a pool has the types, zones and rules of the experiment, and the label and the taint of emulated nodes', async t => {
	const consolidation = {
		after: 30,
		policy: 'WhenEmptyOrUnderutilized',
		budgets: [{nodes: {fraction: 0.2}}, {nodes: {absolute: 3}, reasons: ['Empty']}],
	};
	const [nodeClass, pool] = poolObjects(karpenter({}, {consolidation, limits: {nodes: 20, cpu: 64}})) as Any[];
	t.is(nodeClass.kind, 'KWOKNodeClass');
	const {spec} = pool;
	t.deepEqual(spec.disruption, {
		consolidateAfter: '30s',
		consolidationPolicy: 'WhenEmptyOrUnderutilized',
		budgets: [{nodes: '20%'}, {nodes: '3', reasons: ['Empty']}],
	});
	t.deepEqual(spec.limits, {cpu: '64000m', nodes: '20'});
	const [wanted] = spec.template.spec.requirements;
	t.deepEqual(wanted, {key: 'node.kubernetes.io/instance-type', operator: 'In', values: ['small', 'large']});
	const [deployment] = (await readManifestObjects('kwok/workload.yaml')) as Any[];
	t.like(spec.template.metadata.labels, deployment.spec.template.spec.nodeSelector);
	t.is(spec.template.spec.taints[0].key, deployment.spec.template.spec.tolerations[0].key);
});

test('consolidateAfter: Never stays Never', t => {
	const consolidation = {after: Number.POSITIVE_INFINITY, policy: 'WhenEmpty', budgets: []};
	const [, pool] = poolObjects(karpenter({}, {consolidation})) as Any[];
	t.is(pool.spec.disruption.consolidateAfter, 'Never');
});

test('pods have the experiment’s placement and disruption budget', async t => {
	const placement = {
		requirements: [],
		tolerations: [],
		spread: [{over: 'zone', maxSkew: 2, isHard: true}],
		mostOnNode: 1,
		doNotDisrupt: true,
	} as const;
	const podDisruptionBudget = {maxUnavailable: {fraction: 0.25}};
	const nodeAutoscaler = karpenter({placement, podDisruptionBudget});
	t.like((budgetObject(nodeAutoscaler) as Any).spec, {maxUnavailable: '25%'});
	t.is(budgetObject(karpenter()), undefined);
	const pattern = await readManifestObjects('kwok/workload.yaml');
	const {base} = renderEmulatedWorkload(pattern, makeExperiment({nodeAutoscaler}), {arm: 'dynamic'});
	const {template} = (base.find(({kind}) => kind === 'Deployment') as Any).spec;
	t.like(template.metadata, {annotations: {'karpenter.sh/do-not-disrupt': 'true'}});
	t.true('app.kubernetes.io/name' in template.metadata.labels);
	t.like(template.spec.topologySpreadConstraints[0], {
		topologyKey: 'topology.kubernetes.io/zone',
		whenUnsatisfiable: 'DoNotSchedule',
	});
	t.is(template.spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution.length, 1);
	t.true(base.some(({kind}) => kind === 'PodDisruptionBudget'));
});

test('the Cluster Autoscaler and spare pods are refused in one line, a NodePool is not', t => {
	const refused = (nodeAutoscaler: NodeAutoscaler) =>
		t.throws(() => refuseUnemulable(makeExperiment({nodeAutoscaler}), ['dynamic']))!.message;
	t.regex(
		refused({...karpenter(), kind: 'cluster-autoscaler'} as Any),
		/nodeAutoscaler\.kind .* got cluster-autoscaler$/,
	);
	t.regex(refused(karpenter({spare: {replicas: 2, requests: {cpu: 1}}})), /nodeAutoscaler\.spare .* got 2 pods$/);
	const experiment = makeExperiment({nodeAutoscaler: karpenter()});
	t.notThrows(() => refuseUnemulable(experiment, ['dynamic']));
	t.regex(nodesInWords(experiment), /^nodes of Karpenter, pool /);
});

const node = (at: number, name: string, isReady: boolean): PoolNodeEntry => ({
	...{type: 'poolNode', at, node: name, pool: 'general', instanceType: 'large', zone: 'a', market: 'on-demand'},
	...{isUp: isReady, isReady},
});

test('a record has each node from its launch to its end, at the price of its type', t => {
	const entries: JournalEntry[] = [
		node(900, 'old', false),
		node(901, 'old', true),
		node(1010, 'new', false),
		{type: 'nodeLaunch', at: 1012.5, node: 'new'},
		{type: 'nodeClaim', at: 1010, claim: 'x', node: 'new'},
		node(1050, 'new', true),
		{type: 'nodeClaim', at: 1060, claim: 'x', node: 'new', reason: 'Underutilized'},
		{type: 'poolNodeGone', at: 1090, node: 'new'},
	];
	const nodeAutoscaler = karpenter();
	const nodes = nodesOfTable(poolNodeTable(entries, 1000), {nodeAutoscaler, duration: 100})!;
	t.like(nodes[0], {node: 'old', fromSeconds: -100, readySeconds: -99, toSeconds: 100, removal: undefined});
	t.like(nodes[1], {fromSeconds: 12.5, readySeconds: 50, toSeconds: 90, perHour: 7, removal: 'underutilized'});
	const read = readNodes(nodes, {from: 0, to: 100});
	t.deepEqual(read.line, [
		[0, 1],
		[50, 2],
		[90, 1],
		[100, 0],
	]);
	t.is(read.max, 2);
	t.true(Math.abs(read.mean - 1.4) < 1e-12);
	t.true(Math.abs(read.hours - (100 + 77.5) / 3600) < 1e-12);
});

test('nodes that nobody saw are unknown, not none', t => {
	t.is(nodesOfTable(poolNodeTable([], 0), {nodeAutoscaler: karpenter(), duration: 100}), undefined);
	t.is(readNodes(undefined, {from: 0, to: 100}).hours, Number.NaN);
});

test('a node is opened by taking off its own taint, and one whose taints have changed is left to the next look', async t => {
	const faults: string[] = [];
	const sends: Any[] = [];
	const refusing = (status: number) => ({
		merge: async () => undefined,
		remove: async () => undefined,
		send: async (path: string, send: object) => {
			sends.push({path, ...send});
			throw new KubeRefusal(status, `status ${status}`);
		},
	});
	new Kubelet(refusing(422), ({message}) => faults.push(message)).open('kwok-a', 1);
	new Kubelet(refusing(403), ({message}) => faults.push(message)).open('kwok-a', 1);
	await new Promise(resolve => setImmediate(resolve));
	t.deepEqual(faults, ['status 403']);
	t.like(sends[0], {path: '/api/v1/nodes/kwok-a', method: 'PATCH'});
	t.deepEqual(sends[0].body, [
		{op: 'test', path: '/spec/taints/1/key', value: 'replicast/joining'},
		{op: 'remove', path: '/spec/taints/1'},
	]);
});

test('a cluster with a Karpenter of its own is refused, and left as it is', async t => {
	const removed: string[] = [];
	const api = {
		find: async () => ({metadata: {name: 'nodepools.karpenter.sh', labels: {}}}),
		remove: async (path: string) => removed.push(path),
	};
	const cluster = {name: 'mine', api} as Any as Cluster;
	const options = {image: undefined, signal: AbortSignal.timeout(1000)};
	await t.throwsAsync(prepareKarpenter(cluster, options), {message: /without Karpenter .* in mine; --cluster/});
	await removeKarpenter(api as Any);
	t.deepEqual(removed, []);
});

test('what an interrupted replay left of Karpenter goes, finalizers and all', async t => {
	const calls: string[] = [];
	const own = {metadata: {name: 'x', labels: {'app.kubernetes.io/part-of': 'replicast'}}};
	const left = {items: [{metadata: {name: 'n', finalizers: ['karpenter.sh/termination']}}]};
	const api = {
		find: async (path: string) => (path.includes('customresourcedefinitions') ? own : left),
		get: async () => ({items: []}),
		remove: async (path: string) => calls.push(`DELETE ${path}`),
		merge: async (path: string, body: Any) => calls.push(`RELEASE ${path} ${body.metadata.finalizers}`),
	};
	await removeKarpenter(api as Any);
	const first = calls.findIndex(call => call.includes('nodepools/n'));
	t.true(calls.findIndex(call => call.includes('deployments/karpenter')) < first, 'Karpenter ends first');
	t.true(calls.includes('RELEASE /apis/karpenter.sh/v1/nodeclaims/n null'));
	t.true(calls.includes('RELEASE /api/v1/nodes/n null'));
	t.is(calls.filter(call => call.includes('customresourcedefinitions')).length, 4);
});

test('the stages of KWOK wait for the time at which a node of Karpenter joins', async t => {
	const config = (await readManifestObjects('kwok/kwok.yaml')).find(({kind}) => kind === 'ConfigMap') as Any;
	const text: string = config.data['kwok.yaml'];
	const stage = (name: string) => text.split('---\n').find(part => part.includes(`name: ${name}\n`))!;
	t.regex(stage('node-ready'), /karpenter\.sh\/nodepool"\]', operator: DoesNotExist/);
	t.regex(stage('node-joined'), /karpenter\.sh\/nodepool"\]', operator: Exists/);
	t.regex(stage('node-joined'), /expressionFrom: '\.metadata\.annotations\["replicast\/ready-at"\]'/);
});

test('a container that ends again and again is reported with its last line, one that ended once is waited for', async t => {
	const api = (restartCount: number) => ({
		get: async () => ({
			items: [
				{
					metadata: {name: 'kwok-1'},
					status: {
						containerStatuses: [
							{name: 'kwok', image: 'kwok', restartCount, state: {waiting: {reason: 'CrashLoopBackOff'}}},
						],
					},
				},
			],
		}),
		text: async () => 'starting\nflag provided but not defined: -stages\n',
	});
	t.is(await crashFault(api(1) as Any, 'x'), undefined);
	t.is(await crashFault(api(2) as Any, 'x'), 'kwok, which ended 2 times: flag provided but not defined: -stages');
});
