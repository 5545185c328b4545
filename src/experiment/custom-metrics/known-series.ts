import type {SeriesBinding} from './custom-metrics.ts';
import type {SeriesSource} from './series-sources.ts';

const ofPods = (source: SeriesSource, more: Partial<SeriesBinding> = {}): SeriesBinding => ({
	source,
	exporter: 'pods',
	...more,
});
const ofGateway = (source: SeriesSource, more: Partial<SeriesBinding> = {}): SeriesBinding => ({
	source,
	exporter: 'gateway',
	...more,
});

/** Buckets of vLLM's time to first token [s]. */
const vllmFirstToken = [
	0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160, 640, 2560,
];

/** Buckets of vLLM's latencies of requests [s]. */
const vllmLatency = [0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920, 7680];

/** Buckets of Envoy's histograms (source/common/stats/histogram_impl.cc), and so of Istio's [ms]. */
const envoyMilliseconds = [
	0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 300_000, 600_000, 1_800_000,
	3_600_000,
];

/** Buckets of SGLang's time to first token and latency [s]. */
const sglangSeconds = [0.1, 0.2, 0.4, 0.6, 0.8, 1, 2, 4, 6, 8, 10, 20, 40, 60, 80, 100, 200, 400];

/** Buckets of the backend and the gateway that a replay runs [s]. */
const backendSeconds = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250];

/**
 * Metrics of servers and gateways that need no mapping, by name.
 *
 * @see vllm v0.9 vllm/v1/metrics/loggers.py; llama.cpp tools/server/README.md, /metrics; text-generation-inference v3
 *   docs/source/reference/metrics.md; Triton v2.5x docs/user_guide/metrics.md; sglang v0.4 python/sglang/srt/metrics/collector.py;
 *   ingress-nginx v1.12 docs/user-guide/monitoring.md; Envoy v1.31 configuration/upstream/cluster_manager/cluster_stats;
 *   Istio 1.24 reference/config/metrics; DCGM exporter 4 etc/default-counters.csv
 */
export const knownSeries: ReadonlyMap<string, SeriesBinding> = new Map(
	Object.entries({
		'vllm:num_requests_waiting': ofPods('waiting'),
		'vllm:num_requests_running': ofPods('running'),
		'vllm:gpu_cache_usage_perc': ofPods('kv-cache-use'),
		'vllm:kv_cache_usage_perc': ofPods('kv-cache-use'),
		'vllm:avg_generation_throughput_toks_per_s': ofPods('tokens-per-second'),
		'vllm:prompt_tokens_total': ofPods('prompt-tokens'),
		'vllm:generation_tokens_total': ofPods('output-tokens'),
		'vllm:request_success_total': ofPods('completed'),
		'vllm:time_to_first_token_seconds': ofPods('ttft', {buckets: vllmFirstToken}),
		'vllm:request_queue_time_seconds': ofPods('queue-time', {buckets: vllmLatency}),
		'vllm:e2e_request_latency_seconds': ofPods('latency', {buckets: vllmLatency}),
		'llamacpp:requests_processing': ofPods('running'),
		'llamacpp:requests_deferred': ofPods('waiting'),
		'llamacpp:kv_cache_usage_ratio': ofPods('kv-cache-use'),
		'llamacpp:predicted_tokens_seconds': ofPods('tokens-per-second'),
		'llamacpp:prompt_tokens_total': ofPods('prompt-tokens'),
		'llamacpp:tokens_predicted_total': ofPods('output-tokens'),
		tgi_queue_size: ofPods('waiting'),
		tgi_batch_current_size: ofPods('running'),
		tgi_request_count: ofPods('arrived'),
		tgi_request_success: ofPods('completed'),
		nv_inference_pending_request_count: ofPods('waiting'),
		nv_inference_request_success: ofPods('completed'),
		nv_gpu_utilization: ofPods('gpu-use', {scale: 0.01}),
		'sglang:num_queue_reqs': ofPods('waiting'),
		'sglang:num_running_reqs': ofPods('running'),
		'sglang:token_usage': ofPods('kv-cache-use'),
		'sglang:gen_throughput': ofPods('tokens-per-second'),
		'sglang:prompt_tokens_total': ofPods('prompt-tokens'),
		'sglang:generation_tokens_total': ofPods('output-tokens'),
		'sglang:time_to_first_token_seconds': ofPods('ttft', {buckets: sglangSeconds}),
		'sglang:e2e_request_latency_seconds': ofPods('latency', {buckets: sglangSeconds}),
		replicast_backend_in_flight: ofPods('in-flight'),
		replicast_backend_queue_length: ofPods('waiting'),
		replicast_backend_running: ofPods('running'),
		replicast_backend_chats_total: ofPods('completed'),
		replicast_backend_prompt_tokens_total: ofPods('prompt-tokens'),
		replicast_backend_output_tokens_total: ofPods('output-tokens'),
		replicast_backend_waiting_seconds: ofPods('queue-time', {buckets: backendSeconds}),
		replicast_backend_first_token_seconds: ofPods('ttft', {buckets: backendSeconds}),
		replicast_backend_latency_seconds: ofPods('latency', {buckets: backendSeconds}),
		replicast_gateway_in_flight: ofGateway('in-flight'),
		replicast_gateway_waiting: ofGateway('waiting'),
		replicast_gateway_requests_total: ofGateway('arrived'),
		replicast_gateway_responses_total: ofGateway('completed'),
		replicast_gateway_latency_seconds: ofGateway('latency', {buckets: backendSeconds}),
		DCGM_FI_DEV_GPU_UTIL: ofPods('gpu-use'),
		DCGM_FI_PROF_GR_ENGINE_ACTIVE: ofPods('gpu-use', {scale: 0.01}),
		dynamo_frontend_inflight_requests: ofGateway('in-flight'),
		dynamo_frontend_requests_total: ofGateway('completed'),
		http_requests_total: ofPods('completed'),
		nginx_ingress_controller_requests: ofGateway('completed'),
		nginx_ingress_controller_request_duration_seconds: ofGateway('latency'),
		envoy_cluster_upstream_rq_active: ofGateway('in-flight'),
		envoy_cluster_upstream_rq_pending_active: ofGateway('waiting'),
		envoy_cluster_upstream_rq_total: ofGateway('arrived'),
		envoy_http_downstream_rq_active: ofGateway('in-flight'),
		envoy_http_downstream_rq_total: ofGateway('arrived'),
		envoy_cluster_upstream_rq_time: ofGateway('latency', {buckets: envoyMilliseconds, scale: 1000}),
		istio_requests_total: ofGateway('completed'),
		istio_request_duration_milliseconds: ofGateway('latency', {buckets: envoyMilliseconds, scale: 1000}),
	}),
);

