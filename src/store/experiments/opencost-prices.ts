import {isCurrency} from '../../experiment/currency.ts';
import {type Entry, type FaultLine, nodeAt, type Source, type SourceNode, scalar} from '../yaml/source-tree.ts';

/** A price book made of OpenCost's prices, or what is wrong with those. */
type OpencostBook = {readonly tree: SourceNode} | {readonly faults: readonly FaultLine[]};

/** Places of the prices in the file itself, and in the values of OpenCost's Helm chart. */
const places = [[], ['opencost', 'customPricing', 'costModel'], ['customPricing', 'costModel']];

/**
 * The price book that a file of OpenCost's custom prices stands for: its prices of a core, a gibibyte and a GPU for an
 * hour, in `currencyCode`, dollars when that is left out. What pods do not request (storage, traffic, load balancers) and
 * the prices of spot nodes are not taken.
 *
 * @param name - of the book
 * @returns undefined when the file holds something else
 * @see opencost/opencost configs/default.json (0d1f69c) and the type CustomPricing; opencost/opencost-helm-chart
 *   values.yaml, opencost.customPricing.costModel
 */
export function opencostBook(tree: SourceNode, name: string): OpencostBook | undefined {
	const model = places.map(place => nodeAt(tree, place)).find(isCostModel);
	if (model === undefined || nodeAt(tree, ['kind']) !== undefined) {
		return undefined;
	}

	const faults = [
		...priceKeys.flatMap(([key]) => priceFault(model, key)),
		...discounts.flatMap(key => discountFault(model, key)),
	];
	if (faults.length > 0) {
		return {faults};
	}

	const currency = textAt(model, 'currencyCode') || 'USD';
	const {source} = model;
	const heads = {apiVersion: 'replicast/v1', kind: 'PriceBook', name, currency, billing: 'per-resource'};
	const prices = priceKeys.flatMap(([key, own]): [string, Entry][] => {
		const price = nodeAt(model, [key]);
		return price === undefined || textAt(model, key) === ''
			? []
			: [[own, {keySource: price.source, node: priceNode(price, currency)}]];
	});
	const entries = Object.entries(heads).map(([key, value]): [string, Entry] => {
		const place = key === 'currency' ? (nodeAt(model, ['currencyCode'])?.source ?? source) : source;
		return [key, {keySource: place, node: scalar(value, place)}];
	});
	return {tree: {kind: 'map', source, entries: new Map([...entries, ...prices])}};
}

const priceKeys = [
	['CPU', 'perCoreHour'],
	['RAM', 'perGibibyteHour'],
	['GPU', 'perGpuHour'],
] as const;

/** They lower what the provider bills; a book has one price. */
const discounts = ['discount', 'negotiatedDiscount'] as const;

function isCostModel(node: SourceNode | undefined): node is SourceNode {
	return node?.kind === 'map' && node.entries.has('CPU') && node.entries.has('RAM');
}

function textAt(model: SourceNode, key: string): string {
	const node = nodeAt(model, [key]);
	return node?.kind === 'scalar' && node.value !== null ? String(node.value).trim() : '';
}

const decimal = /^\d+(?:\.\d*)?(?:[eE][+-]?\d+)?$|^\.\d+$/;

/** A price of a GPU may be left empty. */
function priceFault(model: SourceNode, key: 'CPU' | 'RAM' | 'GPU'): FaultLine[] {
	const node = nodeAt(model, [key]);
	const text = textAt(model, key);
	if (node === undefined || decimal.test(text) || (key === 'GPU' && node.kind === 'scalar' && text === '')) {
		return [];
	}

	const got = node.kind === 'scalar' ? JSON.stringify(node.value) : `a ${node.kind}`;
	return [{source: node.source, message: `Expected ${key} to be a price for an hour such as "0.031611", got ${got}`}];
}

function discountFault(model: SourceNode, key: (typeof discounts)[number]): FaultLine[] {
	const text = textAt(model, key);
	return /^(?:0(?:\.0*)?\s*%?)?$/.test(text)
		? []
		: [
				{
					source: nodeAt(model, [key])!.source,
					message: `Expected ${key} to be 0 %, since the prices are taken as they are, got ${JSON.stringify(text)}`,
				},
			];
}

function priceNode(price: SourceNode, currency: string): SourceNode {
	const {source} = price;
	const value = Number(price.kind === 'scalar' ? price.value : Number.NaN);
	const parts = {value, unit: hourly(currency), source: 'custom prices of OpenCost'};
	const entries = Object.entries(parts).map(([key, part]): [string, Entry] => [
		key,
		{keySource: source, node: scalar(part, source)},
	]);
	return {kind: 'map', source, entries: new Map(entries)};
}

/** Unit of an hourly price; dollars for an unknown currency, which is reported once, at its own place. */
function hourly(currency: string): string {
	return isCurrency(currency) ? `${currency}/h` : 'USD/h';
}

/** Name of a book after its file: `default` for `configs/default.json`. */
export function bookName({file}: Source): string {
	return file.replace(/^.*[/\\]/, '').replace(/\.(?:json|ya?ml)$/i, '');
}
