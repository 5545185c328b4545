import test from 'ava';
import {RandomStream} from '../../../src/engine/random-stream.ts';
import {costs, type Planned, runEngine} from './run-engine.ts';

const {base, perToken, perKvToken} = costs;

test('a request takes a step for its prompt and one for each further token, which reads all before it', t => {
	const {outcomes} = runEngine([{at: 1, prompt: 32, output: 3}]);
	const first = 1 + base + 32 * perToken;
	const second = first + base + perToken + 32 * perKvToken;
	const third = second + base + perToken + 33 * perKvToken;
	t.deepEqual(outcomes, [{started: 1, first, last: third}]);
});

test('a prompt longer than a step is computed in parts', t => {
	const {outcomes, engine} = runEngine([{at: 0, prompt: 150, output: 1}]);
	t.is(engine.stepCount, 3);
	t.is(outcomes[0]!.first, 3 * base + 150 * perToken);
	t.is(outcomes[0]!.last, outcomes[0]!.first);
});

test('without chunked prefill a prompt waits for a step that has room for all of it', t => {
	const planned = [
		{at: 0, prompt: 40, output: 5},
		{at: 0.001, prompt: 64, output: 2},
	];
	const {outcomes} = runEngine(planned, {settings: {chunkedPrefill: false}});
	t.is(outcomes[1]!.started, outcomes[0]!.last);
	t.true(runEngine(planned).outcomes[1]!.started < outcomes[0]!.last);
});

test('a batch holds maxNumSeqs; who waits is admitted when a request has ended', t => {
	const planned = Array.from({length: 5}, () => ({at: 0, prompt: 8, output: 10}));
	const {outcomes} = runEngine(planned);
	t.is(outcomes[4]!.started, outcomes[0]!.last);
});

test('with asynchronous scheduling a request waits for the ends of two steps', t => {
	const planned = [
		{at: 0, prompt: 16, output: 100},
		{at: 0.3, prompt: 16, output: 1},
	];
	const sync = runEngine(planned).outcomes[1]!;
	const {first, started} = runEngine(planned, {settings: {asyncScheduling: true}}).outcomes[1]!;
	const decode = base + perToken;
	t.true(sync.started - 0.3 < 1.1 * decode);
	t.is(started, sync.started, 'planned at the end of the step that runs');
	t.true(Math.abs(first - sync.first - decode) < 0.05 * decode, 'after the step that was planned before');
});

test('where blocks lack, the last to be admitted is preempted, and computed again before those that wait', t => {
	const planned = [
		{at: 0, prompt: 32, output: 33},
		{at: 0.001, prompt: 30, output: 33},
		{at: 0.1, prompt: 60, output: 4},
	];
	const {outcomes, engine} = runEngine(planned, {settings: {kvBlocks: 6}});
	t.true(engine.preemptions > 0);
	t.true(outcomes[0]!.last < outcomes[1]!.last);
	t.true(outcomes[2]!.started >= outcomes[0]!.last);
	t.true(outcomes[2]!.last > outcomes[1]!.last);
	t.is(engine.kvUse, 0);
});

test('a preempted request finds its blocks again where nothing has taken them', t => {
	const planned = [
		{at: 0, prompt: 32, output: 40},
		{at: 0.001, prompt: 32, output: 40},
	];
	const cached = runEngine(planned, {settings: {kvBlocks: 7}});
	const plain = runEngine(planned, {settings: {kvBlocks: 7, prefixCaching: false}});
	t.true(cached.engine.hitTokens > 0);
	t.is(plain.engine.hitTokens, 0);
	t.true(cached.outcomes[1]!.last < plain.outcomes[1]!.last);
});

test('the whole blocks that two prompts begin with are computed once', t => {
	const content = (own: number) => ({ends: [2, Number.POSITIVE_INFINITY], streams: [0, own]});
	const {outcomes, engine} = runEngine([
		{at: 0, prompt: 40, output: 2, content: content(1)},
		{at: 1, prompt: 50, output: 2, content: content(2)},
		{at: 2, prompt: 32, output: 2, content: content(3)},
	]);
	// The last token is always computed: of two whole blocks only one is taken from the cache.
	t.is(engine.hitTokens, 32 + 16);
	t.is(outcomes[1]!.first - 1, base + 18 * perToken);
	t.is(outcomes[2]!.first - 2, base + 16 * perToken);
});

