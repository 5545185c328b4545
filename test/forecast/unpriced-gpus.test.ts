import test from 'ava';
import type {PriceBook} from '../../src/experiment/experiment.ts';
import {assumptions} from '../../src/forecast/assumptions.ts';
import {makeExperiment} from '../simulator/make-experiment.ts';

const perPod: PriceBook = {name: 'poster', currency: 'USD', kind: 'per-pod', perPodHour: 0.029};
const asRequested = {increments: {cpu: 0, memory: 0}, minimum: {cpu: 0, memory: 0}, minimumSeconds: 0};
const rack = (prices: object = {}): PriceBook =>
	({
		name: 'rack',
		currency: 'USD',
		kind: 'per-resource',
		perCoreHour: 1,
		perGibibyteHour: 1,
		...asRequested,
		...prices,
	}) as PriceBook;

const pricing = (resource: string, prices: PriceBook) => {
	const requests = {cpu: 1, [resource]: 1};
	const experiment = makeExperiment({prices, deployment: {containers: [{name: 'ollama', requests, limits: requests}]}});
	return assumptions(experiment).filter(text => text.startsWith('GPUs are not priced'));
};

test('says when a pod reserves a GPU that the price book does not price', t => {
	const expected = [
		'GPUs are not priced: poster has no price of nvidia.com/gpu, which a pod reserves, so what it costs is too low.',
	];
	t.deepEqual(pricing('nvidia.com/gpu', perPod), expected);
	t.deepEqual(pricing('nvidia.com/gpu', rack()), [expected[0]!.replace('poster', 'rack')]);
	t.deepEqual(pricing('nvidia.com/gpu', rack({perGpuHour: 0.95})), []);
	t.deepEqual(pricing('rdma/hca', perPod), []);
});

test('a price of a whole GPU says nothing of a slice', t => {
	t.regex(pricing('nvidia.com/mig-1g.5gb', rack({perGpuHour: 0.95}))[0]!, /no price of nvidia\.com\/mig-1g\.5gb/);
});
