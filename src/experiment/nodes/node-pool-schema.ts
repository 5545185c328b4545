import * as z from 'zod';
import {choice, Duration, Name, Quantity, Text, whole} from '../leaves.ts';
import {LabelsSchema, RequirementSchema} from './requirement.ts';
import {TaintSchema} from './taint.ts';

const unread = z.unknown().describe('Read and not simulated').exactOptional();

const durationOrNever = (meaning: string) =>
	z
		.union([z.literal('Never'), Duration], {error: 'a duration such as 30s, or Never'})
		.transform(value => (value === 'Never' ? Number.POSITIVE_INFINITY : value))
		.describe(meaning);

const nodesRule = 'a number of nodes, or a percentage such as 10%';

const Budget = z.strictObject({
	nodes: z
		.union([z.string(), z.number()], {error: nodesRule})
		.refine(value => /^((100|[0-9]{1,2})%|[0-9]{1,6})$/.test(String(value)), {error: nodesRule})
		.transform(value => String(value))
		.default('10%')
		.describe('Nodes that may be disrupted at a time [nodes or %]'),
	reasons: z
		.array(choice('Underutilized', 'Empty', 'Drifted'), {error: 'a list of reasons'})
		.describe('Reasons that it holds for; all when left out')
		.exactOptional(),
	schedule: z.undefined({error: 'left out, as budgets by the clock are not simulated'}).exactOptional(),
	duration: z.unknown().describe('Of the schedule').exactOptional(),
});

const Disruption = z.strictObject({
	consolidateAfter: durationOrNever(
		'Time without a change of its pods after which a node may be consolidated [duration, or Never]',
	).prefault('0s'),
	consolidationPolicy: choice('WhenEmpty', 'WhenEmptyOrUnderutilized')
		.default('WhenEmptyOrUnderutilized')
		.describe('Nodes that are consolidated; Balanced is not simulated'),
	budgets: z
		.array(Budget, {error: 'a list of budgets'})
		.prefault([{nodes: '10%'}])
		.describe('Nodes that may be disrupted at a time'),
});

const Template = z.strictObject({
	metadata: z
		.strictObject({
			labels: LabelsSchema.prefault({}).describe('NodeLabels of the nodes'),
			annotations: unread,
		})
		.prefault({}),
	spec: z.strictObject({
		requirements: z
			.array(RequirementSchema, {error: 'a list of requirements'})
			.default([])
			.describe('Instance types, zones and capacity types that may be launched'),
		taints: z.array(TaintSchema, {error: 'a list of taints'}).default([]).describe('Taints of the nodes'),
		startupTaints: unread,
		expireAfter: durationOrNever('Read and not simulated').exactOptional(),
		nodeClassRef: unread,
		terminationGracePeriod: unread,
	}),
});

/**
 * NodePool of Karpenter as `kubectl apply` takes it.
 *
 * @see karpenter v1.14.1 pkg/apis/v1/nodepool.go, NodePoolSpec
 */
export const NodePoolManifest = z.strictObject({
	apiVersion: z.literal('karpenter.sh/v1', {error: 'karpenter.sh/v1'}).describe('Version of the API'),
	kind: z.literal('NodePool', {error: 'NodePool'}).describe('Kind of the object'),
	metadata: z.looseObject({name: Name.describe('Name of the pool')}),
	spec: z.strictObject({
		template: Template.describe('What its nodes are like'),
		disruption: Disruption.prefault({}).describe('When its nodes are removed'),
		limits: z
			.record(Text, Quantity, {error: 'a map of limits'})
			.describe('Most that the pool may have: cpu, memory, nodes, or another resource')
			.exactOptional(),
		weight: whole({min: 1, max: 100}).describe('Pools of a higher weight are tried first').exactOptional(),
		replicas: z.undefined({error: 'left out, as pools of a fixed size are not simulated'}).exactOptional(),
	}),
	status: unread,
});

export type NodePoolFile = z.output<typeof NodePoolManifest>;

/** Parts of a NodePool that are read and not simulated, in words. */
export function unreadParts({spec, metadata}: NodePoolFile, duration: number): string[] {
	const {template} = spec;
	const {requirements, startupTaints, expireAfter, terminationGracePeriod} = template.spec;
	const has: readonly [boolean, string][] = [
		[requirements.some(({minValues}) => minValues !== undefined), 'minValues of requirements'],
		[startupTaints !== undefined, 'startupTaints'],
		[(expireAfter ?? Number.POSITIVE_INFINITY) < duration, 'expireAfter, although it is shorter than the run'],
		[terminationGracePeriod !== undefined, 'terminationGracePeriod'],
	];
	return has.flatMap(([is, words]) => (is ? [`${words} of NodePool ${metadata.name}`] : []));
}
