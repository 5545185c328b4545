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
	t.true(near(fit.busyLlm?.value, 0.125, 0.03), `${fit.busyLlm?.value}`);
	t.true(near(fit.idleBackend?.value, truth.idleCpu.backend, 0.25), `${fit.idleBackend?.value}`);
	t.true(near(fit.backendPerRequest?.value, truth.backendPerRequest, 0.25), `${fit.backendPerRequest?.value}`);
	t.true(near(fit.loadedMemory?.value, server + weights + perContextToken * llm.contextLength, 0.01));
	t.true(near(fit.backendMemory?.value, backend, 0.01));
	t.true(near(fit.memoryPerRequest?.value, backendPerRequest, 0.2), `${fit.memoryPerRequest?.value}`);
});

test('what no sample tells is absent, not 0', t => {
	t.deepEqual(fitUse([]), {count: 0});
});
