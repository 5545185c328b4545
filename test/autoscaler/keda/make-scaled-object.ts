/** A ScaledObject with a spec laid over one of a Prometheus trigger. */
export function scaledObject(
	spec: Readonly<Record<string, unknown>> = {},
	annotations?: Readonly<Record<string, string>>,
) {
	return {
		apiVersion: 'keda.sh/v1alpha1',
		kind: 'ScaledObject',
		metadata: {name: 'llm', ...(annotations && {annotations})},
		spec: {scaleTargetRef: {name: 'llm'}, triggers: [prometheus()], ...spec},
	};
}

export function prometheus(
	metadata: Readonly<Record<string, string>> = {},
	rest: Readonly<Record<string, unknown>> = {},
) {
	const given = {serverAddress: 'http://prometheus:9090', query: 'sum(vllm:num_requests_waiting)', threshold: '5'};
	return {type: 'prometheus', metadata: {...given, ...metadata}, ...rest};
}
