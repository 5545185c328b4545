import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {answerGiven, type KedaAnswer} from '../../../src/autoscaler/keda/answer-case.ts';
import {readCase} from '../../../src/store/inputs/read-cases.ts';

const yaml = `apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: vllm, namespace: llm, creationTimestamp: "2026-11-28T10:00:00Z"}
spec:
  scaleTargetRef: {name: vllm}
  minReplicaCount: 0
  maxReplicaCount: 4
  cooldownPeriod: 60
  triggers:
    - type: prometheus
      metadata: {serverAddress: "http://p:9090", query: "sum(vllm:num_requests_waiting)", threshold: "5"}
status: {lastActiveTime: "2026-11-28T10:59:30Z"}
`;

/** The answer to files with these contents, or what is told instead. */
async function answerTo(...contents: readonly (string | object)[]): Promise<KedaAnswer | string> {
	const folder = await mkdtemp(join(tmpdir(), 'replicast-keda-'));
	try {
		const paths = contents.map((_, index) => join(folder, `${index}.yaml`));
		for (const [index, content] of contents.entries()) {
			await writeFile(paths[index]!, typeof content === 'string' ? content : JSON.stringify(content));
		}

		const read = await readCase(...paths);
		return 'given' in read
			? (answerGiven(read.given, read.notes) as KedaAnswer)
			: read.faults.replaceAll(`${folder}/`, '');
	} finally {
		await rm(folder, {recursive: true});
	}
}

const summary = (answer: KedaAnswer | string) =>
	typeof answer === 'string' ? answer : [answer.desiredReplicas, answer.decidedBy, answer.operator.reason];

test('a ScaledObject with values beside it: the operator at zero, the HPA above', async t => {
	const values = (value: number | string, specReplicas: number) => ({
		triggerValues: {'s0-prometheus': value},
		scale: {specReplicas},
		now: '2026-11-28T11:00:00Z',
	});
	t.deepEqual(summary(await answerTo(yaml, values(12, 0))), [1, 'operator', 'ScaledFromZero']);
	t.deepEqual(summary(await answerTo(yaml, values(0, 0))), [0, 'nobody', 'NotActive']);
	t.deepEqual(summary(await answerTo(yaml, values(12, 1))), [3, 'HPA', 'Active']);
	t.deepEqual(summary(await answerTo(yaml, values(0, 1))), [1, 'nobody', 'CoolingDown']);
	t.deepEqual(summary(await answerTo(yaml, values('error', 2))), [2, 'nobody', 'TriggerError']);
	const later = {...values(0, 2), now: '2026-11-28T11:00:31Z'};
	t.deepEqual(summary(await answerTo(yaml, later)), [0, 'operator', 'ScaledToZero']);
});

test('the values may be what external.metrics.k8s.io gave, the replicas the Deployment', async t => {
	const served = {
		kind: 'ExternalMetricValueList',
		apiVersion: 'external.metrics.k8s.io/v1beta1',
		metadata: {},
		items: [{metricName: 's0-prometheus', metricLabels: null, timestamp: '2026-11-28T11:00:00Z', value: '16500m'}],
	};
	const deployment = {
		apiVersion: 'apps/v1',
		kind: 'Deployment',
		metadata: {name: 'vllm', namespace: 'llm'},
		spec: {replicas: 1, selector: {matchLabels: {app: 'vllm'}}},
		status: {replicas: 1},
	};
	const answer = await answerTo(yaml, served, deployment);
	t.deepEqual(summary(answer), [4, 'HPA', 'Active']);
	t.like(answer, {
		externalMetrics: {'s0-prometheus': '16500m'},
		hpa: {metadata: {name: 'keda-hpa-vllm', namespace: 'llm'}},
	});
});

test('a value that is missing or belongs to no trigger is asked for with its place', async t => {
	t.is(
		await answerTo(yaml),
		'0.yaml:1:1: Expected triggerValues.s0-prometheus to be given, as in triggerValues: {s0-prometheus: 12} of a file beside it; or error, got nothing',
	);
	t.is(
		await answerTo(yaml, 'triggerValues:\n  s0-prometheus: 1\n  queue: 2\n'),
		"1.yaml:3:10: Expected triggerValues.queue to be left out, as the triggers' metrics are s0-prometheus, got 2",
	);
});

test('an HTTPScaledObject is the ScaledObject that the add-on makes of it', async t => {
	const http = `kind: HTTPScaledObject
apiVersion: http.keda.sh/v1alpha1
metadata: {name: ollama}
spec: {scaleTargetRef: {name: ollama, kind: Deployment, apiVersion: apps/v1, service: ollama, port: 11434}, replicas: {min: 0, max: 2}, scaledownPeriod: 3600, scalingMetric: {requestRate: {targetValue: 20}}}
`;
	const answer = await answerTo(http, {triggerValues: {'s0-http-default_002Follama': 30}, scale: {specReplicas: 1}});
	t.deepEqual(summary(answer), [2, 'HPA', 'Active']);
	t.is(
		await answerTo(http.replace('scalingMetric', 'scalingMetrics')),
		'0.yaml:4:160: Expected spec.scalingMetrics to be a known key of an HTTPScaledObject, got "scalingMetrics"',
	);
});

test('settings that do nothing are noted', async t => {
	const cpu = `apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: llm}
spec: {scaleTargetRef: {name: llm}, minReplicaCount: 0, triggers: [{type: cpu, metricType: Utilization, metadata: {value: "60"}}]}
`;
	const notes = async (text: string) => ((await answerTo(text)) as KedaAnswer).notes;
	t.deepEqual(await notes(cpu), [
		"KEDA's admission webhook refuses minReplicaCount 0 with nothing but a cpu trigger; without the webhook the last pod stays.",
	]);
	t.deepEqual(
		await notes(cpu.replace('minReplicaCount: 0', 'minReplicaCount: 1, pollingInterval: 10, cooldownPeriod: 9')),
		[
			'pollingInterval does nothing here: it counts where pods may go to 0, or with useCachedMetrics.',
			'cooldownPeriod does nothing here: it counts where pods may go to 0.',
		],
	);
});
