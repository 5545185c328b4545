import {setTimeout as sleep} from 'node:timers/promises';
import {UserError} from '../../errors.ts';
import type {KubeApi} from '../api/kube-api.ts';
import {crashFault, waitingFault} from '../keda/waiting-fault.ts';
import {apply} from '../setup/apply.ts';
import {type Cluster, emulatedNamespace, type Manifest, namespace, workload} from '../setup/cluster.ts';
import {loadLocalImage} from '../setup/images.ts';
import {metricsApi} from '../setup/metrics-api.ts';
import {readManifestObjects} from '../setup/read-manifests.ts';
import {type NodePlan, nodeObjects, nodeSelector} from './node-plan.ts';

/** Time that a Deployment may take to become available [s]. */
const timeout = 180;

const clusterObjects = [
	'/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/replicast-kwok',
	'/apis/rbac.authorization.k8s.io/v1/clusterroles/replicast-kwok',
	`/api/v1/namespaces/${emulatedNamespace}`,
];

type DeploymentManifest = Manifest & {
	readonly spec: {readonly template: {readonly spec: {readonly containers: readonly [{readonly image: string}]}}};
};

type ApiService = {
	readonly spec: {readonly service?: {readonly namespace?: string; readonly name?: string}};
	readonly status?: {readonly conditions?: readonly {readonly type: string; readonly status: string}[]};
};

/**
 * Starts KWOK in a cluster.
 *
 * @param image - instead of the published one
 * @returns the image that runs
 * @throws {UserError} E_CLUSTER when it does not start, with the reason
 */
export async function startKwok(
	cluster: Cluster,
	{image, signal}: {readonly image: string | undefined; readonly signal: AbortSignal},
): Promise<string> {
	const objects = withImage(await readManifestObjects('kwok/kwok.yaml'), image);
	const used = imageIn(objects);
	await loadLocalImage(used, cluster, signal);
	await waitGone(cluster.api, signal);
	await apply(cluster, objects, signal);
	await waitDeployment(cluster.api, 'kwok', signal);
	return used;
}

/**
 * Starts the emulated metrics API.
 *
 * @throws {UserError} E_CLUSTER when another one serves metrics.k8s.io, or it does not answer
 */
export async function startMetricsApi(
	cluster: Cluster,
	{image, signal}: {readonly image: string; readonly signal: AbortSignal},
): Promise<void> {
	const {api} = cluster;
	await apply(cluster, withImage(await readManifestObjects('kwok/metrics-api.yaml'), image), signal);
	await waitDeployment(api, 'metrics', signal);
	for (let waited = 0; waited < timeout * 2; waited++) {
		const found = await api.find<ApiService>(metricsApi);
		if (found?.status?.conditions?.some(({type, status}) => type === 'Available' && status === 'True')) {
			return;
		}

		await sleep(500, undefined, {signal});
	}

	throw new UserError('E_CLUSTER', `Expected the emulated metrics API to answer within ${timeout} s, got no answer`);
}

/** @throws {UserError} E_CLUSTER when pods of this cluster already have a metrics API, whose place an emulation would take */
export async function refuseOtherMetrics({api, name}: Cluster): Promise<void> {
	const {namespace: of, name: server} = (await api.find<ApiService>(metricsApi))?.spec.service ?? {};
	if (server !== undefined && of !== emulatedNamespace) {
		throw new UserError(
			'E_CLUSTER',
			`Expected a cluster without metrics-server for an emulated replay, got ${of}/${server} in ${name}; --cluster names another, which is made`,
		);
	}
}

/** Makes the nodes, in the place of earlier ones; none where a node autoscaler makes them. */
export async function makeNodes(api: KubeApi, plan: NodePlan | undefined): Promise<void> {
	await removeNodes(api);
	await Promise.all(
		plan === undefined
			? []
			: nodeObjects(plan).map(async node => api.send('/api/v1/nodes', {method: 'POST', body: node})),
	);
}

async function removeNodes(api: KubeApi): Promise<void> {
	await api.remove(`/api/v1/nodes?labelSelector=${encodeURIComponent(nodeSelector)}`);
}

/** Removes the Service of an earlier replay, which is of another type than an emulated one's, or is of no more use, and its budget. */
export async function removeService(api: KubeApi): Promise<void> {
	await api.remove(`/api/v1/namespaces/${namespace}/services/${workload}`);
	await api.remove(`/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets/${workload}`);
}

/** Removes KWOK, its nodes and the metrics API from a cluster that stays. */
export async function removeEmulation(api: KubeApi): Promise<void> {
	await removeNodes(api);
	await api.remove(metricsApi);
	for (const path of clusterObjects) {
		await api.remove(path);
	}

	await waitGone(api, AbortSignal.timeout(timeout * 1000));
}

/** Waits until what an earlier replay left is gone: nothing can be made in a namespace that is being deleted. */
async function waitGone(api: KubeApi, signal: AbortSignal): Promise<void> {
	type Namespace = {readonly metadata: {readonly deletionTimestamp?: string}};
	const path = `/api/v1/namespaces/${emulatedNamespace}`;
	while ((await api.find<Namespace>(path))?.metadata.deletionTimestamp !== undefined) {
		await sleep(500, undefined, {signal});
	}
}

/** @throws {UserError} E_CLUSTER when a Deployment of the emulation does not become available, with the reason */
export async function waitDeployment(api: KubeApi, name: string, signal: AbortSignal): Promise<void> {
	type Deployment = {
		readonly metadata: {readonly generation?: number};
		readonly status?: {
			readonly observedGeneration?: number;
			readonly updatedReplicas?: number;
			readonly availableReplicas?: number;
		};
	};
	const path = `/apis/apps/v1/namespaces/${emulatedNamespace}/deployments/${name}`;
	for (let waited = 0; waited < timeout * 2; waited++) {
		const {metadata, status = {}} = await api.get<Deployment>(path);
		const {observedGeneration, updatedReplicas, availableReplicas} = status;
		if (observedGeneration === metadata.generation && updatedReplicas === 1 && availableReplicas === 1) {
			return;
		}

		const fault = (await waitingFault(api, emulatedNamespace)) ?? (await crashFault(api, emulatedNamespace));
		if (fault !== undefined) {
			throw new UserError('E_CLUSTER', `Expected ${name} to start, got ${fault}`);
		}

		await sleep(500, undefined, {signal});
	}

	throw new UserError('E_CLUSTER', `Expected ${name} to be available within ${timeout} s, got one that is not`);
}

/** The objects with another image in their Deployment. */
export function withImage(objects: readonly Manifest[], image: string | undefined): Manifest[] {
	return objects.map(object => {
		if (object.kind !== 'Deployment' || image === undefined) {
			return object;
		}

		const {spec} = object as DeploymentManifest;
		const [container] = spec.template.spec.containers;
		const pod = {...spec.template.spec, containers: [{...container, image}]};
		return {...object, spec: {...spec, template: {...spec.template, spec: pod}}};
	});
}

/** Image of the Deployment among the objects. */
export function imageIn(objects: readonly Manifest[]): string {
	const found = objects.find(({kind}) => kind === 'Deployment') as DeploymentManifest;
	return found.spec.template.spec.containers[0].image;
}
