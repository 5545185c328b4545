import test from 'ava';
import {Schedule} from '../../src/experiment/schedule.ts';
import {simulate} from '../../src/simulator/simulate.ts';
import {makeExperiment, openWorkload} from './make-experiment.ts';

const experiment = makeExperiment({duration: 300, workload: openWorkload(0.3)});

const timesOf = (replication: number, serviceTimeOf?: (nth: number) => number | undefined) => {
	const {tables} = simulate(experiment, {
		replication,
		arm: 'dynamic',
		schedule: new Schedule(experiment, 0),
		isRecorded: true,
		...(serviceTimeOf !== undefined && {serviceTimeOf}),
	});
	const {startedSeconds, endedSeconds, outcome} = tables!.requests;
	return outcome.map((end, row) => (end === 'completed' ? endedSeconds[row]! - startedSeconds[row]! : Number.NaN));
};

test('a request lasts as long as it is said to, and the model says where nothing is said', t => {
	const [given, modelled] = [timesOf(0, nth => (nth % 2 === 0 ? 0.5 + nth / 100 : undefined)), timesOf(0)];
	for (const [nth, time] of given.entries()) {
		const expected = nth % 2 === 0 ? 0.5 + nth / 100 : modelled[nth]!;
		t.true(Number.isNaN(time) || Math.abs(time - expected) < 1e-9, `${nth}`);
	}
});

test('work at a limit below one core takes the given time as well', t => {
	const containers = [{name: 'ollama', requests: {cpu: 0.125}, limits: {cpu: 0.125}}];
	const service = {
		kind: 'work' as const,
		name: 'test',
		status: 'uncalibrated' as const,
		perRequest: 0.02,
		perPromptToken: 0.001,
		perOutputToken: 0.01,
		residualCv: 0.2,
		backendPerRequest: 0,
		idleCpu: {llm: 0, backend: 0},
		memory: {server: 1, weights: 1, perContextToken: 0, backend: 0, backendPerRequest: 0},
	};
	const slow = makeExperiment({duration: 300, workload: openWorkload(0.3), deployment: {containers, service}});
	const {tables} = simulate(slow, {
		replication: 0,
		arm: 'dynamic',
		schedule: new Schedule(slow, 0),
		isRecorded: true,
		serviceTimeOf: () => 1.25,
	});
	const {startedSeconds, firstTokenSeconds, endedSeconds, outcome} = tables!.requests;
	const done = outcome.flatMap((end, row) => (end === 'completed' ? [row] : []));
	t.true(done.length > 50);
	for (const row of done) {
		t.true(Math.abs(endedSeconds[row]! - startedSeconds[row]! - 1.25) < 1e-9);
		t.true(firstTokenSeconds[row]! > startedSeconds[row]! && firstTokenSeconds[row]! < endedSeconds[row]!);
	}
});

test('the users of a closed loop can be those of another replication', t => {
	const closed = makeExperiment({
		duration: 200,
		workload: {
			...openWorkload(1),
			loop: 'closed',
			requests: {
				promptTokens: {distribution: 'uniform', min: 1, max: 1000},
				outputTokens: {distribution: 'constant', value: 5},
			},
			users: {count: 3, thinkTime: {distribution: 'exponential', mean: 5}},
		},
	});
	const tokensOf = (replication: number, usersOf?: number) => {
		const options = {replication, arm: 'dynamic' as const, schedule: undefined, isRecorded: true};
		const {tables} = simulate(closed, {...options, ...(usersOf !== undefined && {usersOf})});
		return [...tables!.requests.promptTokens].slice(0, 3).sort();
	};
	t.deepEqual(tokensOf(5, 0), tokensOf(0));
	t.notDeepEqual(tokensOf(5), tokensOf(0));
});
