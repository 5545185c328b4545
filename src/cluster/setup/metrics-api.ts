import type {KubeApi} from '../api/kube-api.ts';

/** Path of the API service that registers who serves metrics.k8s.io. */
export const metricsApi = '/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.k8s.io';

type ApiService = {
	readonly metadata: {readonly annotations?: Readonly<Record<string, string>>};
	readonly spec: {readonly service: {readonly name: string}};
};

/** Annotation that keeps the name of the Service that metrics.k8s.io leads to when there is no outage. */
const mark = 'replicast/metrics-service';

/** A Service that is not there. */
const nowhere = 'replicast-metrics-outage';

/**
 * Stops metrics.k8s.io from answering. metrics-server itself goes on: it would need some 30 s to serve again after
 * a restart, for two scrapes and its readiness probe.
 *
 * @see kubernetes kube-aggregator pkg/controllers/status/remote, sync: an API whose Service is not there is unavailable
 */
export async function stopMetrics(api: Pick<KubeApi, 'get' | 'merge'>): Promise<void> {
	const {metadata, spec} = await api.get<ApiService>(metricsApi);
	if (metadata.annotations?.[mark] === undefined) {
		await api.merge(metricsApi, {
			metadata: {annotations: {[mark]: spec.service.name}},
			spec: {service: {name: nowhere}},
		});
	}
}

/** Ends an outage, this process's or one that a killed replay left; nothing happens where there is none. */
export async function restoreMetrics(api: Pick<KubeApi, 'find' | 'merge'>): Promise<void> {
	const found = await api.find<ApiService>(metricsApi);
	const name = found?.metadata.annotations?.[mark];
	if (name !== undefined) {
		await api.merge(metricsApi, {metadata: {annotations: {[mark]: null}}, spec: {service: {name}}});
	}
}
