import * as z from 'zod';
import {
	defaultedRequests,
	isExtendedResource,
	isNeverOvercommitted,
	isOtherResource,
} from '../autoscaler/resource-list.ts';
import {Cpu, Memory, Name, Quantity, Text, whole} from './leaves.ts';

/** CPU [cores], memory [bytes], and amounts of other resources, such as `nvidia.com/gpu`, by name. */
export type Resources = {
	readonly cpu?: number;
	readonly memory?: number;
	readonly [other: string]: number;
};

export type Container = {
	readonly name: string;
	readonly image?: string;
	/** A resource that has a limit and no request of its own requests its limit. */
	readonly requests: Resources;
	readonly limits: Resources;
};

/**
 * Nodes of one kind: their number, and the resources that each offers to pods; a resource that is left out is absent.
 */
export type NodeShape = {
	readonly count: number;
	readonly cpu: number;
	readonly memory: number;
	readonly [other: string]: number;
};

/** Keys that an editor offers and takes beside CPU and memory. */
const otherNames = {pattern: '^(cpu|memory|count|ephemeral-storage|hugepages-.+|.+/.+)$'};

const ResourcesSchema = withOthers(
	z.object({
		cpu: Cpu.describe('CPU [cores, or such as 500m]').exactOptional(),
		memory: Memory.describe('Memory [bytes, or such as 512Mi]').exactOptional(),
	}),
);

const ContainerForm = z.strictObject({
	image: Text.describe('Image, by which the container that runs the model may be found').exactOptional(),
	requests: ResourcesSchema.prefault({}).describe(
		'What the scheduler sets aside; utilization is a percentage of it. A resource without one requests its limit',
	),
	limits: ResourcesSchema.prefault({}).describe('What the container may use at most'),
});

type ContainerForm = z.output<typeof ContainerForm>;

const ContainerSchema = judged(ContainerForm).transform(containerOf);

function judged<S extends z.ZodType<ContainerForm>>(schema: S): S {
	return schema.superRefine((value, context) => judgeLimits(value, context), {
		when: ({value, issues}) => isMapOfMaps(value) && !issues.some(({path}) => path?.length !== 2),
	});
}

function containerOf({image, requests, limits}: ContainerForm): Omit<Container, 'name'> {
	return {...(image !== undefined && {image}), requests: defaultedRequests(requests, limits), limits};
}

export const ContainersSchema = z
	.record(Name, ContainerSchema, {error: 'a map of containers'})
	.refine(containers => Object.keys(containers).length > 0, {error: 'a map of at least one container'});

export const InitContainersSchema = z.record(
	Name,
	judged(
		ContainerForm.extend({
			restartPolicy: z
				.literal('Always', {error: 'Always'})
				.describe('Of a native sidecar, which runs beside the containers')
				.exactOptional(),
		}),
	).transform(({restartPolicy, ...form}) => ({
		...containerOf(form),
		...(restartPolicy !== undefined && {restartPolicy}),
	})),
	{error: 'a map of init containers'},
);

export const NodesSchema = withOthers(
	z.object({
		count: whole({min: 1, max: 10_000}).default(1).describe('Nodes'),
		cpu: Cpu.describe('CPU of a node that pods may request [cores]'),
		memory: Memory.describe('Memory of a node that pods may request [bytes]'),
	}),
);

/** The map with resources such as `nvidia.com/gpu` beside its own keys. */
function withOthers<S extends z.ZodRawShape>(schema: z.ZodObject<S>) {
	const known = Object.keys(schema.shape);
	return schema
		.catchall(Quantity.describe('Another resource, such as nvidia.com/gpu or ephemeral-storage'))
		.superRefine((value, context) => {
			for (const [key, amount] of Object.entries(value).filter(([key]) => !known.includes(key))) {
				if (!isOtherResource(key)) {
					// The message lists the keys that are known, as for a map that takes no others.
					const message = [...known, 'ephemeral-storage'].join('\n');
					context.addIssue({code: 'unrecognized_keys', keys: [key], input: value, message});
				} else if (isExtendedResource(key) && typeof amount === 'number' && !Number.isInteger(amount)) {
					context.addIssue({code: 'custom', path: [key], message: 'a whole number'});
				}
			}
		})
		.meta({propertyNames: otherNames});
}

/** A request is at most its limit; of what is never overcommitted it is the limit. */
function judgeLimits({requests, limits}: ContainerForm, context: z.RefinementCtx): void {
	for (const [resource, request] of Object.entries(requests)) {
		const limit = limits[resource];
		if (isNeverOvercommitted(resource) && request !== limit) {
			const message = limit === undefined ? 'given as a limit too' : 'equal to its limit';
			context.addIssue({code: 'custom', path: ['requests', resource], message});
		} else if (typeof request === 'number' && typeof limit === 'number' && request > limit) {
			context.addIssue({code: 'custom', path: ['requests', resource], message: 'at most its limit'});
		}
	}
}

function isMapOfMaps(value: unknown): boolean {
	const isMap = (item: unknown) => typeof item === 'object' && item !== null;
	return isMap(value) && 'requests' in value! && 'limits' in value && isMap(value.requests) && isMap(value.limits);
}
