import test from 'ava';
import {fitUse} from '../../src/calibration/fit-use.ts';
import {sampleObservations} from '../../src/calibration/sample-observations.ts';
import {record, truth} from './records.ts';

const near = (value: number | undefined, expected: number, fraction = 0.1) =>
	value !== undefined && Math.abs(value / expected - 1) <= fraction;

test('samples tell idle use, the backend’s work and the memory that a pod was made with', t => {
	const records = [0, 1, 2].map(replication => record({}, replication));
	const fit = fitUse(records.flatMap(({recording, experiment}) => sampleObservations(recording, experiment)));
	const {llm} = records[0]!.experiment.deployment;
	const {server, weights, perContextToken, backend, backendPerRequest} = truth.memory;
	t.true(fit.count > 500);
	t.true(near(fit.idleLlm?.value, truth.idleCpu.llm), `${fit.idleLlm?.value}`);
	t.true(near(fit.busyLlm?.value, 1, 0.03), `${fit.busyLlm?.value}`);
	t.true(near(fit.idleBackend?.value, truth.idleCpu.backend, 0.25), `${fit.idleBackend?.value}`);
	t.true(near(fit.backendPerRequest?.value, truth.backendPerRequest, 0.25), `${fit.backendPerRequest?.value}`);
	t.true(near(fit.loadedMemory?.value, server + weights + perContextToken * llm.contextLength, 0.01));
	t.true(near(fit.backendMemory?.value, backend, 0.01));
	t.true(near(fit.memoryPerRequest?.value, backendPerRequest, 0.2), `${fit.memoryPerRequest?.value}`);
});

test('memory that comes with use is told from the memory at first, and from that of long requests', t => {
	const growth = {bytes: 3e7, requests: 20};
	const service = {...truth, memory: {...truth.memory, growth}};
	const {recording, experiment} = record({deployment: {service}});
	const samples = sampleObservations(recording, experiment);
	const loaded = truth.memory.server + truth.memory.weights + truth.memory.perContextToken * 2048;
	const fit = fitUse(samples);
	t.true(near(fit.loadedMemory?.value, loaded, 0.002), `${fit.loadedMemory?.value}`);
	t.true(near(fit.growth?.value, growth.bytes, 0.05), `${fit.growth?.value}`);
	t.true(near(fit.growthRequests, growth.requests, 0.1), `${fit.growthRequests}`);
	t.is(fit.memoryPerToken, undefined);
	const long = samples.map((sample, index) =>
		sample.isLlm && sample.served > 0 && index % 5 === 0
			? {...sample, longest: 1000, memory: sample.memory + 2e4 * (1000 - sample.longest)}
			: sample,
	);
	t.true(near(fitUse(long).memoryPerToken?.value, 2e4, 0.1), `${fitUse(long).memoryPerToken?.value}`);
});

test('memory that does not grow is told without growth', t => {
	const {recording, experiment} = record();
	t.is(fitUse(sampleObservations(recording, experiment)).growth, undefined);
});

test('what no sample tells is absent, not 0', t => {
	t.deepEqual(fitUse([]), {count: 0});
});
