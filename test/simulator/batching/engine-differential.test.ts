import test from 'ava';
import {RandomStream} from '../../../src/engine/random-stream.ts';
import type {EngineSettings, StepCosts} from '../../../src/experiment/serving/engine-model.ts';
import {BatchingEngine} from '../../../src/simulator/batching/batching-engine.ts';
import type {SharedContent} from '../../../src/simulator/batching/kv-cache.ts';
import {TokenGaps} from '../../../src/simulator/batching/token-gaps.ts';
import {ReferenceEngine} from './reference-engine.ts';
import type {Planned} from './run-engine.ts';

type Scenario = {
	readonly settings: EngineSettings;
	readonly costs: StepCosts;
	readonly planned: readonly Planned[];
};
type Whole = (most: number) => number;

/** What an engine did: calls of its listener with their times, and its figures at each arrival and departure. */
type Trail = {readonly calls: string[]; readonly figures: number[]};

test('INV-4 an engine gives the bits of one that visits each request and each block in each step', t => {
	const seen = {preemptions: 0, hits: 0, steps: 0};
	for (let round = 0; round < 80; round++) {
		const scenario = randomScenario(round, anyContent);
		const {trail, engine} = reference(scenario);
		t.deepEqual(fast(scenario, true), trail, `round ${round}`);
		seen.preemptions += engine.preemptions;
		seen.hits += engine.hitTokens;
		seen.steps += engine.steps;
	}

	t.true(seen.preemptions > 500 && seen.hits > 20_000 && seen.steps > 30_000, JSON.stringify(seen));
});

test('INV-4 it gives these bits with steps that are leapt over, too', t => {
	for (let round = 0; round < 80; round++) {
		const scenario = randomScenario(round, round % 2 === 0 ? anyContent : contentOfPrompt);
		t.deepEqual(fast(scenario, false), reference(scenario).trail, `round ${round}`);
	}
});

function randomScenario(round: number, contentOf: typeof anyContent): Scenario {
	const random = new RandomStream({seed: 11, replication: round, purpose: 'engines'});
	const whole: Whole = most => Math.floor(random.uniform() * most);
	const isOneOf = (share: number) => random.uniform() < share;
	const blockTokens = [16, 5, 7, 1, 32, 3][round % 6]!;
	const longest = {prompt: isOneOf(0.3) ? 500 : 120, output: isOneOf(0.3) ? 250 : 60};
	const maxNumSeqs = 1 + whole(isOneOf(0.5) ? 8 : 40);
	const chunkedPrefill = isOneOf(0.75);
	const most = longest.prompt + longest.output + 2;
	const settings: EngineSettings = {
		maxNumSeqs,
		maxNumBatchedTokens: chunkedPrefill ? Math.max(maxNumSeqs, 16 + whole(200)) : most + whole(100),
		maxModelLen: most,
		blockTokens,
		kvBlocks: Math.ceil((most / blockTokens) * (1 + 8 * random.uniform() ** 2)),
		chunkedPrefill,
		prefixCaching: isOneOf(0.7),
		asyncScheduling: isOneOf(0.6),
		reservePrompt: isOneOf(0.4),
		policy: isOneOf(0.4) ? 'priority' : 'fcfs',
	};
	const costs: StepCosts = {
		base: 1e-4 + 0.01 * random.uniform(),
		perToken: 1e-4 * random.uniform(),
		perSequence: 1e-5 * random.uniform(),
		perKvToken: 1e-6 * random.uniform(),
		perKvTokenWithPrefill: 1e-7 * random.uniform(),
		perSequenceWithPrefill: 1e-6 * random.uniform(),
		perAttentionPair: 1e-8 * random.uniform(),
		allReduce: {perStep: 0, perToken: 0},
	};
	const [gap, bursts, shared] = [[0.02, 0.2, 1][whole(3)]!, 0.6 * random.uniform(), random.uniform()];
	let at = 0;
	const planned = Array.from({length: 20 + whole(50)}, (_, tag): Planned => {
		at += isOneOf(bursts) ? 0 : gap * random.uniform();
		const prompt = 1 + whole(longest.prompt);
		return {
			at,
			prompt,
			output: isOneOf(0.15) ? 1 : 1 + whole(longest.output),
			priority: whole(3),
			...(isOneOf(shared) && {content: contentOf(whole, tag, Math.floor(prompt / blockTokens))}),
			...(isOneOf(0.15) && {leavesAt: at + 4 * random.uniform() ** 2}),
		};
	});
	return {settings, costs, planned};
}

