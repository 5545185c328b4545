import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {readExperiment} from '../../../src/store/experiments/read-experiment.ts';
import {faultsOf, inFolder} from '../scratch.ts';
import {catalogue, poolText} from './pool-text.ts';

const pool = poolText(`      taints: [{key: team, value: ml, effect: NoSchedule}]
      requirements:
        - {key: karpenter.sh/capacity-type, operator: In, values: [on-demand]}
        - {key: node.kubernetes.io/instance-type, operator: In, values: [m5.large, m5.xlarge]}
`);

/** A Deployment with rules on its nodes, among them some on the pods of another workload, and budgets of which one is its own. */
const manifest = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata:
      labels: {app: web, tier: front}
      annotations: {karpenter.sh/do-not-disrupt: "true"}
    spec:
      nodeSelector: {kubernetes.io/arch: amd64}
      tolerations: [{key: team, operator: Equal, value: ml, effect: NoSchedule}]
      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            - {topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: cache}}}
            - {topologyKey: kubernetes.io/hostname, labelSelector: {matchExpressions: [{key: tier, operator: In, values: [front]}]}}
      topologySpreadConstraints:
        - {maxSkew: 2, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: web}}}
        - {maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: ScheduleAnyway, labelSelector: {matchLabels: {app: cache}}}
      containers:
        - {name: web, image: web, resources: {requests: {cpu: 500m, memory: 256Mi}, limits: {cpu: 500m, memory: 512Mi}}}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: elsewhere, namespace: other}
spec: {maxUnavailable: 4, selector: {matchLabels: {app: web}}}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: cache, namespace: shop}
spec: {maxUnavailable: 3, selector: {matchLabels: {app: cache}}}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web, namespace: shop}
spec: {minAvailable: 50%, selector: {matchExpressions: [{key: app, operator: Exists}]}}
`;

const experiment = `name: placed
duration: 10m
workload:
  arrivals: {process: poisson, rate: [{at: 0s, perSecond: 1}]}
  requests: {promptTokens: {distribution: constant, value: 40}, outputTokens: {distribution: constant, value: 16}}
deployment: {manifest: web.yaml, llm: {threads: 1}, service: {distribution: exponential, mean: 500ms}, startup: 5s}
autoscaler: {minReplicas: 2, maxReplicas: 6}
nodeAutoscaler:
  kind: karpenter
  nodePools: pool.yaml
  instanceTypes: ${catalogue}
`;

const files = {'file.yaml': experiment, 'web.yaml': manifest, 'pool.yaml': pool};

/** The node autoscaler of the experiment with further lines of its own, and with changes. */
async function nodesOf(t: ExecutionContext, further = '', set: readonly string[] = []) {
	return inFolder({...files, 'file.yaml': experiment + further}, async folder => {
		const {nodeAutoscaler} = await readExperiment(join(folder, 'file.yaml'), {set});
		t.truthy(nodeAutoscaler);
		return nodeAutoscaler!;
	});
}

test('rules on the nodes of a manifest’s pods are those of the experiment, without rules on other workloads', async t => {
	const {placement, podDisruptionBudget} = await nodesOf(t);
	t.like(placement, {
		tolerations: [{key: 'team', value: 'ml', effect: 'NoSchedule'}],
		mostOnNode: 1,
		doNotDisrupt: true,
	});
	t.deepEqual(
		placement.requirements.map(({key}) => key),
		['kubernetes.io/arch'],
	);
	t.deepEqual(placement.spread, [{over: 'zone', maxSkew: 2, isHard: true}]);
	t.deepEqual(podDisruptionBudget, {minAvailable: {fraction: 0.5}});
});

test('what the experiment says of placement and budget goes before what its manifest says', async t => {
	const own =
		'  placement: {doNotDisrupt: false, topologySpreadConstraints: []}\n  podDisruptionBudget: {maxUnavailable: 2}\n';
	const {placement, podDisruptionBudget} = await nodesOf(t, own);
	t.false(placement.doNotDisrupt);
	t.deepEqual(placement.spread, []);
	t.is(placement.tolerations.length, 1);
	t.deepEqual(podDisruptionBudget, {maxUnavailable: {absolute: 2}});
});

test('a value in a NodePool is changed, whatever file the pool is in', async t => {
	const requirement = 'nodeAutoscaler.nodePools[0].spec.template.spec.requirements[1].values[1]=m5.2xlarge';
	const {types} = await nodesOf(t, '', [requirement, 'nodeAutoscaler.nodePools[0].spec.limits.cpu=64']);
	t.deepEqual(types.map(({name}) => name).sort(), ['m5.2xlarge', 'm5.large']);
	const lines = async (set: string) => faultsOf(t, files, {set: [set]});
	const [line, ...more] = await lines(requirement.replace('m5.2xlarge', 'm5.huge'));
	t.deepEqual(more, []);
	t.regex(line!, /values\[1\] to be an instance type of instances-aws-us-east-1, got "?m5\.huge"?/);
	t.regex((await lines('nodeAutoscaler.nodePools[3].spec.limits.cpu=64'))[0]!, /nodePools\[3\]/);
});

const refusesFault = test.macro({
	async exec(t, fault: string, from: string, to: string, message: RegExp) {
		const text = `${experiment.replace(/nodeAutoscaler:[\s\S]*/, nodes => nodes.replace(from, () => to))}faults: [${fault}]\n`;
		const [line, ...more] = await faultsOf(t, {...files, 'file.yaml': text});
		t.deepEqual(more, []);
		t.regex(line!, message);
	},
	title: (_, fault: string, from: string) => `refused: ${fault}${from === '' ? '' : ' without nodes of an autoscaler'}`,
});

const everything = /nodeAutoscaler:[\s\S]*/.exec(experiment)![0];
const spot = '{at: 1m, kind: spot-interruption, count: 1}';
test(refusesFault, spot, everything, '', /a fault without nodeAutoscaler, which makes the nodes that it hits/);
test(refusesFault, spot, '', '', /a fault of nodes on demand, as no pool has the spot market/);
test(
	refusesFault,
	'{at: 1m, kind: zone-outage, zone: moon-1a, duration: 5m}',
	'',
	'',
	/a zone of the cluster \(us-east-1a.*\), got "moon-1a"/,
);
