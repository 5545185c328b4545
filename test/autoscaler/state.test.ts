import test from 'ava';
import {caseInput} from '../../src/autoscaler/case-input.ts';
import {DecideCase} from '../../src/autoscaler/decide-case.ts';
import {type AutoscalerState, commit, reconcile, seedState} from '../../src/autoscaler/reconcile.ts';
import {depth} from './questions.ts';

const freeze = (state: AutoscalerState): AutoscalerState => {
	for (const log of [state.recommendations, state.scaleUps, state.scaleDowns]) {
		for (const entry of log) {
			Object.freeze(entry);
		}

		Object.freeze(log);
	}

	return Object.freeze(state);
};

const step = (state: AutoscalerState, now: number, current: number, proposal: number, hpa: object = {}) => {
	const {input} = caseInput(
		DecideCase.parse({
			now,
			hpa: {minReplicas: 1, maxReplicas: 100, metrics: [depth], ...hpa},
			scale: {specReplicas: current},
			externalMetrics: {depth: proposal * 10},
		}),
	);
	const decision = reconcile(input, freeze(structuredClone(state)));
	commit(state, input, decision);
	return decision;
};

test('the first reconcile remembers the replicas that it finds', t => {
	const state = seedState(6, 100);
	t.deepEqual(state, {recommendations: [{time: 100, replicas: 6}], scaleUps: [], scaleDowns: []});
	t.is(step(state, 100, 6, 2).desiredReplicas, 6);
});

test('after a restart the way down is closed for one window, its edge included', t => {
	const state = seedState(6, 0);
	let time = 0;
	while (step(state, time, 6, 2).desiredReplicas === 6) {
		time += 15;
	}

	t.is(time, 315);
});

test('changes of size are kept only where there is a behavior', t => {
	const plain = seedState(2, 0);
	step(plain, 0, 2, 9);
	t.deepEqual(plain.scaleUps, []);

	const ruled = seedState(2, 0);
	step(ruled, 0, 2, 9, {behavior: {}});
	step(ruled, 15, 6, 6, {behavior: {}});
	step(ruled, 1000, 6, 3, {behavior: {}});
	t.deepEqual(ruled.scaleUps, [{time: 0, change: 4}]);
	t.deepEqual(ruled.scaleDowns, [{time: 1000, change: 3}]);
});

test('a return to the bounds is a change of size', t => {
	const state = seedState(9, 0);
	step(state, 0, 9, 9, {maxReplicas: 5, behavior: {}});
	t.deepEqual(state.scaleDowns, [{time: 0, change: 4}]);
	t.deepEqual(state.recommendations, [{time: 0, replicas: 9}]);
});

test('the memory stays bounded', t => {
	const state = seedState(5, 0);
	let current = 5;
	for (let time = 0; time < 100_000; time += 15) {
		const {desiredReplicas} = step(state, time, current, 5 + ((time / 15) % 7), {
			behavior: {scaleDown: {stabilizationWindowSeconds: 60}},
		});
		current = desiredReplicas;
	}

	t.true(state.recommendations.length <= 6, String(state.recommendations.length));
	t.true(state.scaleUps.length <= 3);
	t.true(state.scaleDowns.length <= 3);
});

test('a decision that failed leaves no trace', t => {
	const state = seedState(5, 0);
	const {input} = caseInput(DecideCase.parse({now: 9, hpa: {maxReplicas: 9, behavior: {}}, scale: {specReplicas: 5}}));
	commit(state, input, reconcile(input, state));
	t.deepEqual(state, seedState(5, 0));
});
