import type {Matcher} from '../../promql/expression.ts';

/** Labels by which monitoring tells one service, or its pods, from another: the experiment has one service only. */
const labelsOfService: ReadonlySet<string> = new Set([
	...[
		'app',
		'app_kubernetes_io_instance',
		'app_kubernetes_io_name',
		'cluster',
		'component',
		'container',
		'controller_class',
	],
	...['controller_namespace', 'deployment', 'destination_app', 'destination_canonical_service', 'destination_service'],
	...[
		'destination_service_name',
		'destination_service_namespace',
		'destination_workload',
		'destination_workload_namespace',
	],
	...[
		'endpoint',
		'engine',
		'envoy_cluster_name',
		'envoy_http_conn_manager_prefix',
		'exported_namespace',
		'exported_service',
	],
	...['gpu', 'host', 'ingress', 'instance', 'job', 'kubernetes_namespace', 'kubernetes_pod_name', 'model', 'model_id'],
	...[
		'model_name',
		'namespace',
		'node',
		'pod',
		'pod_name',
		'prometheus',
		'region',
		'release',
		'reporter',
		'served_model_name',
	],
	...[
		'app_kubernetes_io_component',
		'cluster_name',
		'dynamo_namespace',
		'exported_container',
		'exported_job',
		'exported_pod',
	],
	...['inference_pool', 'k8s_deployment_name', 'k8s_namespace_name', 'k8s_pod_name', 'kubernetes_name', 'location'],
	...['modelName', 'project_id', 'target_model_name'],
	...['service', 'service_name', 'target', 'version', 'workload'],
]);

/** Whether a condition on a label can only select the service. */
export function isLabelOfService(label: string): boolean {
	return labelsOfService.has(label);
}

/** Whether the simulated series have a label with which a condition can be checked. */
export function isModelledLabel(label: string): boolean {
	return label === 'le';
}

/** Condition as PromQL writes it. */
export function matcherText({label, operator, value}: Matcher): string {
	return `${label}${operator}${JSON.stringify(value)}`;
}

/** Condition on the bound of a bucket, with the bound as Prometheus 3 writes it: whole numbers with `.0`. */
export function withPrometheusBound(matcher: Matcher): Matcher {
	const bound = Number(matcher.value);
	const isExact = matcher.operator === '=' || matcher.operator === '!=';
	return isExact && matcher.label === 'le' && matcher.value !== '' && !Number.isNaN(bound)
		? {...matcher, value: boundText(bound)}
		: matcher;
}

/** Upper bound of a bucket as Prometheus 3 writes it. */
export function boundText(bound: number): string {
	return bound === Number.POSITIVE_INFINITY ? '+Inf' : Number.isInteger(bound) ? `${bound}.0` : String(bound);
}
