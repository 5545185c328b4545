import {writeFile} from 'node:fs/promises';
import {createServer} from 'node:net';
import {join} from 'node:path';
import {parse, stringify} from 'yaml';
import {UserError} from '../../errors.ts';
import {runTool} from '../machine/run-tool.ts';
import type {Cluster} from './cluster.ts';
import {KubeApi} from './kube-api.ts';
import {nodePort} from './manifest.ts';
import {readText} from './read-manifests.ts';

export type KindOptions = {
	readonly name: string;
	/** Folder for the kubeconfig; the user's own is not touched. */
	readonly scratch: string;
	readonly signal: AbortSignal;
};

/** Whether kind has a cluster of that name. */
export async function hasKindCluster(name: string): Promise<boolean> {
	return (await runTool('kind', ['get', 'clusters'])).split('\n').includes(name);
}

/** Makes a cluster as `k8s/kind.yaml` says; its port on this machine is another one when that is taken. */
export async function createKindCluster({name, scratch, signal}: KindOptions): Promise<void> {
	const config = parse(await readText('kind.yaml')) as KindConfig;
	for (const mapping of config.nodes.flatMap(({extraPortMappings = []}) => extraPortMappings)) {
		mapping.hostPort = await freePort(mapping.hostPort);
	}

	const path = join(scratch, 'kind.yaml');
	await writeFile(path, stringify(config));
	const words = ['create', 'cluster', '--name', name, '--config', path, '--kubeconfig', join(scratch, 'kubeconfig')];
	await runTool('kind', [...words, '--wait', '120s'], {signal});
}

/** The nodes, the API and the address of a kind cluster. */
export async function openKindCluster(
	{name, scratch}: Pick<KindOptions, 'name' | 'scratch'>,
	isOurs: boolean,
): Promise<Cluster> {
	const kubeconfig = join(scratch, 'kubeconfig');
	await writeFile(kubeconfig, await runTool('kind', ['get', 'kubeconfig', '--name', name]), {mode: 0o600});
	const nodes = (await runTool('kind', ['get', 'nodes', '--name', name])).split('\n').filter(node => node !== '');
	return {name, kubeconfig, api: await KubeApi.open(kubeconfig), address: await addressOf(name, nodes), nodes, isOurs};
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
