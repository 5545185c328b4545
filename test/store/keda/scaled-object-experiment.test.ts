import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {writeExperimentAround} from '../../../src/store/experiments/initial/experiment-around.ts';
import {readExperiment} from '../../../src/store/experiments/read-experiment.ts';

const deployment = (name = 'vllm') => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  selector: {matchLabels: {app: a}}
  template:
    metadata: {labels: {app: a}}
    spec: {containers: [{name: vllm, image: "vllm/vllm-openai:v0.10", resources: {requests: {cpu: 1, memory: 2Gi}, limits: {cpu: 1, memory: 2Gi}}}]}
`;
const scaledObject = (query = 'sum(vllm:num_requests_waiting)', threshold = '"5"') => `apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: vllm}
spec:
  scaleTargetRef: {name: vllm}
  minReplicaCount: 1
  maxReplicaCount: 2
  triggers:
    - {type: prometheus, metadata: {serverAddress: "http://p:9090", query: '${query}', threshold: ${threshold}}}
`;
const experiment = `name: keda
duration: 3m
workload: {arrivals: {process: poisson, rate: [{at: 0s, perSecond: 0.1}]}}
deployment: {manifest: deployment.yaml, service: {distribution: constant, value: 1s}}
autoscaler: scaledobject.yaml
`;

/** Does something in a folder with these files, whose name is left out of what it tells. */
async function inFolder<T>(
	files: Readonly<Record<string, string>>,
	act: (folder: string) => Promise<T>,
): Promise<T | string> {
	const folder = await mkdtemp(join(tmpdir(), 'replicast-keda-'));
	try {
		for (const [name, text] of Object.entries(files)) {
			await writeFile(join(folder, name), text);
		}

		return await act(folder);
	} catch (error) {
		return (error as Error).message.replaceAll(`${folder}/`, '');
	} finally {
		await rm(folder, {recursive: true});
	}
}

const readIn = (files: Readonly<Record<string, string>>) =>
	inFolder({'experiment.yaml': experiment, 'deployment.yaml': deployment(), ...files}, async folder =>
		readExperiment(join(folder, 'experiment.yaml')),
	);

test('an experiment takes a ScaledObject as its autoscaler: the HPA and KEDA in front of it', async t => {
	t.like(await readIn({'scaledobject.yaml': scaledObject()}), {
		autoscaler: {minReplicas: 1, maxReplicas: 2, metrics: [{type: 'External', name: 's0-prometheus'}]},
		keda: {name: 'vllm', minReplicaCount: 1},
		customMetrics: {series: {'vllm:num_requests_waiting': {source: 'waiting', exporter: 'pods'}}},
	});
});

test('the HPA that KEDA made counts for nothing beside its ScaledObject', async t => {
	const made = `---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: keda-hpa-vllm}
spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: vllm}, maxReplicas: 9}
`;
	t.like(await readIn({'scaledobject.yaml': scaledObject() + made}), {autoscaler: {maxReplicas: 2}});
});

test('a ScaledObject for another target, an unknown series, a threshold that is no text: each with its place', async t => {
	const other = {'deployment.yaml': deployment('chat'), 'scaledobject.yaml': scaledObject()};
	t.is(
		await readIn(other),
		'experiment.yaml:5:13: Expected autoscaler to be a path of what scales the Deployment chat, got scaledobject.yaml with vllm (for Deployment vllm)',
	);
	t.regex(
		(await readIn({'scaledobject.yaml': scaledObject('sum(vllm:num_request_waiting)')})) as string,
		/^scaledobject\.yaml:9:\d+: Expected autoscaler\.spec\.triggers\[0\]\.metadata\.query to be .*perhaps vllm:num_requests_waiting/,
	);
	t.is(
		await readIn({'scaledobject.yaml': scaledObject(undefined, '5')}),
		'scaledobject.yaml:9:121: Expected autoscaler.spec.triggers[0].metadata.threshold to be text, in quotes where it looks like a number, true or false, got 5',
	);
	t.regex(
		(await readIn({'scaledobject.yaml': scaledObject().replace('type: prometheus', 'type: datadog')})) as string,
		/^scaledobject\.yaml:9:14: Expected autoscaler\.spec\.triggers\[0\]\.type to be one of prometheus, cpu, .*external trigger/,
	);
});

test('init writes an experiment around a Deployment and its ScaledObject', async t => {
	const cron =
		'apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: {name: chat}\nspec: {scaleTargetRef: {name: vllm}, triggers: [{type: cron, metadata: {timezone: UTC, start: 0 8 * * *, end: 0 9 * * *, desiredReplicas: "2"}}]}\n';
	const written = (text: string) =>
		inFolder({'d.yaml': deployment(), 's.yaml': text}, async folder => {
			const {paths} = await writeExperimentAround(folder, [folder]);
			return readFile(paths[0]!, 'utf8');
		});
	t.regex(await written(scaledObject()), /^autoscaler: s\.yaml#vllm$/m);
	t.regex(await written(cron), /^startsAt: "?2026-01-05T08:00:00Z"?$/m);
});

test('a buffer at zero pods is no part of a proxy that holds requests itself', async t => {
	const waiting = experiment.replace('value: 1s}}', 'value: 1s}, waiting: {at: proxy, connections: 1}, atZero: held}');
	t.regex(
		(await readIn({'experiment.yaml': waiting, 'scaledobject.yaml': scaledObject()})) as string,
		/Expected deployment\.atZero to be left out where requests wait at a proxy/,
	);
});
