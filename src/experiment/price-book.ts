import * as z from 'zod';
import {coefficient, modelHead, pricePerHour} from './coefficient.ts';
import {hourlyUnits, isCurrency} from './currency.ts';
import type {EnergyModel, PriceBook} from './experiment.ts';
import {number, type RuleBreach, whole} from './leaves.ts';

const Price = number({min: 0, max: 1e9});
const currencyRule = 'the ISO 4217 code of a currency, such as USD or EUR';
const Seconds = number({min: 0, max: 86_400});
const Cores = number({above: 0, max: 1000});
const Bytes = number({above: 0, max: 1e15});

const head = {
	...modelHead('PriceBook'),
	date: modelHead('PriceBook').date.exactOptional(),
	currency: z
		.string({error: currencyRule})
		.refine(isCurrency, {error: currencyRule})
		.default('USD')
		.describe('Currency of all prices: a code of ISO 4217'),
	region: z.string({error: 'text'}).describe('Where the prices hold').exactOptional(),
};

const Gpu = pricePerHour(Price, 'Price of a GPU that a pod requests').exactOptional();
const asRequested = {cpu: 0, memory: 0};

/** Prices with a unit of any currency. */
const Written = z
	.discriminatedUnion('billing', [
		z.strictObject({
			...head,
			billing: z.literal('per-pod').describe('A pod costs the same whatever it requests'),
			perPodHour: pricePerHour(Price, 'Price of a pod'),
			pod: z
				.strictObject({
					cpu: coefficient(Cores, 'cores', 'Cores that it requests'),
					memory: coefficient(Bytes, 'bytes', 'Memory that it requests'),
				})
				.describe('Pod that the price is for: a report warns where pods of another size are priced')
				.exactOptional(),
		}),
		z.strictObject({
			...head,
			billing: z.literal('per-resource').describe('A pod costs what it requests'),
			perCoreHour: pricePerHour(Price, 'Price of a core'),
			perGibibyteHour: pricePerHour(Price, 'Price of a gibibyte'),
			perGpuHour: Gpu,
			increments: z
				.strictObject({
					cpu: coefficient(Cores, 'cores', 'A pod’s cores are rounded up to a multiple of this'),
					memory: coefficient(Bytes, 'bytes', 'A pod’s memory is rounded up to a multiple of this'),
				})
				.describe('Billed as requested when left out')
				.exactOptional(),
			minimum: z
				.strictObject({
					cpu: coefficient(Cores, 'cores', 'Fewest cores that are billed'),
					memory: coefficient(Bytes, 'bytes', 'Least memory that is billed'),
				})
				.describe('None when left out')
				.exactOptional(),
			minimumSeconds: coefficient(Seconds, 's', 'Shortest time that is billed; none when left out').exactOptional(),
		}),
		z.strictObject({
			...head,
			billing: z.literal('nodes').describe('Nodes cost, and come and go with the pods on them'),
			perNodeHour: pricePerHour(Price, 'Price of a node'),
			capacity: z.strictObject({
				cpu: coefficient(Cores, 'cores', 'Cores of a node'),
				memory: coefficient(Bytes, 'bytes', 'Memory of a node'),
			}),
			allocatable: z.strictObject({
				cpu: coefficient(Cores, 'cores', 'Cores of a node that pods can request'),
				memory: coefficient(Bytes, 'bytes', 'Memory of a node that pods can request'),
				gpu: coefficient(whole({min: 0, max: 64}), 'GPUs', 'GPUs of a node; none when left out').exactOptional(),
			}),
			mostPods: coefficient(whole({min: 1, max: 1000}), 'pods', 'Most pods of a node'),
			leastNodes: coefficient(whole({min: 0, max: 1000}), 'nodes', 'Nodes that stay without a pod'),
			startSeconds: coefficient(Seconds, 's', 'From the order of a node until it takes a pod'),
			removalSeconds: coefficient(Seconds, 's', 'From a node’s last pod until it is gone'),
			split: z
				.strictObject({
					perCoreHour: pricePerHour(Price, 'Price of a core beside that of a gibibyte'),
					perGibibyteHour: pricePerHour(Price, 'Price of a gibibyte beside that of a core'),
					perGpuHour: pricePerHour(Price, 'Price of a GPU beside that of a core').exactOptional(),
				})
				.describe('Proportion in which a node’s price is shared out among its cores, its memory and its GPUs'),
		}),
	])
	.describe('Price of a pod, or of the nodes');

