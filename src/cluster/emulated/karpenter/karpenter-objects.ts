import type {Experiment} from '../../../experiment/experiment.ts';
import type {Consolidation, InstanceType, NodePool} from '../../../experiment/nodes/node-autoscaler.ts';
import {joiningKey} from '../../observe/observe-pool-nodes.ts';
import {emulatedNamespace, type Manifest, namespace, workload} from '../../setup/cluster.ts';
import {quantities} from '../../setup/render-manifests.ts';
import {nodeLabel, nodeTaint} from '../node-plan.ts';

/** Node autoscaler of an emulated replay. */
export type KarpenterSettings = Extract<NonNullable<Experiment['nodeAutoscaler']>, {kind: 'karpenter'}>;

/** Name of the KWOKNodeClass of every pool. */
const nodeClass = {group: 'karpenter.kwok.sh', kind: 'KWOKNodeClass', name: 'replicast'} as const;

/** Operating system of the emulated nodes, which no DaemonSet of the cluster selects. */
const operatingSystem = 'emulated';

/**
 * Resources of a type that the provider keeps from the pods.
 *
 * @see karpenter v1.14.1 kwok/cloudprovider/helpers.go, newInstanceType
 */
const kubeReserved = {cpu: 0.1, memory: 10 * 2 ** 20} as const;

/** Most pools: each has a weight of its own, so that they are tried in the experiment's order. */
export const mostPools = 100;

/** Node autoscaler of an experiment that is Karpenter; undefined where it has none, or another. */
export function karpenterOf({nodeAutoscaler}: Pick<Experiment, 'nodeAutoscaler'>): KarpenterSettings | undefined {
	return nodeAutoscaler?.kind === 'karpenter' ? nodeAutoscaler : undefined;
}

/** Instance types, as KarpenterSettings's provider reads them. */
export function instanceTypesMap({types, zones}: KarpenterSettings): Manifest {
	const text = `${JSON.stringify(
		types.map(type => instanceType(type, zones)),
		null,
		'\t',
	)}\n`;
	return {
		apiVersion: 'v1',
		kind: 'ConfigMap',
		metadata: {name: 'instance-types', namespace: emulatedNamespace},
		data: {'instance-types.json': text},
	} as Manifest;
}

function instanceType({name, allocatable, mostPods, perHour}: InstanceType, zones: readonly string[]): object {
	const {cpu = 0, memory = 0} = allocatable;
	const room = {...allocatable, cpu: cpu + kubeReserved.cpu, memory: memory + kubeReserved.memory};
	const markets = Object.entries(perHour);
	return {
		name,
		architecture: 'amd64',
		operatingSystems: [operatingSystem],
		resources: {...quantities(room), pods: String(mostPods)},
		offerings: zones.flatMap(zone =>
			markets.map(([market, price]) => ({
				Price: price,
				Available: true,
				Requirements: [isIn('karpenter.sh/capacity-type', [market]), isIn('topology.kubernetes.io/zone', [zone])],
			})),
		),
	};
}

/** The pools, and the class of their nodes. */
export function poolObjects(karpenter: KarpenterSettings): Manifest[] {
	const {group, kind, name} = nodeClass;
	return [
		{apiVersion: `${group}/v1alpha1`, kind, metadata: {name}, spec: {}},
		...karpenter.pools.map((pool, index) => poolObject(pool, karpenter, mostPools - index)),
	];
}

function poolObject(pool: NodePool, {types, zones}: KarpenterSettings, weight: number): Manifest {
	const {name, limits, consolidation} = pool;
	return {
		apiVersion: 'karpenter.sh/v1',
		kind: 'NodePool',
		metadata: {name},
		spec: {
			weight,
			...(Object.keys(limits).length > 0 && {limits: limitsOf(limits)}),
			disruption: disruptionOf(consolidation),
			template: {
				metadata: {labels: {[nodeLabel.key]: nodeLabel.value}},
				spec: {
					nodeClassRef: nodeClass,
					expireAfter: 'Never',
					taints: [nodeTaint],
					startupTaints: [{key: joiningKey, effect: 'NoSchedule'}],
					requirements: [
						isIn(
							'node.kubernetes.io/instance-type',
							pool.types.map(type => types[type]!.name),
						),
						isIn(
							'topology.kubernetes.io/zone',
							pool.zones.map(zone => zones[zone]!),
						),
						isIn('karpenter.sh/capacity-type', pool.capacityTypes),
						isIn('kubernetes.io/os', [operatingSystem]),
					],
				},
			},
		},
	};
}

function limitsOf({nodes, ...resources}: Readonly<Record<string, number>>): Readonly<Record<string, string>> {
	return {...quantities(resources), ...(nodes !== undefined && {nodes: String(nodes)})};
}

function disruptionOf({after, policy, budgets}: Consolidation): object {
	return {
		consolidateAfter: after === Number.POSITIVE_INFINITY ? 'Never' : `${after}s`,
		consolidationPolicy: policy,
		budgets: budgets.map(({nodes, reasons}) => ({
			nodes: 'absolute' in nodes ? String(nodes.absolute) : percentOf(nodes.fraction),
			...(reasons !== undefined && {reasons}),
		})),
	};
}

/** The PodDisruptionBudget of the pods; undefined where there is none. */
export function budgetObject({podDisruptionBudget: budget}: KarpenterSettings): Manifest | undefined {
	if (budget === undefined) {
		return undefined;
	}

	const [[rule, share]] = Object.entries(budget) as [[string, {absolute: number} | {fraction: number}]];
	return {
		apiVersion: 'policy/v1',
		kind: 'PodDisruptionBudget',
		metadata: {name: workload, namespace},
		spec: {
			selector: {matchLabels: ownLabels},
			[rule]: 'absolute' in share ? share.absolute : percentOf(share.fraction),
		},
	};
}

const ownLabels = {'app.kubernetes.io/name': workload} as const;

/** Parts of the pods' template that say where they may run. What they require of a node's labels, the pools require. */
export function placementParts({placement}: KarpenterSettings): {readonly annotations: object; readonly spec: object} {
	const {spread, mostOnNode, doNotDisrupt} = placement;
	const labelSelector = {matchLabels: ownLabels};
	return {
		annotations: doNotDisrupt ? {'karpenter.sh/do-not-disrupt': 'true'} : {},
		spec: {
			...(spread.length > 0 && {
				topologySpreadConstraints: spread.map(({over, maxSkew, isHard, minDomains}) => ({
					maxSkew,
					topologyKey: over === 'zone' ? 'topology.kubernetes.io/zone' : 'kubernetes.io/hostname',
					whenUnsatisfiable: isHard ? 'DoNotSchedule' : 'ScheduleAnyway',
					...(minDomains !== undefined && {minDomains}),
					labelSelector,
				})),
			}),
			...(mostOnNode !== undefined && {
				affinity: {
					podAntiAffinity: {
						requiredDuringSchedulingIgnoredDuringExecution: [{labelSelector, topologyKey: 'kubernetes.io/hostname'}],
					},
				},
			}),
		},
	};
}

function isIn(key: string, values: readonly string[]): object {
	return {key, operator: 'In', values};
}

function percentOf(fraction: number): string {
	return `${Math.round(fraction * 100)}%`;
}
