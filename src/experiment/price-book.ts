import * as z from 'zod';
import {coefficient, modelHead} from './coefficient.ts';
import type {PriceBook} from './experiment.ts';
import {number, whole} from './leaves.ts';

const Price = number({min: 0, max: 1e6});
const Seconds = number({min: 0, max: 86_400});
const Cores = number({above: 0, max: 1000});
const Bytes = number({above: 0, max: 1e15});

const head = {
	...modelHead('PriceBook'),
	currency: z.literal('USD', {error: 'USD'}).default('USD').describe('Currency of all prices'),
	region: z.string({error: 'text'}).describe('Where the prices hold').exactOptional(),
};

/** A price book: what a pod costs, by the hour or by what it requests, or what the nodes cost that it runs on. */
export const PriceBookFile = z
	.discriminatedUnion('billing', [
		z.strictObject({
			...head,
			billing: z.literal('per-pod').describe('A pod costs the same whatever it requests'),
			perPodHour: coefficient(Price, '$/h', 'Price of a pod'),
		}),
		z.strictObject({
			...head,
			billing: z.literal('per-resource').describe('A pod costs what it requests'),
			perCoreHour: coefficient(Price, '$/h', 'Price of a core'),
			perGibibyteHour: coefficient(Price, '$/h', 'Price of a gibibyte'),
			increments: z.strictObject({
				cpu: coefficient(Cores, 'cores', 'A pod’s cores are rounded up to a multiple of this'),
				memory: coefficient(Bytes, 'bytes', 'A pod’s memory is rounded up to a multiple of this'),
			}),
			minimum: z.strictObject({
				cpu: coefficient(Cores, 'cores', 'Fewest cores that are billed'),
				memory: coefficient(Bytes, 'bytes', 'Least memory that is billed'),
			}),
			minimumSeconds: coefficient(Seconds, 's', 'Shortest time that is billed'),
		}),
		z.strictObject({
			...head,
			billing: z.literal('nodes').describe('Nodes cost, and come and go with the pods on them'),
			perNodeHour: coefficient(Price, '$/h', 'Price of a node'),
			capacity: z.strictObject({
				cpu: coefficient(Cores, 'cores', 'Cores of a node'),
				memory: coefficient(Bytes, 'bytes', 'Memory of a node'),
			}),
			allocatable: z.strictObject({
				cpu: coefficient(Cores, 'cores', 'Cores of a node that pods can request'),
				memory: coefficient(Bytes, 'bytes', 'Memory of a node that pods can request'),
			}),
			mostPods: coefficient(whole({min: 1, max: 1000}), 'pods', 'Most pods of a node'),
			leastNodes: coefficient(whole({min: 0, max: 1000}), 'nodes', 'Nodes that stay without a pod'),
			startSeconds: coefficient(Seconds, 's', 'From the order of a node until it takes a pod'),
			removalSeconds: coefficient(Seconds, 's', 'From a node’s last pod until it is gone'),
			split: z
				.strictObject({
					perCoreHour: coefficient(Price, '$/h', 'Price of a core beside that of a gibibyte'),
					perGibibyteHour: coefficient(Price, '$/h', 'Price of a gibibyte beside that of a core'),
				})
				.describe('Proportion in which a node’s price is shared out among its cores and its memory'),
		}),
	])
	.describe('Price of a pod, or of the nodes');

/** The price book that a parsed file holds. */
export function priceBookOf(file: z.output<typeof PriceBookFile>): PriceBook {
	const {name, currency} = file;
	if (file.billing === 'per-pod') {
		return {name, currency, kind: 'per-pod', perPodHour: file.perPodHour};
	}

	if (file.billing === 'nodes') {
		const {apiVersion: _version, kind: _kind, date: _date, notes: _notes, records: _records, ...rest} = file;
		const {billing: _billing, region: _region, ...prices} = rest;
		return {...prices, kind: 'nodes'};
	}

	const {perCoreHour, perGibibyteHour, increments, minimum, minimumSeconds} = file;
	return {name, currency, kind: 'per-resource', perCoreHour, perGibibyteHour, increments, minimum, minimumSeconds};
}
