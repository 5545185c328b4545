import * as z from 'zod';
import {TimeDistribution} from '../distribution-schema.ts';
import {Cpu, choice, Duration, FilePath, judged, Memory, Name, number, parsePercent, Text, whole} from '../leaves.ts';
import {InstanceCatalogueFile, stageMeanings} from './instance-catalogue.ts';
import {NodePoolManifest} from './node-pool-schema.ts';
import {PodPlacementSchema} from './pod-placement.ts';
import {LabelsSchema} from './requirement.ts';
import {TaintSchema} from './taint.ts';

const Delay = (meaning: string) =>
	z
		.union([Duration.transform(value => ({distribution: 'constant' as const, value})), TimeDistribution], {
			error: 'a duration such as 40s, or a distribution of durations',
		})
		.describe(`${meaning} [duration]`)
		.exactOptional();

const shareRule = 'a whole number of pods, or a percentage such as 25%';
const Share = z.union([z.string(), z.number()], {error: shareRule}).transform((share, context) => {
	try {
		if (typeof share === 'string') {
			return {fraction: parsePercent(share)};
		}

		if (Number.isInteger(share) && share >= 0) {
			return {absolute: share};
		}
	} catch {
		// The rule below says what is wanted.
	}

	context.addIssue({code: 'custom', message: shareRule});
	return z.NEVER;
});

const Budget = judged(
	z.strictObject({
		minAvailable: Share.describe('Pods that must stay ready, rounded up [pods or %]').exactOptional(),
		maxUnavailable: Share.describe('Pods that may be away, rounded up [pods or %]').exactOptional(),
	}),
	['minAvailable', 'maxUnavailable'],
	({minAvailable, maxUnavailable}) =>
		(minAvailable === undefined) === (maxUnavailable === undefined)
			? {path: [], rule: 'a map with one of minAvailable and maxUnavailable'}
			: undefined,
);

const common = {
	instanceTypes: z
		.union([FilePath, InstanceCatalogueFile], {error: 'the path of a catalogue of instance types'})
		.prefault('../models/instances/aws-us-east-1.yaml')
		.describe('Path of a catalogue of instance types'),
	zones: z
		.array(Text, {error: 'a list of zones'})
		.min(1, {error: 'a list of at least one zone'})
		.describe('Zones of the cluster; those of the catalogue when left out')
		.exactOptional(),
	delays: z
		.strictObject({
			request: Delay(stageMeanings.request),
			boot: Delay(stageMeanings.boot),
			join: Delay(stageMeanings.join),
			driver: Delay(stageMeanings.driver),
			images: Delay(stageMeanings.images),
			weights: Delay(stageMeanings.weights),
		})
		.prefault({})
		.describe('How long a node takes to come, in the place of what the catalogue says'),
	daemonSets: z
		.strictObject({
			cpu: Cpu.describe('CPU that they request on a node [cores]').exactOptional(),
			memory: Memory.describe('Memory that they request on a node [bytes]').exactOptional(),
			pods: whole({min: 0, max: 100}).default(0).describe('Their pods on a node'),
		})
		.prefault({})
		.describe('What the pods of DaemonSets take of every node; nothing when left out'),
	placement: PodPlacementSchema.prefault({}).describe('Where the pods may run, as a pod’s spec says it'),
	podDisruptionBudget: Budget.describe('Pods that evictions must leave; no bound when left out').exactOptional(),
	spare: z
		.strictObject({
			replicas: whole({min: 0, max: 10_000}).describe('Pods that do nothing and make way for those that serve'),
			cpu: Cpu.describe('CPU that one requests; as much as a pod that serves when left out [cores]').exactOptional(),
			memory: Memory.describe(
				'Memory that one requests; as much as a pod that serves when left out [bytes]',
			).exactOptional(),
		})
		.describe('Over-provisioning with pause pods of a lower priority; none when left out')
		.exactOptional(),
};

const Karpenter = z.strictObject({
	kind: z.literal('karpenter', {error: 'karpenter or cluster-autoscaler'}).describe('Who adds and removes nodes'),
	nodePools: z
		.array(NodePoolManifest, {error: 'the path of a file of NodePools, or a list of them'})
		.min(1, {error: 'a list of at least one NodePool'})
		.describe('Path of a file of NodePools, or a list of such paths and of manifests'),
	batchMaxDuration: Duration.prefault('10s').describe('Longest wait for further pods (BATCH_MAX_DURATION) [duration]'),
	batchIdleDuration: Duration.prefault('1s').describe(
		'Wait for a further pod after the last one (BATCH_IDLE_DURATION) [duration]',
	),
	...common,
});

const NodeGroup = judged(
	z.strictObject({
		name: Name.describe('Name of the group'),
		instanceType: Text.describe('Type of its nodes'),
		minSize: whole({min: 0, max: 10_000}).default(0).describe('Fewest nodes'),
		maxSize: whole({min: 1, max: 10_000}).describe('Most nodes'),
		capacityType: choice('on-demand', 'spot').default('on-demand').describe('Market that its nodes come from'),
		zones: z.array(Text, {error: 'a list of zones'}).describe('Its zones; all when left out').exactOptional(),
		labels: LabelsSchema.default({}).describe('NodeLabels of its nodes'),
		taints: z.array(TaintSchema, {error: 'a list of taints'}).default([]).describe('Taints of its nodes'),
	}),
	['minSize', 'maxSize'],
	({minSize, maxSize}) =>
		typeof minSize === 'number' && typeof maxSize === 'number' && minSize > maxSize
			? {path: ['minSize'], rule: `at most maxSize, ${maxSize}`}
			: undefined,
);

const ClusterAutoscaler = z.strictObject({
	kind: z.literal('cluster-autoscaler', {error: 'karpenter or cluster-autoscaler'}),
	nodeGroups: z
		.array(NodeGroup, {error: 'a list of node groups'})
		.min(1, {error: 'a list of at least one node group'})
		.describe('Groups of equal nodes'),
	scanInterval: Duration.prefault('10s').describe('Time between two looks at the cluster (scan-interval) [duration]'),
	expander: choice('least-waste', 'least-nodes', 'most-pods', 'price', 'random')
		.default('least-waste')
		.describe('Which group grows where several could'),
	scaleDownDelayAfterAdd: Duration.prefault('10m').describe('scale-down-delay-after-add [duration]'),
	scaleDownDelayAfterDelete: Duration.prefault('0s').describe('scale-down-delay-after-delete [duration]'),
	scaleDownUnneededTime: Duration.prefault('10m').describe('scale-down-unneeded-time [duration]'),
	scaleDownUtilizationThreshold: number({min: 0, max: 1})
		.default(0.5)
		.describe('scale-down-utilization-threshold: requests by what a node offers, up to which it is unneeded [1]'),
	scaleDownGpuUtilizationThreshold: number({min: 0, max: 1})
		.default(0.5)
		.describe('scale-down-gpu-utilization-threshold, of nodes with GPUs [1]'),
	maxScaleDownParallelism: whole({min: 1, max: 1000}).default(10).describe('max-scale-down-parallelism [nodes]'),
	maxDrainParallelism: whole({min: 1, max: 1000}).default(1).describe('max-drain-parallelism [nodes]'),
	...common,
});

/** Autoscaler of nodes: adds them for pods that find no room, and removes nodes that are not needed. */
export const NodeAutoscalerSchema = z.discriminatedUnion('kind', [Karpenter, ClusterAutoscaler], {
	error: 'a map with the kind karpenter or cluster-autoscaler',
});

export type NodeAutoscalerFile = z.output<typeof NodeAutoscalerSchema>;
