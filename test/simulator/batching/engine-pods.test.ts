import test from 'ava';
import type {Experiment, FaultPlan} from '../../../src/experiment/experiment.ts';
import {Schedule} from '../../../src/experiment/schedule.ts';
import type {EngineModel} from '../../../src/experiment/serving/engine-model.ts';
import {simulate} from '../../../src/simulator/simulate.ts';
import {type ExperimentParts, makeExperiment, openWorkload} from '../make-experiment.ts';
import {costs, runEngine, settings} from './run-engine.ts';

const model: EngineModel = {
	kind: 'engine',
	name: 'test',
	status: 'uncalibrated',
	engine: {...settings, maxNumSeqs: 8, kvBlocks: 300},
	costs,
	requestDelay: 0,
	cpu: {idle: 0.1, busy: 1},
	memory: 1e9,
};

type Row = readonly [at: number, prompt: number, output: number, conversation?: number];

const traced = (rows: readonly Row[]): Experiment['workload'] => ({
	...(openWorkload(1) as Extract<Experiment['workload'], {loop: 'open'}>),
	arrivals: {
		process: 'trace',
		at: rows.map(([at]) => at),
		promptTokens: rows.map(([, prompt]) => prompt),
		outputTokens: rows.map(([, , output]) => output),
		...(rows.some(row => row.length > 3) && {conversation: rows.map(([, , , conversation = 0]) => conversation)}),
	},
});

const engineExperiment = (
	parts: ExperimentParts,
	changes: Partial<EngineModel> = {},
	engine: Partial<EngineModel['engine']> = {},
) => {
	const service = {...model, ...changes, engine: {...model.engine, ...engine}};
	const {deployment, ...rest} = parts;
	return makeExperiment({
		duration: 300,
		...rest,
		deployment: {
			service,
			llm: {...makeExperiment().deployment.llm, parallel: service.engine.maxNumSeqs, ...deployment?.llm},
			...deployment,
		},
	});
};

const run = (experiment: Experiment) =>
	simulate(experiment, {
		...{replication: 0, arm: 'dynamic', isRecorded: true},
		schedule: new Schedule(experiment, 0),
	});

const rows: readonly Row[] = Array.from(
	{length: 200},
	(_, index): Row => [1 + index * 0.3, 20 + ((index * 37) % 150), 1 + ((index * 13) % 60)],
);

test('a pod serves requests as its engine alone does', t => {
	const {requests} = run(engineExperiment({workload: traced(rows)})).tables!;
	const {outcomes} = runEngine(
		rows.map(([at, prompt, output]) => ({at, prompt, output})),
		{settings: model.engine},
	);
	t.deepEqual(
		[...requests.endedSeconds],
		outcomes.map(({last}) => last),
	);
	t.deepEqual(
		[...requests.firstTokenSeconds],
		outcomes.map(({first}) => first),
	);
	t.deepEqual(
		[...requests.startedSeconds],
		outcomes.map(({started}) => started),
	);
});

test('a request takes the delay of HTTP to get to its engine', t => {
	const [row] = rows;
	const ended = (requestDelay: number) =>
		run(engineExperiment({workload: traced([row!])}, {requestDelay})).tables!.requests.endedSeconds[0]!;
	t.true(Math.abs(ended(0.25) - ended(0) - 0.25) < 1e-9);
});

test('INV-1 requests of engines are accounted for, whatever befalls pods and clients, and the same seed gives the same', t => {
	const faults: readonly FaultPlan[] = [
		{kind: 'pod-kill', at: 6, count: 1},
		{kind: 'container-restart', at: 10, count: 2},
		{kind: 'rollout', at: 14},
	];
	for (const balancing of ['random', 'round-robin', 'least-requests'] as const) {
		const experiment = engineExperiment(
			{
				workload: {...traced(rows.map(([at, prompt, output]) => [at / 3, prompt * 2, output])), timeout: 5},
				faults,
				deployment: {
					replicas: 3,
					balancing,
					terminationGrace: 2,
					startup: {kind: 'total', total: {distribution: 'constant', value: 3}},
				},
			},
			{requestDelay: 0.01},
			{kvBlocks: 60, asyncScheduling: true},
		);
		const {requests} = run(experiment);
		const {arrived, completed, failed, timedOut, inFlight} = requests.requests;
		t.is(arrived, rows.length);
		t.is(completed + failed + timedOut + inFlight, arrived);
		t.true(completed > 0 && failed > 0 && timedOut > 0, JSON.stringify(requests.requests));
		t.deepEqual(run(experiment).requests, requests);
	}
});

test('requests in flight in a pod that is killed fail; a client that gives up frees its place', t => {
	const long: readonly Row[] = Array.from({length: 10}, () => [1, 40, 2000]);
	const killed = run(
		engineExperiment({
			workload: traced(long),
			faults: [{kind: 'pod-kill', at: 5, count: 1}],
			deployment: {terminationGrace: 0},
		}),
	);
	t.is(killed.requests.requests.failed, 10);
	const slow = run(engineExperiment({workload: {...traced([...long, [3, 8, 2]]), timeout: 4}}));
	t.like(slow.requests.requests, {timedOut: 10, completed: 1});
});

test('a prompt beyond the context is refused, and an answer is cut to it', t => {
	const {tables, requests} = run(
		engineExperiment(
			{
				workload: traced([
					[1, 200, 5],
					[2, 90, 500],
					[3, 99, 1],
				]),
			},
			{},
			{maxModelLen: 100},
		),
	);
	t.deepEqual([...tables!.requests.outcome], ['failed', 'completed', 'completed']);
	t.is(tables!.requests.outputTokens[1], 10);
	t.is(requests.requests.failed, 1);
});