/** What all prompts of a kind begin with, at times beyond the prompt; a conversation; or a beginning and what nobody else has. */
function anyContent(whole: Whole, tag: number, blocks: number): SharedContent {
	switch (whole(3)) {
		case 0:
			return {ends: [1 + whole(blocks + 6)], streams: [whole(3)]};
		case 1:
			return {ends: [whole(4), Number.POSITIVE_INFINITY], streams: [whole(2), 100 + whole(8)]};
		default:
			return contentOfPrompt(whole, tag, blocks);
	}
}

/** A beginning that others have, and what nobody else has. */
function contentOfPrompt(whole: Whole, tag: number, blocks: number): SharedContent {
	const shared = Math.min(1 + whole(6), blocks);
	return whole(2) === 0
		? {ends: [shared], streams: [whole(2)]}
		: {ends: [shared, Number.POSITIVE_INFINITY], streams: [whole(2), 1000 + tag]};
}

function fast({settings, costs, planned}: Scenario, isStepwise: boolean): Trail {
	const {calls, listener, finished} = recorder();
	const gaps = new TokenGaps();
	const engine = new BatchingEngine({settings, costs, listener, gaps, isStepwise});
	const numbers: number[] = [];
	const figures = drive(planned, {
		advance(at) {
			while (engine.wakeAt < at) {
				engine.wake();
			}

			if (at < Number.POSITIVE_INFINITY) {
				engine.advance(at);
			}
		},
		submit(tag, at) {
			numbers[tag] = engine.submit({tag, ...planned[tag]!}, at);
		},
		abandon(tag) {
			if (!finished.has(tag)) {
				engine.abandon(numbers[tag]!);
			}
		},
		figures: () => [
			engine.kvUse,
			engine.runningCount,
			engine.waitingCount,
			engine.preemptions,
			engine.hitTokens,
			engine.stepCount,
		],
	});
	return {calls, figures: [...figures, ...figuresOf(gaps)]};
}

function reference({settings, costs, planned}: Scenario) {
	const {calls, listener} = recorder();
	const gaps = new TokenGaps();
	const engine = new ReferenceEngine({settings, costs, listener, gaps});
	const figures = drive(planned, {
		advance(at) {
			while (engine.end < at) {
				engine.endStep();
			}
		},
		submit: (tag, at) => engine.submit(planned[tag]!, tag, at),
		abandon: tag => engine.abandon(tag),
		figures: () => [engine.kvUse, ...engine.counts, engine.preemptions, engine.hitTokens, engine.steps],
	});
	return {trail: {calls, figures: [...figures, ...figuresOf(gaps)]}, engine};
}

type Driven = {
	/** Lets the steps end that end before a time. */
	readonly advance: (at: number) => void;
	readonly submit: (tag: number, at: number) => void;
	readonly abandon: (tag: number) => void;
	readonly figures: () => readonly number[];
};

function drive(planned: readonly Planned[], engine: Driven): number[] {
	const changes = planned
		.flatMap(({at, leavesAt}, tag) => [
			{at, change: () => engine.submit(tag, at)},
			...(leavesAt === undefined ? [] : [{at: leavesAt, change: () => engine.abandon(tag)}]),
		])
		.sort((one, other) => one.at - other.at);
	const figures: number[] = [];
	for (const {at, change} of changes) {
		engine.advance(at);
		figures.push(...engine.figures());
		change();
	}

	engine.advance(Number.POSITIVE_INFINITY);
	return [...figures, ...engine.figures()];
}

function recorder() {
	const calls: string[] = [];
	const finished = new Set<number>();
	const listener = {
		started: (tag: number, at: number) => calls.push(`${tag} started ${at}`),
		firstToken: (tag: number, at: number) => calls.push(`${tag} first ${at}`),
		finished(tag: number, at: number) {
			calls.push(`${tag} finished ${at}`);
			finished.add(tag);
		},
	};
	return {calls, finished, listener};
}

function figuresOf(gaps: TokenGaps): number[] {
	return [gaps.count, ...[0, 0.1, 0.5, 0.9, 0.99, 1].map(probability => gaps.quantile(probability))];
}
