import test from 'ava';
import {readExperiment} from '../../src/store/experiments/read-experiment.ts';
import {listShippedPriceBooks, readPriceBooks} from '../../src/store/experiments/read-model.ts';

const nodes = 'prices=models/prices-nodes-aws-m5-large.yaml';
const file = 'experiments/dynamic-scaling.yaml';

test('an experiment may be billed by nodes', async t => {
	const {prices} = await readExperiment(file, {set: [nodes]});
	t.like(prices, {kind: 'nodes', perNodeHour: 0.096, capacity: {cpu: 2}, mostPods: 29, leastNodes: 1});
});

test('a pod that no node takes is told where the nodes stand', async t => {
	const set = [nodes, 'deployment.containers.ollama.requests.cpu=2', 'deployment.containers.ollama.limits.cpu=2'];
	await t.throwsAsync(readExperiment(file, {set}), {
		message:
			/^models\/prices-nodes-aws-m5-large\.yaml:\d+:\d+: Expected prices\.allocatable\.cpu\.value to be at least the requests of one pod, 2\.05 cores, got 1\.93$/,
	});
});

test('the shipped price books have names of their own, and every way of billing', async t => {
	const {books} = await readPriceBooks(listShippedPriceBooks());
	t.is(new Set(books.map(({name}) => name)).size, books.length);
	t.deepEqual([...new Set(books.map(({kind}) => kind))].toSorted(), ['nodes', 'per-pod', 'per-resource']);
	const [first = ''] = listShippedPriceBooks();
	await t.throwsAsync(readPriceBooks([first, first]), {
		message: /Expected price books of different names, got two named/,
	});
});
