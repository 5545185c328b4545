import {setTimeout as sleep} from 'node:timers/promises';
import {UserError} from '../../errors.ts';
import {runTool} from '../machine/run-tool.ts';
import type {Cluster} from './cluster.ts';
import {emulatedNamespace, type Manifest, namespace, podSelector, workload} from './cluster.ts';
import {metricsApi, restoreMetrics} from './metrics-api.ts';

const deploymentPath = `/apis/apps/v1/namespaces/${namespace}/deployments/${workload}`;
const hpaPath = `/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers/${workload}`;
const scaledObjectPath = `/apis/keda.sh/v1alpha1/namespaces/${namespace}/scaledobjects/${workload}`;
const gatewayPaths = [
	`/apis/apps/v1/namespaces/${namespace}/deployments/gateway`,
	`/api/v1/namespaces/${namespace}/services/gateway`,
];
const podsPath = `/api/v1/namespaces/${namespace}/pods`;

/**
 * The controller looks at an autoscaler every 15 s and forgets one only when it then finds it gone: a new one of the
 * same name that comes earlier inherits its recommendations [s].
 */
export const forgetTime = 17;

/** `kubectl apply` of a list of objects. */
export async function apply(cluster: Cluster, objects: readonly Manifest[], signal: AbortSignal): Promise<void> {
	const input = JSON.stringify({apiVersion: 'v1', kind: 'List', items: objects});
	await runTool('kubectl', ['--kubeconfig', cluster.kubeconfig, 'apply', '-f', '-'], {input, signal});
}

/** KEDA's operator takes its finalizer off within this time, or it is taken off without it [s]. */
const finalizerTime = 15;

/** Removes a ScaledObject, and with it the HPA that KEDA made. */
async function removeScaledObject({api}: Cluster, signal: AbortSignal): Promise<void> {
	await api.remove(scaledObjectPath);
	for (let tries = 0; (await api.find(scaledObjectPath)) !== undefined; tries++) {
		if (tries === finalizerTime * 2) {
			await api.merge(scaledObjectPath, {metadata: {finalizers: null}});
		}

		await sleep(500, undefined, {signal});
	}
}

/** Removes the autoscaler, the Deployment, the gateway and every pod of an earlier replay, at once and whatever they still hold. */
export async function removeWorkload(cluster: Cluster, signal: AbortSignal): Promise<void> {
	const {api} = cluster;
	await removeScaledObject(cluster, signal);
	for (const path of gatewayPaths) {
		await api.remove(path, {propagationPolicy: 'Background'});
	}

	await api.remove(hpaPath);
	await api.remove(deploymentPath, {propagationPolicy: 'Background'});
	const selector = `labelSelector=${encodeURIComponent(podSelector)}`;
	for (let tries = 0; tries < 120; tries++) {
		const {items} = await api.get<{items: {metadata: {name: string}}[]}>(`${podsPath}?${selector}`);
		if (items.length === 0) {
			return;
		}

		for (const {metadata} of items) {
			await api.remove(`${podsPath}/${metadata.name}`, {gracePeriodSeconds: 0});
		}

		await sleep(500, undefined, {signal});
	}

	throw new UserError(
		'E_CLUSTER',
		'Expected the pods of the last replay to be gone within 60 s, got some that are still there',
	);
}

/** Installs metrics-server where nothing serves metrics.k8s.io, and ends an outage that a killed replay left. */
export async function installMetricsServer(
	cluster: Cluster,
	manifests: readonly Manifest[],
	signal: AbortSignal,
): Promise<'installed' | 'there'> {
	await restoreMetrics(cluster.api);
	const service = await cluster.api.find<{spec: {service?: {namespace?: string}}}>(metricsApi);
	if (service?.spec.service?.namespace === emulatedNamespace) {
		throw new UserError(
			'E_CLUSTER',
			`Expected real metrics on ${cluster.name}, got those of an emulated replay that was killed: kind delete cluster --name ${cluster.name}`,
		);
	}

	if (service === undefined) {
		await apply(cluster, manifests, signal);
	}

	for (let tries = 0; tries < 180; tries++) {
		const found = await cluster.api.find<{status?: {conditions?: {type: string; status: string}[]}}>(metricsApi);
		if (found?.status?.conditions?.some(({type, status}) => type === 'Available' && status === 'True')) {
			return service === undefined ? 'installed' : 'there';
		}

		await sleep(1000, undefined, {signal});
	}

	throw new UserError('E_CLUSTER', 'Expected metrics-server to answer within 180 s, got no answer');
}
