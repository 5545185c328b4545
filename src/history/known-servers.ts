import type {HistorySeries} from '../records/history.ts';
import type {LabelMatch} from './series-query.ts';

/** Metric of a server, as a series of a history. */
type ServedSeries = {
	readonly metric: string;
	readonly isCounter: boolean;
	/** Conditions of which any that the metric has the label of is taken. */
	readonly anyOf?: readonly LabelMatch[];
};

/** Server, gateway or library with metrics of requests. */
export type KnownServer = {
	readonly name: string;
	/** Kind of labels by which the series of a workload are chosen. */
	readonly place: 'pods' | 'gateway' | 'istio' | 'ingress';
	/** Whether a request counts when it arrives; else when it is answered. */
	readonly countsArrivals?: true;
	/** Whether probes and scrapes are requests, too. */
	readonly countsProbes?: true;
	readonly series: {readonly [Name in HistorySeries]?: ServedSeries};
	/** Histogram of response times; `scale` makes seconds of its unit. */
	readonly latency?: {readonly family: string; readonly scale: number};
};

const counter = (metric: string, anyOf?: readonly LabelMatch[]): ServedSeries => ({
	metric,
	isCounter: true,
	...(anyOf !== undefined && {anyOf}),
});
const gauge = (metric: string): ServedSeries => ({metric, isCounter: false});
const like = (label: string, value: string): LabelMatch => ({label, operator: '=~', value});
const httpFailures = [
	like('code', '5..'),
	like('status', '5..'),
	like('status_code', '5..'),
	like('http_response_status_code', '5..'),
];

/**
 * Servers and libraries whose metrics are known, the one that says most of an LLM's requests first.
 *
 * @see vllm v0.9 vllm/v1/metrics/loggers.py; sglang v0.4 python/sglang/srt/metrics/collector.py; text-generation-inference v3
 *   docs/source/reference/metrics.md; llama.cpp tools/server/README.md; Triton v2.5x docs/user_guide/metrics.md; Istio 1.24
 *   reference/config/metrics; ingress-nginx v1.12 docs/user-guide/monitoring.md; OpenTelemetry semantic conventions 1.28 http
 */
export const knownServers: readonly KnownServer[] = [
	{
		name: "Replicast's backend",
		place: 'pods',
		series: {
			requestRate: counter('replicast_backend_chats_total'),
			failureRate: counter('replicast_backend_chats_total', [{label: 'outcome', operator: '!=', value: 'completed'}]),
			inFlight: gauge('replicast_backend_in_flight'),
			running: gauge('replicast_backend_running'),
			waiting: gauge('replicast_backend_queue_length'),
			promptTokenRate: counter('replicast_backend_prompt_tokens_total'),
			outputTokenRate: counter('replicast_backend_output_tokens_total'),
		},
		latency: {family: 'replicast_backend_latency_seconds', scale: 1},
	},
	{
		name: 'vLLM',
		place: 'pods',
		series: {
			requestRate: counter('vllm:request_success_total'),
			failureRate: counter('vllm:request_success_total', [like('finished_reason', 'abort|error')]),
			running: gauge('vllm:num_requests_running'),
			waiting: gauge('vllm:num_requests_waiting'),
			promptTokenRate: counter('vllm:prompt_tokens_total'),
			outputTokenRate: counter('vllm:generation_tokens_total'),
		},
		latency: {family: 'vllm:e2e_request_latency_seconds', scale: 1},
	},
	{
		name: 'SGLang',
		place: 'pods',
		series: {
			requestRate: counter('sglang:num_requests_total'),
			running: gauge('sglang:num_running_reqs'),
			waiting: gauge('sglang:num_queue_reqs'),
			promptTokenRate: counter('sglang:prompt_tokens_total'),
			outputTokenRate: counter('sglang:generation_tokens_total'),
		},
		latency: {family: 'sglang:e2e_request_latency_seconds', scale: 1},
	},
	{
		name: 'Text Generation Inference',
		countsArrivals: true,
		place: 'pods',
		series: {
			requestRate: counter('tgi_request_count'),
			failureRate: counter('tgi_request_failure'),
			running: gauge('tgi_batch_current_size'),
			waiting: gauge('tgi_queue_size'),
			promptTokenRate: counter('tgi_request_input_length_sum'),
			outputTokenRate: counter('tgi_request_generated_tokens_sum'),
		},
		latency: {family: 'tgi_request_duration', scale: 1},
	},
	{
		name: 'Triton',
		place: 'pods',
		series: {
			requestRate: counter('nv_inference_request_success'),
			failureRate: counter('nv_inference_request_failure'),
			waiting: gauge('nv_inference_pending_request_count'),
		},
	},
	{
		name: 'llama.cpp',
		place: 'pods',
		series: {
			running: gauge('llamacpp:requests_processing'),
			waiting: gauge('llamacpp:requests_deferred'),
			promptTokenRate: counter('llamacpp:prompt_tokens_total'),
			outputTokenRate: counter('llamacpp:tokens_predicted_total'),
		},
	},
	{
		name: 'Istio',
		place: 'istio',
		series: {
			requestRate: counter('istio_requests_total'),
			failureRate: counter('istio_requests_total', [like('response_code', '5..|0')]),
		},
		latency: {family: 'istio_request_duration_milliseconds', scale: 0.001},
	},
	{
		name: 'ingress-nginx',
		place: 'ingress',
		series: {
			requestRate: counter('nginx_ingress_controller_requests'),
			failureRate: counter('nginx_ingress_controller_requests', [like('status', '5..')]),
		},
		latency: {family: 'nginx_ingress_controller_request_duration_seconds', scale: 1},
	},
	{
		name: "Replicast's gateway",
		countsArrivals: true,
		place: 'gateway',
		series: {
			requestRate: counter('replicast_gateway_requests_total'),
			inFlight: gauge('replicast_gateway_in_flight'),
			waiting: gauge('replicast_gateway_waiting'),
		},
		latency: {family: 'replicast_gateway_latency_seconds', scale: 1},
	},
	{
		name: 'an HTTP server',
		countsProbes: true,
		place: 'pods',
		series: {
			requestRate: counter('http_requests_total'),
			failureRate: counter('http_requests_total', httpFailures),
			inFlight: gauge('http_requests_in_flight'),
		},
		latency: {family: 'http_request_duration_seconds', scale: 1},
	},
	{
		name: 'an HTTP server (OpenTelemetry)',
		countsProbes: true,
		place: 'pods',
		series: {
			requestRate: counter('http_server_request_duration_seconds_count'),
			failureRate: counter('http_server_request_duration_seconds_count', httpFailures),
		},
		latency: {family: 'http_server_request_duration_seconds', scale: 1},
	},
	{
		name: 'an HTTP server (Micrometer)',
		countsProbes: true,
		place: 'pods',
		series: {
			requestRate: counter('http_server_requests_seconds_count'),
			failureRate: counter('http_server_requests_seconds_count', httpFailures),
		},
		latency: {family: 'http_server_requests_seconds', scale: 1},
	},
];

/** Names of all metrics of a server. */
export function metricsOf({series, latency}: KnownServer): string[] {
	return [
		...Object.values(series).map(({metric}) => metric),
		...(latency === undefined ? [] : [`${latency.family}_bucket`, `${latency.family}_sum`, `${latency.family}_count`]),
	];
}
