import {setTimeout as sleep} from 'node:timers/promises';
import {UserError} from '../../../errors.ts';
import type {KubeApi} from '../../api/kube-api.ts';
import {apply} from '../../setup/apply.ts';
import {type Cluster, emulatedNamespace, type Manifest} from '../../setup/cluster.ts';
import {loadLocalImage} from '../../setup/images.ts';
import {readManifestObjects} from '../../setup/read-manifests.ts';
import {imageIn, waitDeployment, withImage} from '../emulation-objects.ts';
import {instanceTypesMap, type KarpenterSettings, poolObjects} from './karpenter-objects.ts';

const kinds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const deployment = `/apis/apps/v1/namespaces/${emulatedNamespace}/deployments/karpenter`;
const pods = `/api/v1/namespaces/${emulatedNamespace}/pods?labelSelector=app.kubernetes.io%2Fname%3Dkarpenter`;
const nodes = '/api/v1/nodes';
/** Label of the nodes and claims that a pool has. */
const ofPool = 'labelSelector=karpenter.sh%2Fnodepool';

/** Lists of what Karpenter made or was given, in the order of removal. */
const lists = [
	'/apis/karpenter.sh/v1/nodepools',
	'/apis/karpenter.sh/v1/nodeclaims',
	nodes,
	'/apis/karpenter.kwok.sh/v1alpha1/kwoknodeclasses',
] as const;

/** Time for which a kind that was just made may be unknown, or Karpenter may take to end [s]. */
const timeout = 60;

type List = {
	readonly items: readonly {readonly metadata: {readonly name: string; readonly finalizers?: readonly string[]}}[];
};

type Starting = {readonly image: string | undefined; readonly signal: AbortSignal};

/**
 * Makes Karpenter's kinds, and brings its image into the cluster.
 *
 * @returns the image that will run
 * @throws {UserError} E_CLUSTER when the cluster has a Karpenter of its own
 */
export async function prepareKarpenter(cluster: Cluster, {image, signal}: Starting): Promise<string> {
	const {api} = cluster;
	const objects = await readManifestObjects('kwok/karpenter-crds.yaml');
	await refuseOtherKarpenter(cluster, objects);
	await apply(cluster, objects, signal);
	for (let tries = 0; !(await areServed(api)); tries++) {
		if (tries === timeout * 2) {
			throw new UserError('E_CLUSTER', `Expected the kinds of Karpenter to be served within ${timeout} s, got none`);
		}

		await sleep(500, undefined, {signal});
	}

	const used = image ?? imageIn(await readManifestObjects('kwok/karpenter.yaml'));
	await loadLocalImage(used, cluster, signal);
	return used;
}

/** Whether the API server serves the kinds that were just made: it refuses for a while. */
async function areServed(api: KubeApi): Promise<boolean> {
	const found = await Promise.all(lists.map(async path => api.find<List>(`${path}?limit=1`).catch(() => undefined)));
	return found.every(list => list !== undefined);
}

async function refuseOtherKarpenter({api, name}: Cluster, [first]: readonly Manifest[]): Promise<void> {
	type Kind = {readonly metadata: {readonly labels?: Readonly<Record<string, string>>}};
	const found = await api.find<Kind>(`${kinds}/${first!.metadata.name}`);
	if (found !== undefined && found.metadata.labels?.['app.kubernetes.io/part-of'] !== 'replicast') {
		throw new UserError(
			'E_CLUSTER',
			`Expected a cluster without Karpenter for an emulated replay, got ${first!.metadata.name} in ${name}; --cluster names another, which is made`,
		);
	}
}

/**
 * Starts Karpenter, without memory of an earlier replay, and gives it the experiment's pools.
 *
 * @throws {UserError} E_CLUSTER when it does not start, with the reason
 */
