import {UserError} from '../../errors.ts';
import {parseQuantity} from '../../kubernetes/quantity.ts';
import {KubeRefusal} from '../kube-get.ts';
import type {KubeApi} from '../setup/kube-api.ts';
import {collectionPath, type JobNames} from './job-objects.ts';

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
async function nodesOf(api: Pick<KubeApi, 'get'>, {namespace, search, storage}: JobNames): Promise<Node[]> {
	try {
		if (storage.kind === 'claim' && storage.accessMode === 'ReadWriteOnce') {
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