/** Price book: prices of a pod, by the hour or by its requests, or of the nodes that pods run on. */
export const PriceBookFile = z.preprocess((book, context) => {
	for (const {path, rule} of foreignUnits(book)) {
		context.addIssue({code: 'custom', path: [...path], message: rule, input: book});
	}

	return book;
}, Written);

/** Units of prices that are not in the book's own currency. */
function foreignUnits(book: unknown): RuleBreach[] {
	const {currency = 'USD', split, ...prices} = isMap(book) ? book : {};
	if (typeof currency !== 'string' || !isCurrency(currency)) {
		return [];
	}

	const [own, ...others] = hourlyUnits(currency);
	const isForeign = (price: unknown) =>
		isMap(price) &&
		typeof price['unit'] === 'string' &&
		/\/h$/.test(price['unit']) &&
		![own, ...others].includes(price['unit']);
	const foreign = (map: unknown, above: readonly string[]) =>
		Object.entries(isMap(map) ? map : {})
			.filter(([, price]) => isForeign(price))
			.map(([key]) => ({path: [...above, key, 'unit'], rule: `${own}, since the currency is ${currency}`}));
	return [...foreign(prices, []), ...foreign(split, ['split'])];
}

function isMap(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The price book that a parsed file holds. */
export function priceBookOf(file: z.output<typeof PriceBookFile>): PriceBook {
	const {name, currency} = file;
	if (file.billing === 'per-pod') {
		const {perPodHour, pod} = file;
		return {name, currency, kind: 'per-pod', perPodHour, ...(pod !== undefined && {pod})};
	}

	if (file.billing === 'nodes') {
		const {apiVersion: _version, kind: _kind, date: _date, notes: _notes, records: _records, ...rest} = file;
		const {billing: _billing, region: _region, ...prices} = rest;
		return {...prices, kind: 'nodes'};
	}

	const {perCoreHour, perGibibyteHour, perGpuHour, increments = asRequested, minimum = asRequested} = file;
	return {
		name,
		currency,
		kind: 'per-resource',
		perCoreHour,
		perGibibyteHour,
		...(perGpuHour !== undefined && {perGpuHour}),
		increments,
		minimum,
		minimumSeconds: file.minimumSeconds ?? 0,
	};
}

const Watts = number({min: 0, max: 1e4});

/** An energy model file: power of the share of a machine that a pod occupies. */
export const EnergyModelFile = z
	.strictObject({
		...modelHead('EnergyModel'),
		idleWattsPerCore: coefficient(Watts, 'W', 'Power of an idle core'),
		fullWattsPerCore: coefficient(Watts, 'W', 'Power of a core at full use'),
		wattsPerGigabyte: coefficient(Watts, 'W/GB', 'Power of memory above the baseline'),
		memoryBaselineBytesPerCore: coefficient(
			number({min: 0, max: 1e15}),
			'bytes',
			'Memory for each core that the idle power already holds',
		),
		pue: coefficient(number({min: 1, max: 10}), '1', 'Power usage effectiveness'),
		gridGramsPerKilowattHour: coefficient(number({min: 0, max: 1e4}), 'g/kWh', 'CO2e of a kilowatt-hour'),
		dollarsPerKilowattHour: coefficient(number({min: 0, max: 100}), '$/kWh', 'Price of electricity').exactOptional(),
		embodied: z
			.strictObject({
				serverKilograms: coefficient(number({min: 0, max: 1e6}), 'kg', 'CO2e of a server’s manufacture'),
				serverCores: coefficient(number({above: 0, max: 1e5}), 'cores', 'Cores of that server'),
				lifespanHours: coefficient(number({above: 0, max: 1e6}), 'h', 'Time that it is used for'),
			})
			.describe('Manufacture, which counts when this is given')
			.exactOptional(),
	})
	.describe('Power and emissions of a pod’s share of a machine');

/** The energy model that a parsed file holds. */
export function energyModelOf(file: z.output<typeof EnergyModelFile>): EnergyModel {
	const {name, idleWattsPerCore, fullWattsPerCore, wattsPerGigabyte, memoryBaselineBytesPerCore} = file;
	const {pue, gridGramsPerKilowattHour, dollarsPerKilowattHour, embodied} = file;
	return {
		name,
		idleWattsPerCore,
		fullWattsPerCore,
		wattsPerGigabyte,
		memoryBaselineBytesPerCore,
		pue,
		gridGramsPerKilowattHour,
		...(dollarsPerKilowattHour !== undefined && {dollarsPerKilowattHour}),
		...(embodied !== undefined && {embodied}),
	};
}