test('the beginning that prompts have in common, and the turns of a conversation, are computed once', t => {
	const firstTokens = (experiment: Experiment) => {
		const {requests} = run(experiment).tables!;
		return [...requests.firstTokenSeconds].map((first, row) => first - requests.scheduledSeconds[row]!);
	};
	const turns: readonly Row[] = [
		[1, 64, 8, 0],
		[5, 64, 8, 0],
		[10, 64, 8, 0],
	];
	const shared = {...traced(turns), requests: {...traced(turns).requests, sharedPromptTokens: 48}};
	const plain = firstTokens(engineExperiment({workload: traced(turns)}));
	const common = firstTokens(engineExperiment({workload: shared}));
	t.is(plain[1], plain[0]);
	t.is(common[0], plain[0]);
	t.true(Math.abs(common[1]! - (plain[1]! - 48 * costs.perToken)) < 1e-9);
	const llm = {...makeExperiment().deployment.llm, history: 5};
	const talk = engineExperiment({workload: traced(turns), deployment: {llm}}, {}, {maxNumBatchedTokens: 1000});
	const again = engineExperiment(
		{workload: traced(turns), deployment: {llm}},
		{},
		{maxNumBatchedTokens: 1000, prefixCaching: false},
	);
	// The second prompt is 64 + 8 + 64 tokens, of which the blocks of the first 71 are there: 4 of 16.
	t.true(Math.abs(firstTokens(talk)[1]! - (costs.base + (136 - 64) * costs.perToken)) < 1e-9);
	t.true(Math.abs(firstTokens(again)[1]! - (costs.base + 136 * costs.perToken)) < 1e-9);
});

test('an engine keeps a core busy while steps run', t => {
	const {pods, tables} = run(engineExperiment({workload: traced([[1, 64, 100]])}));
	const {startedSeconds, endedSeconds} = tables!.requests;
	const busy = endedSeconds[0]! - startedSeconds[0]!;
	t.true(Math.abs(pods[0]!.cpuSeconds - (busy + (300 - busy) * 0.1)) < 0.01);
});

test('an engine’s figures have the percentiles of its tokens’ times', t => {
	const {requests} = run(engineExperiment({workload: traced(rows)}));
	const {ttftSeconds, tpotSeconds, itlSeconds} = requests;
	for (const {p50, p95, p99} of [ttftSeconds, tpotSeconds, itlSeconds!]) {
		t.true(p50! > 0 && p50! <= p95! && p95! <= p99!);
	}

	t.true(itlSeconds!.p99 > tpotSeconds.p50!, 'a prompt in between holds single tokens up');
	t.is(run(makeExperiment({workload: openWorkload(1)})).requests.itlSeconds, undefined);
});

test('the gaps of the warm-up do not count', t => {
	const twice = (warmup: number) => {
		const slow = [[1, 100, 40], ...Array.from({length: 20}, (_, index) => [1.1 + index / 50, 120, 1])];
		const quiet = [[150, 20, 60]];
		return run(engineExperiment({warmup, workload: traced([...slow, ...quiet] as unknown as Row[])})).requests
			.itlSeconds!;
	};
	t.true(twice(0).p99 > 2 * twice(100).p99);
});

test('prompts that a trace says begin alike share their blocks', t => {
	const prompts: readonly Row[] = [
		[1, 64, 2],
		[5, 64, 2],
		[9, 64, 2],
	];
	const workload = traced(prompts) as Extract<Experiment['workload'], {loop: 'open'}>;
	const starts = [0, 2, 4, 6];
	// Whole blocks of 16 tokens of the first 40: two. The third request has another beginning.
	const prefixes = {starts, ends: [40, 64, 40, 64, 40, 64], streams: [1, 2, 1, 3, 4, 5]};
	const prefixed = {...workload, arrivals: {...workload.arrivals, prefixes} as typeof workload.arrivals};
	const ttft = (which: Experiment['workload']) => {
		const {requests} = run(engineExperiment({workload: which})).tables!;
		return [...requests.firstTokenSeconds].map((at, row) => at - requests.scheduledSeconds[row]!);
	};
	const [plain] = ttft(workload);
	const [first, second, third] = ttft(prefixed);
	t.is(first, plain);
	t.is(third, plain);
	t.true(Math.abs(first! - second! - 32 * costs.perToken) < 1e-9);
});

test('an engine that goes by priority serves the lower first, by tenant or by the trace', t => {
	const crowd = Array.from({length: 30}, (_, index): Row => [1 + index / 1000, 60, 60]);
	const workload = traced(crowd) as Extract<Experiment['workload'], {loop: 'open'}>;
	const priority = crowd.map((_, index) => (index === 29 ? -1 : 0));
	const urgent = {...workload, arrivals: {...workload.arrivals, priority} as typeof workload.arrivals};
	const last = (policy: 'fcfs' | 'priority') =>
		run(engineExperiment({workload: urgent}, {}, {maxNumSeqs: 4, policy})).tables!.requests.endedSeconds.at(-1)!;
	t.true(last('priority') < 0.5 * last('fcfs'));
	const tenants = ['batch', 'chat'].map((name, index) => ({name, share: 1, conversations: 1, priority: 1 - index}));
	const both = (policy: 'fcfs' | 'priority') =>
		run(engineExperiment({workload: {...workload, tenants}}, {}, {maxNumSeqs: 4, policy})).requests.tenants.map(
			({latencySeconds}) => latencySeconds.mean,
		);
	const [batch, chat] = both('priority');
	t.true(chat! < 0.7 * batch!);
	const [one, other] = both('fcfs');
	t.true(chat! < other! && batch! > one!);
});
