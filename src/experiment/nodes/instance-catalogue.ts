import * as z from 'zod';
import {coefficient, modelHead} from '../coefficient.ts';
import {isCurrency} from '../currency.ts';
import {SecondsDistribution} from '../distribution-schema.ts';
import {Cpu, judged, Memory, number, Quantity, Text, whole} from '../leaves.ts';
import type {NodeStage} from './node-stages.ts';
import {LabelsSchema} from './requirement.ts';

/** Meaning of the stages. */
export const stageMeanings: Readonly<Record<NodeStage, string>> = {
	request: 'From the order to the instance being launched',
	boot: 'From the launch to the kubelet’s start',
	join: 'From the kubelet’s start to the node being Ready',
	driver: 'From Ready to the GPUs being there, on nodes that have any',
	images: 'Pull of the images by the first pod on a node, beside what the start-up model has',
	weights: 'Download of the model’s weights by the first pod on a node, beside what the start-up model has',
};

const currencyRule = 'the ISO 4217 code of a currency, such as USD or EUR';
const Price = number({above: 0, max: 1e6});

const Resources = {
	cpu: Cpu.describe('CPU [cores, or such as 1930m]'),
	memory: Memory.describe('Memory [bytes, or such as 8Gi]'),
};

const others = Quantity.describe('Another resource, such as nvidia.com/gpu');

const InstanceTypeSchema = judged(
	z.strictObject({
		capacity: z.object(Resources).catchall(others).describe('What the instance has'),
		allocatable: z
			.object({...Resources, pods: whole({min: 1, max: 10_000}).default(110).describe('Most pods')})
			.catchall(others)
			.describe('What pods may request'),
		perHour: Price.describe('Price on demand, an hour'),
		spotPerHour: Price.describe(
			'Price on the spot market, an hour; the share of the catalogue when left out',
		).exactOptional(),
		labels: LabelsSchema.default({}).describe('NodeLabels of its nodes, beside its name'),
	}),
	['capacity', 'allocatable'],
	({capacity, allocatable}) => {
		const above = (['cpu', 'memory'] as const).find(name => amountOf(allocatable, name) > amountOf(capacity, name));
		return above === undefined ? undefined : {path: ['allocatable', above], rule: 'at most what the instance has'};
	},
);

function amountOf(resources: unknown, name: 'cpu' | 'memory'): number {
	const amount = (resources as Readonly<Record<string, unknown>>)[name];
	return typeof amount === 'number' ? amount : Number.NaN;
}

const delay = (stage: NodeStage) => coefficient(SecondsDistribution, 's', stageMeanings[stage]);

/** Catalogue of instance types: what they have, what they cost, and how long their nodes take to come. */
export const InstanceCatalogueFile = z
	.strictObject({
		...modelHead('InstanceCatalogue'),
		currency: z
			.string({error: currencyRule})
			.refine(isCurrency, {error: currencyRule})
			.default('USD')
			.describe('Currency of all prices: a code of ISO 4217'),
		region: z.string({error: 'text'}).describe('Where the prices hold').exactOptional(),
		source: Text.describe('Where the types and their prices come from'),
		zones: z
			.array(Text, {error: 'a list of zones'})
			.min(1, {error: 'a list of at least one zone'})
			.describe('Zones that have all the types'),
		spotShare: coefficient(number({above: 0, max: 1}), '1', 'Price of a spot instance by that on demand'),
		split: z
			.strictObject({
				perCoreHour: number({min: 0, max: 1e3}),
				perGibibyteHour: number({min: 0, max: 1e3}),
				perGpuHour: number({min: 0, max: 1e3}).exactOptional(),
				source: Text.describe('Where the proportion comes from'),
			})
			.describe('Proportion in which a node’s price is shared out among its cores, its memory and its GPUs'),
		delays: z
			.strictObject({
				request: delay('request'),
				boot: delay('boot'),
				join: delay('join'),
				driver: delay('driver'),
				images: delay('images'),
				weights: delay('weights'),
			})
			.describe('How long a node takes to come'),
		types: z
			.record(Text, InstanceTypeSchema, {error: 'a map of instance types'})
			.refine(types => Object.keys(types).length > 0, {error: 'a map of at least one instance type'})
			.describe('Instance types by name'),
	})
	.describe('Instance types with their prices, and how long their nodes take to come');

export type InstanceCatalogue = z.output<typeof InstanceCatalogueFile>;
