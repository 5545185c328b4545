import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {parseQuantity} from '../../autoscaler/quantity.ts';
import {UserError} from '../../errors.ts';
import {packageRoot} from '../../store/disk/package.ts';
import {type KubeApi, KubeRefusal} from '../api/kube-api.ts';
import type {ClusterAccess} from '../setup/cluster.ts';
import {type Build, buildImage, digest, loadImage, makeBundle} from '../setup/images.ts';
import {collectionPath, type JobNames} from './job-objects.ts';
import type {JobOptions} from './job-options.ts';
import {digestOf} from './pod/shard-work.ts';

type Providing = {
	readonly access: ClusterAccess;
	readonly signal: AbortSignal;
	readonly report: (text: string) => void;
};

/** Digest of the program that evaluates shards, as this package has it. */
export async function shardProgram(): Promise<string> {
	await makeBundle('bundle-shard.js', programPath());
	return digestOf(await readFile(programPath(), 'utf8'));
}

/** Plan for building the image. Its tag is a digest of its contents. */
export async function planShardImage(): Promise<Build> {
	const dockerfile = join(packageRoot(), 'k8s', 'replicast', 'Dockerfile');
	const tag = await digest([dockerfile, programPath()], '');
	return {image: `replicast:${tag}`, words: ['--file', dockerfile, join(packageRoot(), 'dist', 'shard-image')]};
}

/** Provides the image to the cluster: it is built and loaded into a kind cluster, else it is the user's. */
export async function provideImage(
	{image, place}: Pick<JobOptions, 'image' | 'place'>,
	{access, signal, report}: Providing,
): Promise<{readonly image: string; readonly how: string}> {
	if (image !== undefined) {
		return {image, how: image};
	}

	const plan = await planShardImage();
	if (place.kind === 'foreign') {
		throw new RangeError('Expected an image with a cluster that is not kind');
	}

	const built = await buildImage(plan, signal);
	report(`${plan.image} ${built}`);
	const loaded = await loadImage(plan.image, access, signal);
	return {image: plan.image, how: `${plan.image}, ${built === 'built' ? 'built, ' : ''}${loaded}`};
}

function programPath(): string {
	return join(packageRoot(), 'dist', 'shard-image', 'shard.cjs');
}

type Node = {
	readonly metadata: {readonly name: string};
	readonly spec?: {
		readonly unschedulable?: boolean;
		readonly taints?: readonly {readonly effect: string}[];
	};
	readonly status: {readonly allocatable?: {readonly cpu?: string}};
};

/**
 * A shard for each whole core of the nodes that its pods may run on.
 *
 * @throws {UserError} E_CLUSTER when the nodes may not be looked at
 */
export async function countShards(api: Pick<KubeApi, 'get'>, names: JobNames): Promise<number> {
	const nodes = await nodesOf(api, names);
	const cores = nodes.reduce((sum, {status}) => sum + Math.floor(parseQuantity(status.allocatable?.cpu ?? 0)), 0);
	return Math.max(1, cores);
}

/** The one that has the claim where it can be on one only, else all that take pods. */
async function nodesOf(api: Pick<KubeApi, 'get'>, {namespace, search, claim}: JobNames): Promise<Node[]> {
	try {
		if (claim.accessMode === 'ReadWriteOnce') {
			const keeper = await api.get<{spec: {nodeName: string}}>(`${collectionPath('Pod', namespace)}/${search}`);
			return [await api.get<Node>(`/api/v1/nodes/${keeper.spec.nodeName}`)];
		}

		const {items} = await api.get<{items: Node[]}>('/api/v1/nodes');
		return items.filter(({spec = {}}) => {
			const isTainted = spec.taints?.some(({effect}) => effect !== 'PreferNoSchedule') === true;
			return spec.unschedulable !== true && !isTainted;
		});
	} catch (error) {
		if (error instanceof KubeRefusal && error.status === 403) {
			throw new UserError(
				'E_CLUSTER',
				`Expected --shards to be given where nodes cannot be read, got ${error.message}`,
				{
					cause: error,
				},
			);
		}

		throw error;
	}
}