/** Kinds that a name of Google's metrics ends with. */
const kindsOfGoogle = '(?:gauge|counter|histogram|summary|untyped|unknown(?::counter)?)';
const googleName = new RegExp(`^prometheus\\.googleapis\\.com\\|([^|]+)\\|${kindsOfGoogle}$`);

/**
 * Known metric that an adapter serves under another name: `vllm_num_requests_waiting` or `num_requests_waiting` for
 * vLLM's, `http_requests` or `http_requests_per_second` for the rate of a counter,
 * `prometheus.googleapis.com|vllm:num_requests_waiting|gauge` for Google's managed Prometheus.
 */
export function knownByAlias(name: string): string | undefined {
	const served = googleName.exec(name)?.[1] ?? name;
	const plain = served.replace(/_per_second$/, '');
	return knownAmong([served, plain].flatMap(form => [form, `${form}_total`]));
}

/**
 * Known metric that a series is under the name of another exporter: without the colon, as OpenTelemetry writes it, without
 * the server, as NIM does, or in small letters.
 */
export function knownByWriting(name: string): string | undefined {
	return knownAmong([name]);
}

/**
 * Known metrics that have a name but for the server before it, such as vLLM's and SGLang's of `num_requests_running`: the first
 * is the one that the name is taken for. None where the name says the server.
 */
export function knownWithoutServer(name: string): readonly string[] {
	const served = (googleName.exec(name)?.[1] ?? name).replace(/_per_second$/, '').toLowerCase();
	const forms = [served, `${served}_total`, served.replace(/_(?:bucket|sum|count)$/, '')];
	return [...knownSeries.keys()].filter(known => {
		const [, rest] = /^\w+:(\w+)$/.exec(known) ?? [];
		return rest !== undefined && forms.includes(rest.toLowerCase());
	});
}

function knownAmong(names: readonly string[]): string | undefined {
	const forms = names.map(form => form.toLowerCase());
	return [...knownSeries.keys()].find(known => {
		const [, server, rest] = /^(\w+):(\w+)$/.exec(known) ?? [];
		const aliases = server === undefined ? [known] : [known, `${server}_${rest}`, rest!];
		return aliases.some(alias => forms.includes(alias.toLowerCase()));
	});
}
