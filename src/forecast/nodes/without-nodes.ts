import type {NodeAutoscaler} from '../../experiment/nodes/node-autoscaler.ts';
import {nodeStages} from '../../experiment/nodes/node-stages.ts';

/** Parts of node autoscaling, each with a run that takes it away. */
export const nodeEffects = ['wait', 'spare', 'consolidation'] as const;
export type NodeEffect = (typeof nodeEffects)[number];

/** The node autoscaler whose nodes are there as soon as a pod wants one. */
export function nodesAtOnce(nodes: NodeAutoscaler): NodeAutoscaler {
	const none = {distribution: 'constant', value: 0} as const;
	const delays = Object.fromEntries(nodeStages.map(stage => [stage, none])) as NodeAutoscaler['delays'];
	return nodes.kind === 'karpenter'
		? {...nodes, delays, batchMaxDuration: 0, batchIdleDuration: 0}
		: {...nodes, delays, scanInterval: Math.min(1, nodes.scanInterval)};
}

/** The node autoscaler without spare pods. */
export function withoutSpare({spare: _, ...rest}: NodeAutoscaler): NodeAutoscaler {
	return rest as NodeAutoscaler;
}

/** The node autoscaler that removes no node before it is empty: what consolidation beyond that does is the difference. */
export function onlyWhenEmpty(nodes: NodeAutoscaler): NodeAutoscaler {
	return {
		...nodes,
		...(nodes.kind === 'cluster-autoscaler' && {scaleDownUtilizationThreshold: 0, scaleDownGpuUtilizationThreshold: 0}),
		pools: nodes.pools.map(pool => ({...pool, consolidation: {...pool.consolidation, policy: 'WhenEmpty' as const}})),
	};
}
