import test from 'ava';
import {guessedSources, unknownMetrics} from '../../src/calibration/history/asked-metrics.ts';
import {bindMetrics} from '../../src/experiment/custom-metrics/bind-metrics.ts';
import {knownByAlias} from '../../src/experiment/custom-metrics/known-series.ts';

const hpaOf = (...names: readonly string[]) => ({
	spec: {metrics: names.map(name => ({type: 'Pods', pods: {metric: {name}}}))},
});

test('names of Google’s managed Prometheus are those of the metric, whatever their case', t => {
	t.is(knownByAlias('prometheus.googleapis.com|vllm:num_requests_running|gauge'), 'vllm:num_requests_running');
	t.is(knownByAlias('prometheus.googleapis.com|vllm:generation_tokens_total|counter'), 'vllm:generation_tokens_total');
	t.is(knownByAlias('prometheus.googleapis.com|dcgm_fi_dev_gpu_util|gauge'), 'DCGM_FI_DEV_GPU_UTIL');
	t.is(knownByAlias('example.googleapis.com|subscription|num_undelivered_messages'), undefined);
});

test('a query may write a metric without its colon or its server, a histogram too; a rate is no counter', t => {
	const bound = (query: string) =>
		bindMetrics([{key: 'm', type: 'External', name: 'm', query, path: []}]) as {
			faults: readonly {got?: string}[];
			series: Readonly<Record<string, {source: string}>>;
		};
	t.is(bound('sum(vllm_num_requests_waiting)').series['vllm_num_requests_waiting']?.source, 'waiting');
	t.is(bound('max(num_requests_running)').series['num_requests_running']?.source, 'running');
	const quantile = 'histogram_quantile(0.95, sum by (le) (rate(vllm_time_to_first_token_seconds_bucket[5m])))';
	t.is(bound(quantile).series['vllm_time_to_first_token_seconds']?.source, 'ttft');
	t.is(bound('sum(http_requests_per_second)').faults.length, 1);
});

test('a number of requests is guessed by the words of a name, times, shares, rates and replicas are not', t => {
	const guess = (name: string) => guessedSources(hpaOf(name)).sources[name];
	t.is(guess('job_queue_depth'), 'waiting');
	t.is(guess('chat_inflight'), 'in-flight');
	t.is(guess('gpu_utilization_percent'), 'gpu-use');
	for (const name of ['avg_time_queue_us', 'queue_wait_seconds', 'active_ratio', 'pending_replicas', 'queued_total']) {
		t.is(guess(name), undefined, name);
		t.deepEqual(unknownMetrics(hpaOf(name)), [name]);
	}
});
