import {join} from 'node:path';
import test from 'ava';
import {UserError} from '../../src/errors.ts';
import {readExperiment} from '../../src/store/experiments/read-experiment.ts';
import {readPriceBooks} from '../../src/store/experiments/read-model.ts';
import {inFolder} from './scratch.ts';

/** After `configs/default.json` of opencost/opencost (0d1f69c). */
const opencost = {
	provider: 'custom',
	description: 'Default prices based on GCP us-central1',
	CPU: '0.031611',
	spotCPU: '0.006655',
	RAM: '0.004237',
	spotRAM: '0.000892',
	GPU: '0.95',
	storage: '0.00005479452',
	zoneNetworkEgress: '0.01',
	LBIngressDataCost: '0.0',
};

const asRequested = {increments: {cpu: 0, memory: 0}, minimum: {cpu: 0, memory: 0}, minimumSeconds: 0};

async function readBook(text: string, file = 'default.json') {
	return inFolder({[file]: text}, async folder => (await readPriceBooks([join(folder, file)])).books[0]);
}

const refuses = test.macro({
	async exec(t, text: string, expected: string) {
		const {message} = (await t.throwsAsync(readBook(text), {instanceOf: UserError}))!;
		t.is(message.replace(/^.*\/default\.json/, 'default.json'), expected);
	},
	title: (title = '') => `refuses ${title}`,
});

test('custom prices of OpenCost are a price book: cores, gibibytes and GPUs for an hour', async t => {
	t.deepEqual(await readBook(JSON.stringify(opencost)), {
		name: 'default',
		currency: 'USD',
		kind: 'per-resource',
		perCoreHour: 0.031611,
		perGibibyteHour: 0.004237,
		perGpuHour: 0.95,
		...asRequested,
	});
});

test('in the currency that they name, and without a price of a GPU where they have none', async t => {
	const {GPU: _, ...rest} = opencost;
	const book = await readBook(JSON.stringify({...rest, currencyCode: 'EUR', discount: '0%', negotiatedDiscount: ''}));
	t.like(book, {currency: 'EUR', perCoreHour: 0.031611});
	t.false('perGpuHour' in book!);
	t.false('perGpuHour' in (await readBook(JSON.stringify({...opencost, GPU: ''})))!);
});

test('the values of OpenCost’s Helm chart are taken, too', async t => {
	const values =
		'opencost:\n  customPricing:\n    enabled: true\n    costModel: {CPU: 1.25, RAM: 0.5, GPU: 0.95, storage: 0.25}\n';
	t.like(await readBook(values, 'values.yaml'), {name: 'values', perCoreHour: 1.25, perGibibyteHour: 0.5});
});

test(
	'a price that is no number',
	refuses,
	'{"CPU": "x", "RAM": "0.1"}',
	'default.json:1:9: Expected CPU to be a price for an hour such as "0.031611", got "x"',
);
test(
	'a price below 0',
	refuses,
	'{"CPU": "1", "RAM": -0.1}',
	'default.json:1:21: Expected RAM to be a price for an hour such as "0.031611", got -0.1',
);
test(
	'a discount, which would make the prices others',
	refuses,
	'{"CPU": "1", "RAM": "0.1",\n "discount": "30%"}',
	'default.json:2:14: Expected discount to be 0 %, since the prices are taken as they are, got "30%"',
);
test(
	'a currency that there is not',
	refuses,
	'{"CPU": "1", "RAM": "0.1", "currencyCode": "EURO"}',
	'default.json:1:44: Expected currency to be the ISO 4217 code of a currency, such as USD or EUR, got "EURO"',
);

test('they stand for prices in an experiment, and can be changed', async t => {
	const prices = await inFolder({'opencost.json': JSON.stringify(opencost)}, async folder => {
		const set = [`prices=${join(folder, 'opencost.json')}`, 'prices.perCoreHour=0.5'];
		return (await readExperiment('experiments/dynamic-scaling.yaml', {set})).prices;
	});
	t.like(prices, {name: 'opencost', perCoreHour: 0.5, perGibibyteHour: 0.004237});
});

const ofPods = (currency: string, unit: string) =>
	`apiVersion: replicast/v1\nkind: PriceBook\nname: own\ndate: 2026-01-01\ncurrency: ${currency}\nbilling: per-pod\nperPodHour: {value: 0.05, unit: ${unit}, source: list}\n`;

const reads = test.macro({
	async exec(t, currency: string, unit: string) {
		t.like(await readBook(ofPods(currency, unit), 'own.yaml'), {currency, perPodHour: 0.05});
	},
	title: (_, currency, unit) => `reads prices in ${currency} as ${unit}`,
});

test(reads, 'USD', '$/h');
test(reads, 'EUR', '€/h');
test(reads, 'EUR', 'EUR/h');
test(reads, 'GBP', '£/h');
test(reads, 'CHF', 'CHF/h');

test(
	'a price in another currency than the book’s',
	refuses,
	ofPods('EUR', '$/h'),
	'default.json:7:33: Expected perPodHour.unit to be €/h, since the currency is EUR, got "$/h"',
);
test(
	'a currency in small letters',
	refuses,
	ofPods('eur', '€/h'),
	'default.json:5:11: Expected currency to be the ISO 4217 code of a currency, such as USD or EUR, got "eur"',
);
test(
	'a unit that is no price for an hour',
	refuses,
	ofPods('EUR', '€/day'),
	'default.json:7:33: Expected perPodHour.unit to be a currency and /h, such as $/h or EUR/h, got "€/day"',
);
