import {readFileSync} from 'node:fs';
import {resolve} from 'node:path';
import anyTest from 'ava';
import {parse} from 'yaml';
import {checkExperiment} from '../../src/store/experiments/check-experiment.ts';
import {kserveText} from '../../src/store/experiments/initial/kserve-file.ts';
import {ReferencedFiles} from '../../src/store/experiments/referenced-files.ts';
import {objectsIn, parseManifests} from '../../src/store/manifests/parse-manifests.ts';
import {nodeAt, type SourceNode, withNode} from '../../src/store/yaml/source-tree.ts';
import {treeOfValue} from '../../src/store/yaml/tree-builder.ts';
import {inputsOr, place, readsAll, refuse} from './reads-all.ts';

/* Manifests that come from other tools, as readers.test.ts does it. */

const test = anyTest.serial;

const inferenceService = `apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: llama
  annotations: {serving.kserve.io/deploymentMode: RawDeployment, serving.kserve.io/autoscalerClass: keda}
spec:
  predictor:
    minReplicas: 1
    maxReplicas: 5
    model:
      modelFormat: {name: huggingface}
      args: [--model_name=llama, --max-model-len=8192]
      storageUri: hf://meta-llama/Llama-3.1-8B-Instruct
      resources: {requests: {cpu: 6, memory: 24Gi, nvidia.com/gpu: 1}, limits: {cpu: 6, memory: 24Gi, nvidia.com/gpu: 1}}
    autoScaling:
      behavior: {scaleDown: {stabilizationWindowSeconds: 120, policies: []}}
      metrics:
        - type: External
          external:
            metric: {backend: prometheus, serverAddress: "http://p:9090", query: "sum(vllm:num_requests_waiting)"}
            target: {type: Value, value: 2}
`;

test('InferenceServices', async t => {
	const made = (objects: ReturnType<typeof objectsIn>['objects']) => {
		const text = kserveText(objects)?.text ?? '';
		for (const {kind, name} of parseManifests(text, 'kserve.yaml').objects) {
			if (!['Deployment', 'HorizontalPodAutoscaler', 'ScaledObject'].includes(kind) || name === undefined) {
				throw new Error(`Expected an object of Kubernetes or KEDA, got ${kind} ${name}`);
			}
		}
	};
	await readsAll(
		t,
		inferenceService,
		{
			async file(path) {
				const {objects, faults} = parseManifests(readFileSync(path, 'utf8'), path);
				if (faults.length > 0) {
					refuse(faults);
				}

				made(objects);
			},
			tree: tree => made(objectsIn([tree]).objects),
		},
		inputsOr(1000),
	);
});

const nodePool = `apiVersion: karpenter.sh/v1
kind: NodePool
metadata: {name: small, labels: {team: llm}}
spec:
  template:
    metadata: {labels: {pool: small}}
    spec:
      requirements:
        - {key: node.kubernetes.io/instance-type, operator: In, values: [m5.large, m5.xlarge]}
        - {key: karpenter.sh/capacity-type, operator: In, values: [on-demand, spot]}
        - {key: topology.kubernetes.io/zone, operator: NotIn, values: [us-east-1e]}
      taints: [{key: llm, effect: PreferNoSchedule}]
      expireAfter: 720h
  limits: {cpu: 100, memory: 400Gi}
  weight: 10
  disruption:
    consolidationPolicy: WhenEmptyOrUnderutilized
    consolidateAfter: 30s
    budgets: [{nodes: 10%, reasons: [Underutilized]}, {nodes: "1", schedule: "0 9 * * mon-fri", duration: 8h}]
`;

test('NodePools', async t => {
	const file = 'experiments/nodes/emulated-burst.yaml';
	const text = readFileSync(file, 'utf8').replaceAll('../../', `${resolve('.')}/`);
	const base = treeOfValue(parse(text), place);
	const files = new ReferencedFiles(); // the catalogue of instance types is read once
	const path = ['nodeAutoscaler', 'nodePools'];
	const tree = async (pool: SourceNode) => {
		const items = [pool];
		const checked = await checkExperiment(withNode(base, path, {kind: 'list', source: place, items}, place), {files});
		if ('faults' in checked) {
			refuse(checked.faults);
		}

		if (nodeAt(checked.tree, [...path, 0]) === undefined) {
			throw new Error('Expected a NodePool, got none');
		}
	};
	await readsAll(
		t,
		nodePool,
		{
			tree,
			async file(name) {
				const {objects, faults} = parseManifests(readFileSync(name, 'utf8'), name);
				if (faults.length > 0) {
					refuse(faults);
				}

				for (const object of objects) {
					await tree(object.tree);
				}
			},
		},
		inputsOr(300),
	);
});
