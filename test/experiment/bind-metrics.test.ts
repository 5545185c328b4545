import test from 'ava';
import {bindMetrics, type WantedMetric} from '../../src/experiment/custom-metrics/bind-metrics.ts';
import type {MetricSourcesFile} from '../../src/experiment/custom-metrics/metric-sources-schema.ts';

const path = ['autoscaler', 'name'];
const bind = (wanted: Partial<WantedMetric>, sources?: MetricSourcesFile) =>
	bindMetrics([{key: 'm', type: 'External', name: 'm', path, ...wanted}], sources);
const queryFor = (type: WantedMetric['type'], name: string, sources?: MetricSourcesFile) =>
	bind({type, name}, sources).metrics['m']?.text;

test('metrics of common servers are known by their name, as an adapter renames them too', t => {
	t.is(queryFor('Pods', 'vllm:num_requests_waiting'), 'sum by (pod) (vllm:num_requests_waiting)');
	t.is(queryFor('Object', 'vllm_num_requests_waiting'), 'sum(vllm:num_requests_waiting)');
	t.is(queryFor('Pods', 'num_requests_running'), 'sum by (pod) (vllm:num_requests_running)');
	t.is(queryFor('External', 'llamacpp:requests_deferred'), 'sum(llamacpp:requests_deferred)');
	t.is(queryFor('Pods', 'http_requests'), 'sum by (pod) (rate(http_requests_total[5m]))');
	t.is(queryFor('Pods', 'http_requests_per_second'), 'sum by (pod) (rate(http_requests_total[2m]))');
	t.deepEqual(bind({name: 'istio_requests_total'}).series, {
		istio_requests_total: {source: 'completed', exporter: 'gateway'},
	});
});

test('whose metric a name without its server is taken for is said, unless it is mapped', t => {
	t.deepEqual(bind({name: 'num_requests_running'}).assumed, [
		'The metric num_requests_running is taken for vllm:num_requests_running; metricSources can say otherwise.',
	]);
	t.deepEqual(bind({query: 'sum(rate(prompt_tokens_total[1m]))'}).assumed, [
		'The metric prompt_tokens_total is taken for vllm:prompt_tokens_total, not for llamacpp:prompt_tokens_total or sglang:prompt_tokens_total; metricSources can say otherwise.',
	]);
	for (const name of ['vllm:num_requests_running', 'vllm_num_requests_running', 'http_requests']) {
		t.deepEqual(bind({name}).assumed, []);
	}

	t.deepEqual(bind({name: 'num_requests_running'}, {num_requests_running: 'in-flight'}).assumed, []);
});

test('other metrics are mapped to a source or to a query', t => {
	t.is(queryFor('Pods', 'queue-length', {'queue-length': 'waiting'}), 'sum by (pod) ({__name__="queue-length"})');
	const {series, metrics} = bind(
		{name: 'p95'},
		{
			p95: {query: 'histogram_quantile(0.95, sum by (le) (rate(mine_bucket{le!="5"}[1m])))'},
			mine: {source: 'latency', exporter: 'gateway', buckets: [1, 5]},
		},
	);
	t.deepEqual(series, {mine: {source: 'latency', exporter: 'gateway', buckets: [1, 5]}});
	t.regex(JSON.stringify(metrics['m']!.expression), /"value":"5\.0"/, 'as Prometheus 3 writes a bound');
	t.deepEqual(bind({query: 'sum(rate(vllm:e2e_request_latency_seconds_sum[5m]))'}).faults, []);
});

test('an unknown metric is refused with the names that are like it', t => {
	const [fault, ...others] = bind({name: 'vllm_requests_waiting'}).faults;
	t.deepEqual(others, []);
	t.deepEqual(fault!.path, path);
	t.regex(fault!.rule, /perhaps vllm:num_requests_waiting/);
	t.regex(bind({name: 'foo'}).faults[0]!.rule, /^a metric that is known or mapped in metricSources/);
	t.regex(
		bind({query: 'sum(tgi_queue)'}).faults[0]!.rule,
		/at character 5 a metric that is known \(perhaps tgi_queue_size/,
	);
});

test('a histogram has no one value; a gateway knows no pod from inside', t => {
	t.regex(bind({name: 'vllm:time_to_first_token_seconds'}).faults[0]!.rule, /is a histogram: .* histogram_quantile/);
	t.regex(bind({query: 'sum(vllm:time_to_first_token_seconds)'}).faults[0]!.rule, /a metric that is known/);
	t.deepEqual(bind({}, {m: {source: 'running', exporter: 'gateway'}}).faults[0]!.path, [
		'metricSources',
		'm',
		'source',
	]);
});

test('conditions that select the service are taken to hold and said; others are refused', t => {
	const {assumed, metrics, faults} = bind({query: 'sum(vllm:num_requests_waiting{namespace="a", model_name=~"b.*"})'});
	t.deepEqual(faults, []);
	t.is(assumed.length, 2);
	t.notRegex(JSON.stringify(metrics['m']!.expression), /namespace/);
	const [fault] = bind({query: 'sum(istio_requests_total{response_code="500"})'}).faults;
	t.is(fault!.got, 'response_code="500"');
	t.regex(fault!.rule, /at character 26 /);
});

test('a metric of type Pods has a value for each pod', t => {
	t.regex(
		bind({type: 'Pods', name: 'm'}, {m: {query: 'sum(vllm:num_requests_waiting)'}}).faults[0]!.rule,
		/sum by \(pod\)/,
	);
	t.deepEqual(bind({type: 'Pods', name: 'm'}, {m: {query: 'avg_over_time(vllm:num_requests_waiting[1m])'}}).faults, []);
	t.deepEqual(
		bind({type: 'Pods', name: 'm'}, {m: {query: 'max without (instance) (vllm:num_requests_waiting)'}}).faults,
		[],
	);
});
