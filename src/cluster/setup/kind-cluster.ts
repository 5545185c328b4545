import {writeFile} from 'node:fs/promises';
import {createServer} from 'node:net';
import {join} from 'node:path';
import {parse} from 'yaml';
import {kubectlYaml} from '../../autoscaler/kubectl-yaml.ts';
import {UserError} from '../../errors.ts';
import {KubeApi} from '../api/kube-api.ts';
import {runTool} from '../machine/run-tool.ts';
import type {Cluster, ClusterAccess} from './cluster.ts';
import {nodePort} from './cluster.ts';
import {readManifestText} from './read-manifests.ts';

type KindOptions = {
	readonly name: string;
	/** Folder for the kubeconfig; the user's own is not touched. */
	readonly scratch: string;
	readonly signal: AbortSignal;
};

/** Whether kind has a cluster of that name. */
async function hasKindCluster(name: string): Promise<boolean> {
	return (await runTool('kind', ['get', 'clusters'])).split('\n').includes(name);
}

/** Makes a cluster as `k8s/kind.yaml` says; its port on this machine is another one when that is taken. */
async function createKindCluster({name, scratch, signal}: KindOptions): Promise<void> {
	const config = parse(await readManifestText('kind.yaml')) as KindConfig;
	for (const mapping of config.nodes.flatMap(({extraPortMappings = []}) => extraPortMappings)) {
		mapping.hostPort = await freePort(mapping.hostPort);
	}

	const path = join(scratch, 'kind.yaml');
	await writeFile(path, kubectlYaml(config));
	const words = ['create', 'cluster', '--name', name, '--config', path, '--kubeconfig', join(scratch, 'kubeconfig')];
	await runTool('kind', [...words, '--wait', '120s'], {signal});
}

/**
 * Makes a kind cluster unless there is one of that name.
 *
 * @returns whether it was made
 */
export async function ensureKindCluster(options: KindOptions): Promise<boolean> {
	const {name} = options;
	const isThere = await hasKindCluster(name);
	if (!isThere) {
		await createKindCluster(options).catch(async (error: unknown) => {
			if (!isThereMeanwhile(error)) {
				await deleteKindCluster(name); // half of one is of no use
			}

			throw error;
		});
	}

	return !isThere;
}

/** Another process was making one of the same name. */
function isThereMeanwhile(error: unknown): boolean {
	return error instanceof UserError && /already exist/.test(error.message);
}

/** The nodes and the API of a kind cluster. */
export async function reachKindCluster({name, scratch}: Pick<KindOptions, 'name' | 'scratch'>): Promise<ClusterAccess> {
	const kubeconfig = join(scratch, 'kubeconfig');
	await writeFile(kubeconfig, await runTool('kind', ['get', 'kubeconfig', '--name', name]), {mode: 0o600});
	const nodes = (await runTool('kind', ['get', 'nodes', '--name', name])).split('\n').filter(node => node !== '');
	return {name, kubeconfig, api: await KubeApi.open(kubeconfig), nodes};
}

/** Opens a kind cluster and finds the address of its Service. */
export async function openKindCluster(
	options: Pick<KindOptions, 'name' | 'scratch'>,
	isOurs: boolean,
): Promise<Cluster> {
	const access = await reachKindCluster(options);
	return {...access, address: await addressOf(access.name, access.nodes), isOurs};
}

export async function deleteKindCluster(name: string): Promise<void> {
	await runTool('kind', ['delete', 'cluster', '--name', name, '--kubeconfig', '/dev/null']);
}

type KindConfig = {nodes: {extraPortMappings?: {hostPort: number}[]}[]};

async function addressOf(name: string, nodes: readonly string[]): Promise<Cluster['address']> {
	for (const node of nodes) {
		const mapped = await runTool('docker', ['port', node, `${nodePort}/tcp`]).catch(() => '');
		const [, port] = /:(\d+)\s*$/m.exec(mapped) ?? [];
		if (port !== undefined) {
			return {host: '127.0.0.1', port: Number(port)};
		}
	}

	throw new UserError(
		'E_CLUSTER',
		`Expected the kind cluster ${name} to map port ${nodePort} to this machine, got no mapping; k8s/kind.yaml has one`,
	);
}

/** `wanted`, or any free port when something listens there. */
async function freePort(wanted: number): Promise<number> {
	const tryPort = (port: number) =>
		new Promise<number>((resolve, reject) => {
			const server = createServer();
			server.once('error', reject);
			server.listen(port, '127.0.0.1', () => {
				const address = server.address();
				server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : port));
			});
		});
	return tryPort(wanted).catch(async () => tryPort(0));
}
