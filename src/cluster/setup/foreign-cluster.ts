import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {UserError} from '../../errors.ts';
import {KubeApi} from '../api/kube-api.ts';
import {runTool} from '../machine/run-tool.ts';
import type {Cluster, ClusterAccess} from './cluster.ts';
import {nodePort} from './cluster.ts';

type ForeignOptions = {
	/** A context of the user's kubeconfig. */
	readonly context: string;
	/** `HOST:PORT` of the Service; the node port of the first node when left out. */
	readonly address?: string;
	readonly scratch: string;
};

/** A cluster that is already there, made by other means. */
export async function openForeignCluster({address, ...options}: ForeignOptions): Promise<Cluster> {
	const access = await reachForeignCluster(options);
	const host = address === undefined ? {host: await nodeAddress(access.api), port: nodePort} : parseAddress(address);
	return {...access, address: host, isOurs: false};
}

/** The API of a cluster of the user's kubeconfig. */
export async function reachForeignCluster({
	context,
	scratch,
}: Pick<ForeignOptions, 'context' | 'scratch'>): Promise<ClusterAccess> {
	const kubeconfig = join(scratch, 'kubeconfig');
	const words = ['config', 'view', '--raw', '--minify', '--flatten', '--context', context];
	await writeFile(kubeconfig, await runTool('kubectl', words), {mode: 0o600});
	return {name: context, kubeconfig, api: await KubeApi.open(kubeconfig), nodes: []};
}

async function nodeAddress(api: KubeApi): Promise<string> {
	const {items} = await api.get<{items: {status: {addresses: {type: string; address: string}[]}}[]}>('/api/v1/nodes');
	const addresses = items[0]?.status.addresses ?? [];
	const found = ['ExternalIP', 'InternalIP'].flatMap(type => addresses.filter(address => address.type === type))[0];
	if (found === undefined) {
		throw new UserError('E_CLUSTER', 'Expected a node with an address, got none; --address names one');
	}

	return found.address;
}

function parseAddress(text: string): Cluster['address'] {
	const [, host = '', port = ''] = /^\[?([^\]]+)\]?:(\d{1,5})$/.exec(text) ?? [];
	if (host === '' || Number(port) > 65_535) {
		throw new UserError('E_USAGE', `Expected --address to be HOST:PORT, got ${text}`);
	}

	return {host, port: Number(port)};
}
