import {setTimeout as sleep} from 'node:timers/promises';
import {parseAllDocuments} from 'yaml';
import {UserError} from '../../errors.ts';
import {readText} from '../../store/disk/read-text.ts';
import {runTool} from '../machine/run-tool.ts';
import type {Cluster} from '../setup/cluster.ts';
import {loadLocalImage} from '../setup/images.ts';
import {waitingFault} from './waiting-fault.ts';

/** Release of KEDA that is modelled, and so installed. */
export const kedaRelease = '2.20.2';

/** Published manifest: CRDs, operator and metrics server, without the admission webhook. */
export const kedaManifestUrl = `https://github.com/kedacore/keda/releases/download/v${kedaRelease}/keda-${kedaRelease}-core.yaml`;

/** Images of the published manifest. */
export const kedaImages: readonly string[] = ['keda', 'keda-metrics-apiserver'].map(
	name => `ghcr.io/kedacore/${name}:${kedaRelease}`,
);

const kedaNamespace = 'keda';
const externalApi = '/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.external.metrics.k8s.io';
const timeout = 180;
/** [bytes] */
const largestManifest = 2 ** 24;

type ApiService = {
	readonly spec: {readonly service?: {readonly namespace?: string; readonly name?: string}};
	readonly status?: {readonly conditions?: readonly {readonly type: string; readonly status: string}[]};
};

type InstallOptions = {
	/** File with the manifest of KEDA; the published one when left out. */
	readonly manifest?: string | undefined;
	readonly signal: AbortSignal;
};

/**
 * Installs KEDA where nothing serves external.metrics.k8s.io.
 *
 * @throws {UserError} E_CLUSTER when something else serves it, the manifest or an image is not to be had, or KEDA does not
 *   answer
 */
export async function installKeda(
	cluster: Cluster,
	{manifest = kedaManifestUrl, signal}: InstallOptions,
): Promise<'installed' | 'there'> {
	const there = await cluster.api.find<ApiService>(externalApi);
	const server = there?.spec.service;
	if (server !== undefined && !server.name?.startsWith('keda')) {
		throw new UserError(
			'E_CLUSTER',
			`Expected KEDA or nobody to serve external.metrics.k8s.io on ${cluster.name}, got ${server.namespace}/${server.name}`,
		);
	}

	if (there === undefined) {
		for (const image of await imagesOf(manifest)) {
			await loadLocalImage(image, cluster, signal);
		}

		await applyKeda(cluster, manifest, signal);
	}

	await waitAvailable(cluster, signal);
	return there === undefined ? 'installed' : 'there';
}

/** Removes KEDA as it was installed, CRDs and all. */
export async function removeKeda({kubeconfig}: Cluster, manifest = kedaManifestUrl): Promise<void> {
	const words = ['--kubeconfig', kubeconfig, 'delete', '--ignore-not-found', '--wait=false', '-f', manifest];
	await runTool('kubectl', words, {timeout: 60});
}

/** Release of the KEDA that runs; undefined where its image does not say. */
export async function kedaVersion({api}: Cluster): Promise<string | undefined> {
	type Operator = {
		readonly spec: {readonly template: {readonly spec: {readonly containers: readonly {readonly image: string}[]}}};
	};
	const operator = await api.find<Operator>(`/apis/apps/v1/namespaces/${kedaNamespace}/deployments/keda-operator`);
	return /:v?(\d[^:@]*)/.exec(operator?.spec.template.spec.containers[0]?.image ?? '')?.[1];
}

async function applyKeda({kubeconfig}: Cluster, manifest: string, signal: AbortSignal): Promise<void> {
	const words = ['--kubeconfig', kubeconfig, 'apply', '--server-side', '--force-conflicts', '-f', manifest];
	await runTool('kubectl', words, {signal, timeout: 120}).catch((error: unknown) => {
		signal.throwIfAborted();
		const got = error instanceof UserError ? error.message.replace(/^Expected .*? to work, got /, '') : String(error);
		const other = manifest === kedaManifestUrl ? '; --keda FILE takes a manifest that is here' : '';
		throw new UserError('E_CLUSTER', `Expected KEDA's manifest ${manifest} to be applied, got ${got}${other}`, {
			cause: error,
		});
	});
}

async function waitAvailable(cluster: Cluster, signal: AbortSignal): Promise<void> {
	for (let waited = 0; waited < timeout; waited++) {
		const found = await cluster.api.find<ApiService>(externalApi);
		if (found?.status?.conditions?.some(({type, status}) => type === 'Available' && status === 'True')) {
			return;
		}

		const fault = await waitingFault(cluster.api, kedaNamespace);
		if (fault !== undefined) {
			throw new UserError('E_CLUSTER', `Expected KEDA ${kedaRelease} to start, got ${fault}`);
		}

		await sleep(1000, undefined, {signal});
	}

	throw new UserError('E_CLUSTER', `Expected KEDA to serve external.metrics.k8s.io within ${timeout} s, got no answer`);
}

/** Images that a manifest names, or those of the published one. */
async function imagesOf(manifest: string): Promise<readonly string[]> {
	if (manifest === kedaManifestUrl) {
		return kedaImages;
	}

	return (await readKedaManifest(manifest)).flatMap(({kind, spec}) =>
		kind === 'Deployment' ? (spec?.template?.spec?.containers ?? []).flatMap(({image}) => image ?? []) : [],
	);
}

type KedaObject = {
	readonly kind?: string;
	readonly metadata?: {readonly name?: string};
	readonly spec?: {readonly template?: {readonly spec?: {readonly containers?: readonly {readonly image?: string}[]}}};
};

/**
 * Objects of a manifest of KEDA.
 *
 * @throws {UserError} E_CONFIG when the file is no manifest of KEDA
 */
export async function readKedaManifest(path: string): Promise<KedaObject[]> {
	const text = await readText(path, largestManifest).catch((error: Error) => {
		throw new UserError(
			'E_CONFIG',
			`Expected --keda to name a file with KEDA's manifest, got ${error.message}: ${path}`,
		);
	});
	const documents = parseAllDocuments(text);
	const fault = documents.flatMap(({errors}) => errors)[0];
	if (fault !== undefined) {
		const {line = 1, col = 1} = fault.linePos?.[0] ?? {};
		const [got = ''] = fault.message.split(/ at line |\n/);
		throw new UserError('E_CONFIG', `${path}:${line}:${col}: Expected KEDA's manifest, got ${got}`);
	}

	const objects = documents.map(document => document.toJS() as KedaObject | null).filter(object => object !== null);
	if (!objects.some(object => object.kind === 'APIService' && object.metadata?.name?.includes('external.metrics'))) {
		throw new UserError(
			'E_CONFIG',
			`${path}: Expected KEDA's manifest with an APIService for external.metrics.k8s.io, got none`,
		);
	}

	return objects;
}
