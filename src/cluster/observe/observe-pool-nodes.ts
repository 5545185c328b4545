import {unixNow} from './clock.ts';
import type {PoolNodeEntry} from './entry.ts';
import type {Observer} from './observe-pods.ts';
import {watchList} from './watch-list.ts';

type Condition = {readonly type: string; readonly status: string; readonly reason?: string};

type WatchedNode = {
	readonly metadata: {readonly name: string; readonly labels?: Readonly<Record<string, string>>};
	readonly spec?: {readonly taints?: readonly {readonly key: string}[]};
	readonly status?: {readonly conditions?: readonly Condition[]};
};

type WatchedClaim = WatchedNode & {readonly status?: {readonly providerID?: string}};

const poolKey = 'karpenter.sh/nodepool';
const prefix = 'kwok://';

/** Taint of a node of Karpenter until the replay lets pods onto it. */
export const joiningKey = 'replicast/joining';

/** Watches the nodes of Karpenter's pools: when each was ordered, is there and Ready, why it goes, and when it has gone. */
export async function observePoolNodes(observer: Observer): Promise<void> {
	await Promise.all([observeClaims(observer), observeNodes(observer)]);
}

/** Watches the claims: their nodes, and the reason for which each is to go. */
async function observeClaims({api, write, signal}: Observer): Promise<void> {
	const last = new Map<string, string>();
	await watchList<WatchedClaim>(api, {
		path: '/apis/karpenter.sh/v1/nodeclaims',
		signal,
		onGap: seconds => write({type: 'gap', at: unixNow(), what: 'node claims', seconds}),
		onChange(change, {metadata: {name: claim}, status}) {
			const node = status?.providerID?.startsWith(prefix) === true ? status.providerID.slice(prefix.length) : undefined;
			const disruption = status?.conditions?.find(({type, status}) => type === 'DisruptionReason' && status === 'True');
			const reason = disruption?.reason;
			const seen = {...(node !== undefined && {node}), ...(reason !== undefined && {reason})};
			const text = JSON.stringify(seen);
			if (change === 'there' && last.get(claim) !== text) {
				last.set(claim, text);
				write({type: 'nodeClaim', at: unixNow(), claim, ...seen});
			}
		},
	});
}

async function observeNodes({api, write, signal}: Observer): Promise<void> {
	const last = new Map<string, string>();
	await watchList<WatchedNode>(api, {
		path: '/api/v1/nodes',
		selector: poolKey,
		signal,
		onGap: seconds => write({type: 'gap', at: unixNow(), what: 'nodes', seconds}),
		onChange(change, node) {
			const {name} = node.metadata;
			if (change === 'gone') {
				last.delete(name);
				write({type: 'poolNodeGone', at: unixNow(), node: name});
				return;
			}

			const state = stateOf(node);
			const text = JSON.stringify(state);
			if (last.get(name) !== text) {
				last.set(name, text);
				write({type: 'poolNode', at: unixNow(), ...state});
			}
		},
	});
}

function stateOf({metadata: {name: node, labels = {}}, spec, status}: WatchedNode): Omit<PoolNodeEntry, 'type' | 'at'> {
	const isUp = status?.conditions?.some(({type, status}) => type === 'Ready' && status === 'True') ?? false;
	const keys = (spec?.taints ?? []).map(({key}) => key);
	return {
		node,
		pool: labels[poolKey] ?? '',
		instanceType: labels['node.kubernetes.io/instance-type'] ?? '',
		zone: labels['topology.kubernetes.io/zone'] ?? '',
		market: labels['karpenter.sh/capacity-type'] ?? '',
		isUp,
		isReady: isUp && !keys.includes(joiningKey) && !keys.includes('karpenter.sh/unregistered'),
		...(keys.includes(joiningKey) && {joining: keys.indexOf(joiningKey)}),
	};
}
