import test from 'ava';
import {mostByOthers, mostOfInits, podRequests} from '../../src/experiment/pod-requests.ts';

const container = (name: string, requests: Record<string, number>) => ({name, requests, limits: {}});

test('a pod requests the sum of its containers', t => {
	const containers = [container('a', {cpu: 1, 'nvidia.com/gpu': 1}), container('b', {memory: 3, cpu: 0.5})];
	t.deepEqual(podRequests({containers}), {cpu: 1.5, memory: 3, 'nvidia.com/gpu': 1});
	t.deepEqual(podRequests({containers: [container('a', {})]}), {cpu: 0, memory: 0});
});

test('or what its init containers request at a time where that is more, resource by resource', t => {
	const containers = [container('a', {cpu: 1, memory: 4})];
	const initRequests = mostOfInits([{requests: {cpu: 3, memory: 1}}, {requests: {cpu: 2, memory: 2}}]);
	t.deepEqual(podRequests({containers, initRequests}), {cpu: 3, memory: 4});
});

test('an init container runs beside the native sidecars that came before it', t => {
	const inits = [
		{requests: {cpu: 1}},
		{requests: {cpu: 2}, restartPolicy: 'Always' as const},
		{requests: {cpu: 1.5, memory: 5}},
	];
	t.deepEqual(mostOfInits(inits), {cpu: 3.5, memory: 5});
});

test('a node has room for as many pods as its scarcest other resource allows', t => {
	const requests = {cpu: 1, memory: 1, 'nvidia.com/gpu': 2, 'ephemeral-storage': 10};
	t.is(mostByOthers(requests, {'nvidia.com/gpu': 5, 'ephemeral-storage': 100}), 2);
	t.is(mostByOthers(requests, {'nvidia.com/gpu': 50, 'ephemeral-storage': 30}), 3);
	t.is(mostByOthers(requests, {'nvidia.com/gpu': 50}), 25, 'storage that nobody counts is enough');
	t.is(mostByOthers(requests, {}), 0, 'a GPU that nobody counts is not there');
	t.is(mostByOthers({cpu: 1, memory: 1}, {}), Number.POSITIVE_INFINITY);
});
