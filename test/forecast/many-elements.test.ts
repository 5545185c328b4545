import test from 'ava';
import {whyWithoutValue} from '../../src/forecast/custom-metric-warnings.ts';
import {readExperiment} from '../../src/store/experiments/read-experiment.ts';
import {inFolder} from '../store/scratch.ts';

const experiment = (query: string) => `name: chat
duration: 5m
workload: {arrivals: {process: poisson, rate: [{at: 0s, perSecond: 1}]}}
deployment:
  containers: {server: {requests: {cpu: 1, memory: 1Gi}, limits: {cpu: 1}}}
  service: {distribution: constant, value: 1s}
autoscaler:
  apiVersion: keda.sh/v1alpha1
  kind: ScaledObject
  metadata: {name: chat}
  spec:
    scaleTargetRef: {name: chat}
    minReplicaCount: 1
    maxReplicaCount: 4
    triggers: [{type: prometheus, metadata: {serverAddress: "http://p", threshold: "2", query: ${JSON.stringify(query)}}}]
`;

async function reasonOf(query: string): Promise<string> {
	return inFolder({'chat.yaml': experiment(query)}, async folder =>
		whyWithoutValue(await readExperiment(`${folder}/chat.yaml`), 0),
	);
}

test('a query of KEDA with an element for each pod is the reason why it has no value', async t => {
	for (const query of [
		'vllm:num_requests_waiting',
		'max(vllm:num_requests_running) by (pod)',
		'histogram_quantile(0.95, rate(vllm:time_to_first_token_seconds_bucket[5m]))',
		'max_over_time(vllm:num_requests_waiting[1m]) * 2',
	]) {
		t.regex(
			await reasonOf(query),
			/^; its query has an element for each pod, and KEDA takes a query of one element/,
			query,
		);
	}

	for (const query of [
		'sum(vllm:num_requests_waiting)',
		'histogram_quantile(0.95, sum by (le) (rate(vllm:time_to_first_token_seconds_bucket[5m])))',
		'sum(vllm:num_requests_waiting) / sum(vllm:num_requests_running)',
		'scalar(vllm:num_requests_waiting) + vector(1)',
	]) {
		t.is(await reasonOf(query), '', query);
	}
});
