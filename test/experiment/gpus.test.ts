import test from 'ava';
import type {Container} from '../../src/experiment/experiment.ts';
import {reservedGpus} from '../../src/experiment/pod-requests.ts';

const container = (requests: Container['requests']): Container => ({name: 'llm', requests, limits: {}});

test('whole GPUs of all containers are counted', t => {
	const {whole, other} = reservedGpus({
		containers: [container({cpu: 1, 'nvidia.com/gpu': 2}), container({cpu: 1, 'amd.com/gpu': 1})],
	});
	t.deepEqual(whole, {count: 3, names: ['nvidia.com/gpu', 'amd.com/gpu']});
	t.deepEqual(other, []);
});

test('slices and shared GPUs are no whole ones, and other devices no GPUs', t => {
	const {whole, other} = reservedGpus({
		containers: [container({'nvidia.com/mig-1g.5gb': 1, 'nvidia.com/gpu.shared': 1, 'rdma/hca': 1, memory: 1})],
	});
	t.is(whole.count, 0);
	t.deepEqual(other, ['nvidia.com/mig-1g.5gb', 'nvidia.com/gpu.shared']);
});
