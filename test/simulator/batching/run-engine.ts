import type {EngineSettings, StepCosts} from '../../../src/experiment/serving/engine-model.ts';
import {BatchingEngine} from '../../../src/simulator/batching/batching-engine.ts';
import type {SharedContent} from '../../../src/simulator/batching/kv-cache.ts';
import {TokenGaps} from '../../../src/simulator/batching/token-gaps.ts';

export const settings: EngineSettings = {
	maxNumSeqs: 4,
	maxNumBatchedTokens: 64,
	maxModelLen: 4096,
	blockTokens: 16,
	kvBlocks: 1000,
	chunkedPrefill: true,
	prefixCaching: true,
	asyncScheduling: false,
	reservePrompt: false,
	policy: 'fcfs',
};

/** A step takes 10 ms and 1 ms a token, and reading a token of context 1/1024 ms, so that sums are exact. */
export const costs: StepCosts = {
	base: 2 ** -7,
	perToken: 2 ** -10,
	perSequence: 0,
	perKvToken: 2 ** -20,
	perKvTokenWithPrefill: 0,
	perSequenceWithPrefill: 0,
	perAttentionPair: 0,
	allReduce: {perStep: 0, perToken: 0},
};

export type Planned = {
	readonly at: number;
	readonly prompt: number;
	readonly output: number;
	readonly priority?: number;
	readonly content?: SharedContent;
	/** When the client leaves. */
	readonly leavesAt?: number;
};

export type Outcome = {started: number; first: number; last: number};

/** Runs an engine over requests in the order of arrival to the end. */
export function runEngine(
	planned: readonly Planned[],
	options: {settings?: Partial<EngineSettings>; costs?: Partial<StepCosts>; isStepwise?: boolean} = {},
) {
	const outcomes = planned.map((): Outcome => ({started: Number.NaN, first: Number.NaN, last: Number.NaN}));
	const gaps = new TokenGaps();
	const engine = new BatchingEngine({
		gaps,
		settings: {...settings, ...options.settings},
		costs: {...costs, ...options.costs},
		isStepwise: options.isStepwise ?? false,
		listener: {
			started(tag, at) {
				outcomes[tag]!.started = at;
			},
			firstToken(tag, at) {
				outcomes[tag]!.first = at;
			},
			finished(tag, at) {
				outcomes[tag]!.last = at;
			},
		},
	});
	const numbers: number[] = [];
	const changes = planned
		.flatMap(({at, leavesAt}, tag) => [
			{at, tag, isArrival: true},
			...(leavesAt === undefined ? [] : [{at: leavesAt, tag, isArrival: false}]),
		])
		.sort((one, other) => one.at - other.at);
	for (const {at, tag, isArrival} of changes) {
		while (engine.wakeAt < at) {
			engine.wake();
		}

		engine.advance(at);
		if (isArrival) {
			const {prompt, output, priority = 0, content} = planned[tag]!;
			numbers[tag] = engine.submit({tag, prompt, output, priority, content}, at);
		} else if (Number.isNaN(outcomes[tag]!.last)) {
			engine.abandon(numbers[tag]!);
		}
	}

	while (engine.wakeAt !== Number.POSITIVE_INFINITY) {
		engine.wake();
	}

	return {outcomes, engine, gaps};
}
