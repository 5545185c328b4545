import type {EngineModel, EngineSettings} from '../../experiment/serving/engine-model.ts';
import type {EngineRun} from '../../records/engine-run.ts';
import {BatchingEngine} from './batching-engine.ts';
import type {SharedContent} from './kv-cache.ts';

/** A simulated run of the requests of a measured one. Times in seconds; NaN for what did not come before the end. */
export type ReplayedRun = {
	readonly sent: Float64Array;
	readonly queued: Float64Array;
	readonly firstToken: Float64Array;
	readonly lastToken: Float64Array;
	readonly running: Float64Array;
	readonly waiting: Float64Array;
	readonly preemptions: number;
	readonly steps: number;
	/** Time of the last event [s]. */
	readonly end: number;
};

/** Settings of an engine as a run had them; the model's where it does not say. */
export function settingsOfRun({settings}: EngineRun, {engine}: EngineModel): EngineSettings {
	const recorded = Object.entries(settings).filter(([key, value]) => key in engine && value !== undefined);
	return {...engine, ...Object.fromEntries(recorded)};
}

type ReplayOptions = {
	/** End of it [s]; when all requests are done, when left out. */
	readonly until?: number;
	/** Clients that each send the next request when they have an answer; the times of sending do not count then. */
	readonly users?: number;
};

/** Replays the requests of a run through simulated engines. */
export function replayRun(run: EngineRun, model: EngineModel, {until, users}: ReplayOptions = {}): ReplayedRun {
	const {promptTokens, outputTokens} = run.requests;
	const columns = () => new Float64Array(promptTokens.length).fill(Number.NaN);
	const [sent, queued, firstToken, lastToken] = [columns(), columns(), columns(), columns()];
	const settings = settingsOfRun(run, model);
	const sending = users === undefined ? timedSending(run) : userSending(promptTokens.length, users);
	const listener = {
		started: () => undefined,
		firstToken(request: number, at: number) {
			firstToken[request] = at;
		},
		finished(request: number, at: number) {
			lastToken[request] = at;
			sending.answered(at);
		},
	};
	const engines = Array.from(
		{length: run.settings.dataParallel},
		() => new BatchingEngine({settings, costs: model.costs, listener}),
	);
	const contents = contentsOf(run, settings.blockTokens);
	const timeline = new TimelineReader(run.timeline.at, engines);
	const limit = until ?? Number.POSITIVE_INFINITY;
	for (let next = sending.peek(); next !== undefined || timeline.isBusy; next = sending.peek()) {
		const at = next === undefined ? Number.POSITIVE_INFINITY : next.at + model.requestDelay;
		if (Math.min(at, timeline.wakeAt) >= limit) {
			break;
		}

		if (timeline.wakeAt < at) {
			timeline.wakeNext();
			continue;
		}

		timeline.advance(at);
		sending.shift();
		const {request} = next!;
		const engine = leastLoaded(engines);
		sent[request] = next!.at;
		queued[request] = engine.takesInAt(at);
		const [prompt, output] = [promptTokens[request]!, outputTokens[request]!];
		engine.submit({tag: request, prompt, output, content: contents[request]}, at);
	}

	const end = timeline.finish(limit);
	const total = (of: (engine: BatchingEngine) => number) => engines.reduce((sum, engine) => sum + of(engine), 0);
	return {
		...{sent, queued, firstToken, lastToken, running: timeline.running, waiting: timeline.waiting, end},
		preemptions: total(engine => engine.preemptions),
		steps: total(engine => engine.stepCount),
	};
}

type Sending = {
	/** The request that is sent next; undefined when none is known yet. */
	readonly peek: () => {readonly at: number; readonly request: number} | undefined;
	readonly shift: () => void;
	readonly answered: (at: number) => void;
};