export async function startKarpenter(
	cluster: Cluster,
	karpenter: KarpenterSettings,
	{image, signal}: Starting,
): Promise<undefined> {
	const {api} = cluster;
	await stopKarpenter(api, signal);
	const objects = withImage(await readManifestObjects('kwok/karpenter.yaml'), image);
	await apply(cluster, [instanceTypesMap(karpenter), ...objects.map(object => withWindows(object, karpenter))], signal);
	await waitDeployment(api, 'karpenter', signal).catch((error: Error) => {
		throw error instanceof UserError && /ErrImage|ImagePull|InvalidImage/.test(error.message)
			? new UserError('E_CLUSTER', `${error.message}; ${toBuild}`, {cause: error})
			: error;
	});
	await apply(cluster, poolObjects(karpenter), signal);
	return undefined;
}

const toBuild =
	'nobody publishes Karpenter’s provider for KWOK as an image: k8s/kwok/karpenter.yaml says how to build one, which --karpenter-image names';

/** The Deployment with the experiment's batch windows. */
function withWindows(object: Manifest, {batchMaxDuration, batchIdleDuration}: KarpenterSettings): Manifest {
	if (object.kind !== 'Deployment') {
		return object;
	}

	const values: Readonly<Record<string, string>> = {
		BATCH_MAX_DURATION: `${batchMaxDuration}s`,
		BATCH_IDLE_DURATION: `${batchIdleDuration}s`,
	};
	type Template = {
		readonly template: {readonly spec: {readonly containers: readonly [{readonly env: readonly Variable[]}]}};
	};
	type Variable = {readonly name: string; readonly value: string};
	const spec = object.spec as Template;
	const [container] = spec.template.spec.containers;
	const env = container.env.map(variable => ({...variable, value: values[variable.name] ?? variable.value}));
	const pod = {...spec.template.spec, containers: [{...container, env}]};
	return {...object, spec: {...spec, template: {...spec.template, spec: pod}}} as Manifest;
}

/** Ends Karpenter, then removes its pools, claims and nodes: their finalizers are of no more use. */
export async function stopKarpenter(api: KubeApi, signal: AbortSignal): Promise<void> {
	await api.remove(deployment, {propagationPolicy: 'Background'});
	for (let tries = 0; (await api.get<List>(pods)).items.length > 0 && tries < timeout * 2; tries++) {
		await sleep(500, undefined, {signal});
	}

	for (const path of lists) {
		const query = path === nodes ? `${path}?${ofPool}` : path;
		const found = await api.find<List>(query);
		for (const {metadata} of found?.items ?? []) {
			await release(api, `${path}/${metadata.name}`, metadata.finalizers);
		}
	}
}

async function release(api: KubeApi, path: string, finalizers: readonly string[] = []): Promise<void> {
	await api.remove(path);
	if (finalizers.length > 0) {
		await api.merge(path, {metadata: {finalizers: null}}).catch((error: Error) => {
			if (!('status' in error && error.status === 404)) {
				throw error;
			}
		});
	}
}

/** Removes Karpenter and its kinds from a cluster that stays, whatever an interrupted replay left of them. */
export async function removeKarpenter(api: KubeApi): Promise<void> {
	const objects = await readManifestObjects('kwok/karpenter-crds.yaml');
	type Kind = {readonly metadata: {readonly labels?: Readonly<Record<string, string>>}};
	const found = await api.find<Kind>(`${kinds}/${objects[0]!.metadata.name}`);
	if (found?.metadata.labels?.['app.kubernetes.io/part-of'] !== 'replicast') {
		return;
	}

	await stopKarpenter(api, AbortSignal.timeout(timeout * 1000));
	for (const {metadata} of objects) {
		await api.remove(`${kinds}/${metadata.name}`);
	}

	const roles = '/apis/rbac.authorization.k8s.io/v1';
	await api.remove(`${roles}/clusterrolebindings/replicast-karpenter`);
	await api.remove(`${roles}/clusterroles/replicast-karpenter`);
}
