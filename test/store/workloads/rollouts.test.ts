import {readFile} from 'node:fs/promises';
import test from 'ava';
import {writeExperimentAround} from '../../../src/store/experiments/initial/experiment-around.ts';
import {readExperiment} from '../../../src/store/experiments/read-experiment.ts';
import {inFolder} from '../scratch.ts';

const template = `template:
    metadata: {labels: {app: shop}}
    spec:
      containers: [{name: shop, image: "registry.example.com/shop:1", resources: {requests: {cpu: 300m}, limits: {cpu: 1}}}]
`;
const rollout = (spec: string) => `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: shop}
spec:
  replicas: 2
  strategy: {canary: {maxSurge: 1, steps: [{setWeight: 20}, {pause: {duration: 60}}]}}
  ${spec}`;
const deployment = `---
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop-pods}
spec:
  replicas: 0
  ${template}`;
const hpa = `---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: shop}
spec:
  scaleTargetRef: {apiVersion: argoproj.io/v1alpha1, kind: Rollout, name: shop}
  minReplicas: 2
  maxReplicas: 5
  metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 60}}}]
`;

for (const [what, text] of [
	['with pods of its own', `${rollout(template)}${hpa}`],
	[
		'with those of a Deployment',
		`${rollout('workloadRef: {apiVersion: apps/v1, kind: Deployment, name: shop-pods}\n')}${deployment}${hpa}`,
	],
] as const) {
	test(`init writes an experiment around a Rollout ${what}`, async t => {
		await inFolder({'shop.yaml': text}, async folder => {
			const {paths} = await writeExperimentAround(folder, [folder]);
			t.regex(await readFile(paths[0]!, 'utf8'), /^autoscaler: shop\.yaml#shop$/m);
			t.like(await readExperiment(paths[0]!), {
				autoscaler: {minReplicas: 2, maxReplicas: 5},
				deployment: {replicas: 2, containers: [{name: 'shop', requests: {cpu: 0.3}}]},
			});
		});
	});
}