function timedSending({requests}: EngineRun): Sending {
	const sends = Array.from(requests.sent, (at, request) => ({at, request}));
	sends.sort((one, other) => one.at - other.at);
	let next = 0;
	return {peek: () => sends[next], shift: () => next++, answered: () => undefined};
}

function userSending(count: number, users: number): Sending {
	const sends = Array.from({length: Math.min(count, users)}, (_, request) => ({at: 0, request}));
	let next = 0;
	return {
		peek: () => sends[next],
		shift: () => next++,
		answered(at) {
			if (sends.length < count) {
				sends.push({at, request: sends.length});
			}
		},
	};
}

/** Advances engines, and reads at the moments of a timeline how many requests run and wait. */
class TimelineReader {
	readonly running: Float64Array;
	readonly waiting: Float64Array;
	readonly #at: Float64Array;
	readonly #engines: readonly BatchingEngine[];
	#next = 0;
	#now = 0;

	constructor(at: Float64Array, engines: readonly BatchingEngine[]) {
		this.#at = at;
		this.#engines = engines;
		this.running = new Float64Array(at.length);
		this.waiting = new Float64Array(at.length);
	}

	/** Time at which an engine wants to be woken next [s]; Infinity when none does. */
	get wakeAt(): number {
		return this.#engines.reduce((least, {wakeAt}) => Math.min(least, wakeAt), Number.POSITIVE_INFINITY);
	}

	get isBusy(): boolean {
		return this.wakeAt < Number.POSITIVE_INFINITY;
	}

	/** Wakes the engine that wants it next. */
	wakeNext(): void {
		const at = this.wakeAt;
		this.advance(at);
		const engine = this.#engines.find(({wakeAt}) => wakeAt === at)!;
		this.#now = Math.max(this.#now, at);
		engine.wake();
	}

	advance(to: number): void {
		while (this.#at[this.#next]! < to) {
			const now = this.#at[this.#next]!;
			this.#wakeBefore(now);
			for (const engine of this.#engines) {
				this.running[this.#next]! += engine.runningCount;
				this.waiting[this.#next]! += engine.waitingCount;
			}

			this.#next++;
		}

		this.#wakeBefore(to);
	}

	/** @returns time of the last event */
	finish(until: number): number {
		this.advance(until);
		return this.#now;
	}

	#wakeBefore(now: number): void {
		for (const engine of this.#engines) {
			while (engine.wakeAt < now) {
				this.#now = Math.max(this.#now, engine.wakeAt);
				engine.wake();
			}

			engine.advance(now);
		}
	}
}

/** The engine for a request. @see vllm v0.19 vllm/v1/engine/core_client.py, DPLBAsyncMPClient */
function leastLoaded(engines: readonly BatchingEngine[]): BatchingEngine {
	const load = ({waitingCount, runningCount}: BatchingEngine) => 4 * waitingCount + runningCount;
	return engines.reduce((least, engine) => (load(engine) < load(least) ? engine : least));
}

/** Common beginnings of the requests' contexts: whose tokens their blocks are. */
function contentsOf({requests}: EngineRun, blockTokens: number): (SharedContent | undefined)[] {
	const {sharedTokens, sharedWith} = requests;
	const isShared = new Set(Array.from(sharedWith).filter((_, request) => sharedTokens[request]! > 0));
	const contents: (SharedContent | undefined)[] = [];
	for (let request = 0; request < sharedTokens.length; request++) {
		const blocks = Math.floor(sharedTokens[request]! / blockTokens);
		const earlier = blocks > 0 ? contents[sharedWith[request]!] : undefined;
		if (earlier === undefined && !isShared.has(request)) {
			contents.push(undefined);
			continue;
		}

		const {ends = [], streams = []} = earlier ?? {};
		const kept = ends.findIndex(end => end >= blocks) + 1;
		contents.push({
			ends: [...ends.slice(0, kept).map(end => Math.min(end, blocks)), Number.POSITIVE_INFINITY],
			streams: [...streams.slice(0, kept), request],
		});
	}

	return contents;
}