test('a request whose prompt is to fit as a whole waits for its blocks', t => {
	const planned = [
		{at: 0, prompt: 64, output: 20},
		{at: 0.001, prompt: 64, output: 2},
	];
	const settings = {kvBlocks: 8, maxNumBatchedTokens: 32};
	const reserved = runEngine(planned, {settings: {...settings, reservePrompt: true}});
	t.is(reserved.outcomes[1]!.started, reserved.outcomes[0]!.last);
	t.is(reserved.engine.preemptions, 0);
	t.true(runEngine(planned, {settings}).outcomes[1]!.started < reserved.outcomes[1]!.started);
});

test('by priority the lower number comes first, and the highest is preempted', t => {
	const planned = [
		{at: 0, prompt: 40, output: 30, priority: 5},
		{at: 0.001, prompt: 40, output: 30, priority: 1},
		{at: 0.002, prompt: 8, output: 2, priority: 9},
		{at: 0.003, prompt: 8, output: 2, priority: 2},
	];
	const {outcomes, engine} = runEngine(planned, {settings: {policy: 'priority', maxNumSeqs: 2, kvBlocks: 7}});
	t.true(engine.preemptions > 0);
	t.true(outcomes[1]!.last < outcomes[0]!.last);
	t.true(outcomes[3]!.first < outcomes[2]!.first);
	t.is(engine.kvUse, 0);
});

test('a client that leaves frees its place and its blocks', t => {
	const {outcomes, engine} = runEngine([
		{at: 0, prompt: 16, output: 1000, leavesAt: 0.5},
		...Array.from({length: 3}, () => ({at: 0.001, prompt: 16, output: 1000, leavesAt: 2})),
		{at: 0.002, prompt: 16, output: 4},
		{at: 0.003, prompt: 16, output: 4, leavesAt: 0.1},
	]);
	t.true(outcomes[4]!.started >= 0.5 && outcomes[4]!.started < 0.55);
	t.true(Number.isNaN(outcomes[5]!.started));
	t.is(engine.kvUse, 0);
	t.is(engine.runningCount + engine.waitingCount, 0);
});

test('INV-4 a steady batch that is leapt over gives the bits of one planned step by step', t => {
	for (let round = 0; round < 60; round++) {
		const random = new RandomStream({seed: 7, replication: round, purpose: 'engine'});
		const whole = (most: number) => Math.floor(random.uniform() * most);
		let at = 0;
		const planned: Planned[] = Array.from({length: 40}, (_, index) => {
			at += random.uniform() < 0.3 ? 0 : random.uniform() * 0.2;
			const isShared = random.uniform() < 0.4;
			const prompt = 1 + whole(120);
			const ends = [Math.min(1 + whole(4), Math.floor(prompt / 16)), Number.POSITIVE_INFINITY];
			return {
				at,
				prompt,
				output: 1 + whole(60),
				priority: whole(3),
				...(isShared && {content: {ends, streams: [whole(2), 10 + index]}}),
				...(random.uniform() < 0.15 && {leavesAt: at + random.uniform()}),
			};
		});
		const options = {
			settings: {
				maxNumSeqs: 2 + whole(8),
				kvBlocks: 13 + whole(30),
				asyncScheduling: round % 2 === 0,
				chunkedPrefill: round % 5 !== 1,
				maxNumBatchedTokens: round % 5 === 1 ? 200 : 32 + whole(60),
				prefixCaching: round % 3 !== 0,
				reservePrompt: round % 4 === 0,
				policy: round % 7 === 0 ? ('priority' as const) : ('fcfs' as const),
			},
			costs: {perKvToken: 1e-6 * random.uniform(), perAttentionPair: 1e-8, perSequence: 1e-5 * random.uniform()},
		};
		const leapt = runEngine(planned, options);
		const stepwise = runEngine(planned, {...options, isStepwise: true});
		t.deepEqual(leapt.outcomes, stepwise.outcomes, `round ${round}`);
		t.is(leapt.engine.stepCount, stepwise.engine.stepCount);
		t.is(leapt.engine.preemptions, stepwise.engine.preemptions);
		t.is(leapt.engine.kvUse, 0);
		for (const [index, {last}] of leapt.outcomes.entries()) {
			t.true(planned[index]!.leavesAt !== undefined || last > planned[index]!.at, `round ${round}, request ${index}`);
		}
	}
});
