/** Series of a test: values by Unix time [s]; undefined where nothing was scraped. */
export type MadeSeries = {
	readonly labels: Readonly<Record<string, string>>;
	readonly at: (time: number) => number | undefined;
};

export type MadeMetric = {
	readonly name: string;
	readonly series: readonly MadeSeries[];
};

export type MadeTimes = {readonly start: number; readonly end: number; readonly step: number};

/** Text in the form of OpenMetrics with samples of a span, which Prometheus makes blocks of. */
export function openMetrics(metrics: readonly MadeMetric[], {start, end, step}: MadeTimes): string {
	const lines: string[] = [];
	for (const {name, series} of metrics) {
		lines.push(`# TYPE ${name} unknown`);
		for (const {labels, at} of series) {
			const text = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
			for (let time = start; time < end; time += step) {
				const value = at(time);
				if (value !== undefined) {
					lines.push(`${name}{${text.join(',')}} ${value} ${time}`);
				}
			}
		}
	}

	return `${lines.join('\n')}\n# EOF\n`;
}

/** Workload of a test whose requests come and whose pods change as `load` says. */
export function chatMetrics({start, pods, load}: {start: number; pods: readonly string[]; load: number}): MadeMetric[] {
	const place = {namespace: 'shop'};
	const hpa = {...place, horizontalpodautoscaler: 'chat'};
	const deployment = {...place, deployment: 'chat'};
	const one = (labels: Record<string, string>, at: MadeSeries['at']): MadeSeries => ({labels, at});
	const ofPods = (at: MadeSeries['at'], more: Record<string, string> = {}) =>
		pods.map(pod => one({...place, pod, ...more}, at));
	const bounds = ['0.5', '1.0', '5.0', '+Inf'];
	return [
		{name: 'kube_horizontalpodautoscaler_spec_min_replicas', series: [one(hpa, () => 1)]},
		{name: 'kube_horizontalpodautoscaler_spec_max_replicas', series: [one(hpa, () => 6)]},
		{name: 'kube_horizontalpodautoscaler_status_desired_replicas', series: [one(hpa, () => pods.length)]},
		{
			name: 'kube_horizontalpodautoscaler_info',
			series: [one({...hpa, scaletargetref_kind: 'Deployment', scaletargetref_name: 'chat'}, () => 1)],
		},
		{
			name: 'kube_horizontalpodautoscaler_spec_target_metric',
			series: [one({...hpa, metric_name: 'cpu', metric_target_type: 'utilization'}, () => 70)],
		},
		{name: 'kube_deployment_status_replicas', series: [one(deployment, () => pods.length)]},
		{name: 'kube_deployment_status_replicas_ready', series: [one(deployment, () => pods.length)]},
		{
			name: 'kube_replicaset_owner',
			series: [one({...place, replicaset: 'chat-7d9f8', owner_kind: 'Deployment', owner_name: 'chat'}, () => 1)],
		},
		{
			name: 'kube_pod_container_resource_requests',
			series: ['cpu', 'memory'].flatMap(resource =>
				ofPods(() => (resource === 'cpu' ? 0.5 : 1e9), {container: 'vllm', resource}),
			),
		},
		{
			name: 'kube_node_status_allocatable',
			series: ['cpu', 'memory'].map(resource => one({node: 'one', resource}, () => (resource === 'cpu' ? 4 : 16e9))),
		},
		{
			name: 'container_cpu_usage_seconds_total',
			series: [
				...ofPods(time => (time - start) * 0.2, {container: 'vllm'}),
				// The cgroup of the pod says the same once more.
				...ofPods(time => (time - start) * 0.2, {container: ''}),
			],
		},
		{name: 'vllm:request_success_total', series: ofPods(time => (time - start) * load, {finished_reason: 'stop'})},
		{name: 'vllm:prompt_tokens_total', series: ofPods(time => (time - start) * load * 40)},
		{name: 'vllm:num_requests_running', series: ofPods(() => 2)},
		{
			name: 'vllm:e2e_request_latency_seconds_bucket',
			series: bounds.flatMap((le, index) =>
				ofPods(time => ((time - start) * load * (index + 1)) / bounds.length, {le}),
			),
		},
		{name: 'vllm:e2e_request_latency_seconds_sum', series: ofPods(time => (time - start) * load * 2)},
		{name: 'vllm:e2e_request_latency_seconds_count', series: ofPods(time => (time - start) * load)},
	];
}
