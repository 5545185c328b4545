import * as z from 'zod';
import {choice, judged, Text} from '../leaves.ts';

/** NodeLabels of a node, or of an instance type, by their key. */
export type NodeLabels = Readonly<Record<string, string>>;

/** Condition on a label, as a NodePool and a node affinity have it. */
export type Requirement = {
	readonly key: string;
	readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt' | 'Gte' | 'Lte';
	readonly values: readonly string[];
};

const operators = ['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt', 'Gte', 'Lte'] as const;

/** A label's value as YAML has it: `generation: 5` is a number to YAML and text to Kubernetes. */
export const LabelValue = z
	.union([z.string(), z.number(), z.boolean()], {error: 'the value of a label'})
	.transform(value => String(value));

export const LabelsSchema = z.record(Text, LabelValue, {error: 'a map of labels'});

/** `{key, operator, values}`; `minValues` is read and not simulated. */
export const RequirementSchema = judged(
	z.strictObject({
		key: Text.describe('Key of the label'),
		operator: choice(...operators).describe('How the label is compared'),
		values: z
			.array(LabelValue, {error: 'a list of values'})
			.default([])
			.describe('Values; one whole number for Gt, Lt, Gte and Lte'),
		minValues: z.number({error: 'a whole number'}).describe('Read and not simulated').exactOptional(),
	}),
	['operator', 'values'],
	({operator, values}) => {
		const list = values as readonly string[];
		const isOrder = operator === 'Gt' || operator === 'Lt' || operator === 'Gte' || operator === 'Lte';
		if (isOrder && !(list.length === 1 && /^\d{1,15}$/.test(list[0]!))) {
			return {path: ['values'], rule: `a list of one whole number, as ${operator} compares with it`};
		}

		return (operator === 'In' || operator === 'NotIn') && list.length === 0
			? {path: ['values'], rule: `a list of at least one value, as ${operator} compares with them`}
			: undefined;
	},
);

/** NodeLabels that Karpenter takes for another. @see karpenter v1.14.1 pkg/apis/v1/labels.go, NormalizedLabels */
const normalized: NodeLabels = {
	'failure-domain.beta.kubernetes.io/zone': 'topology.kubernetes.io/zone',
	'beta.kubernetes.io/arch': 'kubernetes.io/arch',
	'beta.kubernetes.io/os': 'kubernetes.io/os',
	'beta.kubernetes.io/instance-type': 'node.kubernetes.io/instance-type',
};

export function requirementOf({key, operator, values}: z.output<typeof RequirementSchema>): Requirement {
	return {key: normalized[key] ?? key, operator, values};
}

/** Requirements that a selector such as `{zone: a}` is. */
export function requirementsOfLabels(labels: NodeLabels): Requirement[] {
	return Object.entries(labels).map(([key, value]) => ({key: normalized[key] ?? key, operator: 'In', values: [value]}));
}

/**
 * Whether a label's value meets a requirement.
 *
 * @param value - undefined where there is no such label
 * @see karpenter v1.14.1 pkg/scheduling/requirement.go, Has; kubernetes v1.34 labels.Requirement.Matches
 */
export function meets(value: string | undefined, {operator, values}: Requirement): boolean {
	switch (operator) {
		case 'In':
			return value !== undefined && values.includes(value);
		case 'NotIn':
			return value === undefined || !values.includes(value);
		case 'Exists':
			return value !== undefined;
		case 'DoesNotExist':
			return value === undefined;
		case 'Gt':
			return value !== undefined && Number(value) > Number(values[0]);
		case 'Lt':
			return value !== undefined && Number(value) < Number(values[0]);
		case 'Gte':
			return value !== undefined && Number(value) >= Number(values[0]);
		case 'Lte':
			return value !== undefined && Number(value) <= Number(values[0]);
	}
}
