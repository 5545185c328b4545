import * as z from 'zod';
import {choice, whole} from '../leaves.ts';
import {LabelsSchema, type Requirement, RequirementSchema, requirementOf, requirementsOfLabels} from './requirement.ts';
import {type Toleration, TolerationSchema} from './taint.ts';

/** Rules on the nodes that the pods of the Deployment may run on. */
export type PodPlacement = {
	/** Conditions that a node meets which takes a pod, all of them. */
	readonly requirements: readonly Requirement[];
	readonly tolerations: readonly Toleration[];
	readonly spread: readonly SpreadConstraint[];
	/** Most pods of the Deployment on a node, by an anti-affinity between them; left out: no bound. */
	readonly mostOnNode?: 1;
	/** Whether Karpenter may not evict them. */
	readonly doNotDisrupt: boolean;
};

/** Topology spread constraint over the pods of the Deployment. */
export type SpreadConstraint = {
	readonly over: 'zone' | 'hostname';
	readonly maxSkew: number;
	readonly isHard: boolean;
	readonly minDomains?: number;
};

const zoneKey = 'topology.kubernetes.io/zone';
const hostKey = 'kubernetes.io/hostname';
const Topology = choice(zoneKey, hostKey);
const unread = z.unknown().describe('Read and not simulated').exactOptional();

const Terms = z
	.array(
		z.strictObject({
			matchExpressions: z.array(RequirementSchema, {error: 'a list of expressions'}).default([]),
		}),
		{error: 'a list of terms'},
	)
	.length(1, {error: 'a list of one term, as alternatives are not simulated'});

const Affinity = z.strictObject({
	nodeAffinity: z
		.strictObject({
			requiredDuringSchedulingIgnoredDuringExecution: z.strictObject({nodeSelectorTerms: Terms}).exactOptional(),
			preferredDuringSchedulingIgnoredDuringExecution: unread,
		})
		.describe('Nodes that a pod must have')
		.exactOptional(),
	podAffinity: z
		.strictObject({
			requiredDuringSchedulingIgnoredDuringExecution: z
				.undefined({error: 'left out, as pods that must be near others are not simulated'})
				.exactOptional(),
			preferredDuringSchedulingIgnoredDuringExecution: unread,
		})
		.describe('Preferred: read and not simulated')
		.exactOptional(),
	podAntiAffinity: z
		.strictObject({
			requiredDuringSchedulingIgnoredDuringExecution: z
				.array(z.looseObject({topologyKey: z.literal(hostKey, {error: hostKey})}), {error: 'a list of terms'})
				.exactOptional(),
			preferredDuringSchedulingIgnoredDuringExecution: unread,
		})
		.describe('Required: one pod of the Deployment on a node')
		.exactOptional(),
});

const Spread = z.strictObject({
	maxSkew: whole({min: 1, max: 10_000}).describe('Most pods by which two domains may differ'),
	topologyKey: Topology.describe('What a domain is'),
	whenUnsatisfiable: choice('DoNotSchedule', 'ScheduleAnyway').describe('Whether a pod waits rather than break it'),
	minDomains: whole({min: 1, max: 10_000}).describe('Domains that there must be').exactOptional(),
	labelSelector: unread,
	matchLabelKeys: unread,
	nodeAffinityPolicy: unread,
	nodeTaintsPolicy: unread,
});

/** The part of a pod's spec that says where it may run. */
export const PodPlacementSchema = z.strictObject({
	nodeSelector: LabelsSchema.default({}).describe('NodeLabels that a node must have'),
	tolerations: z
		.array(TolerationSchema, {error: 'a list of tolerations'})
		.default([])
		.describe('Taints that it tolerates'),
	affinity: Affinity.prefault({}).describe('Required affinities; preferred ones are not simulated'),
	topologySpreadConstraints: z
		.array(Spread, {error: 'a list of constraints'})
		.default([])
		.describe('How pods are spread over zones and nodes'),
	doNotDisrupt: z
		.boolean({error: 'true or false'})
		.default(false)
		.describe('Whether the pods have the annotation karpenter.sh/do-not-disrupt'),
});

type PlacementFile = z.output<typeof PodPlacementSchema>;

export function placementOf(file: PlacementFile): PodPlacement {
	const terms = file.affinity.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
	const anti = file.affinity.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
	return {
		requirements: [
			...requirementsOfLabels(file.nodeSelector),
			...terms.flatMap(({matchExpressions}) => matchExpressions.map(requirementOf)),
		],
		tolerations: file.tolerations.map(({tolerationSeconds: _, ...toleration}) => toleration),
		spread: file.topologySpreadConstraints.map(({maxSkew, topologyKey, whenUnsatisfiable, minDomains}) => ({
			over: topologyKey === zoneKey ? 'zone' : 'hostname',
			maxSkew,
			isHard: whenUnsatisfiable === 'DoNotSchedule',
			...(minDomains !== undefined && {minDomains}),
		})),
		...(anti.length > 0 && {mostOnNode: 1}),
		doNotDisrupt: file.doNotDisrupt,
	};
}

/** Parts of the placement that are read and not simulated, in words. */
export function unreadPlacement({affinity, tolerations}: PlacementFile): string[] {
	const has: readonly [unknown, string][] = [
		[affinity.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution, 'preferred node affinities'],
		[affinity.podAffinity?.preferredDuringSchedulingIgnoredDuringExecution, 'preferred pod affinities'],
		[affinity.podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution, 'preferred anti-affinities'],
		[tolerations.find(({tolerationSeconds}) => tolerationSeconds !== undefined), 'tolerationSeconds'],
	];
	return has.flatMap(([is, words]) => (is === undefined ? [] : [words]));
}
