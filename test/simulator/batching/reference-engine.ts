import type {EngineSettings, StepCosts} from '../../../src/experiment/serving/engine-model.ts';
import type {EngineListener} from '../../../src/simulator/batching/engine-listener.ts';
import {StepTime, type StepTokens} from '../../../src/simulator/batching/step-time.ts';
import type {TokenGaps} from '../../../src/simulator/batching/token-gaps.ts';
import {type Held, ReferenceCache} from './reference-cache.ts';
import type {Planned} from './run-engine.ts';

type Request = Planned & {
	readonly tag: number;
	readonly held: Held;
	generated: number;
	target: number;
	computed: number;
	chunk: number;
	plannedStep: number;
	firstStep: number;
	lastStep: number;
	hasToken: boolean;
	wasPreempted: boolean;
	pausedAt: number | undefined;
};

type ReferenceOptions = {
	readonly settings: EngineSettings;
	readonly costs: StepCosts;
	readonly listener: EngineListener;
	readonly gaps: TokenGaps;
};

const never = Number.POSITIVE_INFINITY;

/** The rules of an engine in their plainest form: each step is planned, and each visits all requests. */
export class ReferenceEngine {
	/** End of the step that runs [s]; Infinity when none does. */
	end = never;
	preemptions = 0;
	hitTokens = 0;
	steps = 0;
	readonly #settings: EngineSettings;
	readonly #listener: EngineListener;
	readonly #gaps: TokenGaps;
	readonly #time: StepTime;
	readonly #cache: ReferenceCache;
	readonly #running: Request[] = [];
	readonly #waiting: Request[] = [];
	#step = -1;
	#next = -1;
	#tokens: StepTokens = {tokens: 0, sampled: 0, decoding: 0, context: 0, pairs: 0};

	constructor({settings, costs, listener, gaps}: ReferenceOptions) {
		this.#settings = settings;
		this.#listener = listener;
		this.#gaps = gaps;
		this.#time = new StepTime(costs, settings.maxNumSeqs);
		this.#cache = new ReferenceCache(settings);
	}

	get kvUse(): number {
		return 1 - this.#cache.free.length / this.#settings.kvBlocks;
	}

	get counts(): readonly [running: number, waiting: number] {
		return [this.#running.length, this.#waiting.length];
	}

	submit(planned: Planned, tag: number, now: number): void {
		const steps = {plannedStep: -1, firstStep: never, lastStep: never};
		const progress = {generated: 0, target: planned.prompt, computed: 0, chunk: 0, hasToken: false};
		const held = this.#cache.begin(planned.content);
		this.#queue({...planned, ...steps, ...progress, tag, held, wasPreempted: false, pausedAt: undefined}, false);
		if (this.end === never) {
			this.#begin(now);
		}
	}

	abandon(tag: number): void {
		for (const list of [this.#running, this.#waiting]) {
			for (const request of list.filter(other => other.tag === tag)) {
				list.splice(list.indexOf(request), 1);
				this.#cache.release(request.held);
			}
		}
	}

	endStep(): void {
		const now = this.end;
		this.steps++;
		for (const request of [...this.#running]) {
			if (request.firstStep === this.#step) {
				this.#giveFirst(request, now);
			}

			if (request.lastStep === this.#step) {
				this.#running.splice(this.#running.indexOf(request), 1);
				this.#cache.release(request.held);
				this.#listener.finished(request.tag, now);
			}
		}

		if (this.#next < 0) {
			this.#begin(now);
			return;
		}

		this.#step++;
		this.end = now + this.#next;
		this.#next = this.#plan(this.#step + 1, now, this.end);
	}

	#begin(now: number): void {
		const seconds = this.#plan(this.#step + 1, now, now);
		this.end = never;
		if (seconds >= 0) {
			this.#step++;
			this.end = now + seconds;
			this.#next = this.#settings.asyncScheduling ? this.#plan(this.#step + 1, now, this.end) : -1;
		}
	}

	#plan(step: number, now: number, inFlightEnd: number): number {
		this.#tokens = {tokens: 0, sampled: 0, decoding: 0, context: 0, pairs: 0};
		const {preemptions} = this;
		this.#continue(step, inFlightEnd);
		if (this.preemptions === preemptions) {
			this.#admit(step, now);
		}

		const {tokens, sampled, decoding, context, pairs} = this.#tokens;
		if (tokens === 0) {
			return -1;
		}

		const decode = this.#time.decode(sampled) + this.#time.perKvToken * context;
		const seconds = pairs > 0 ? this.#time.withPrefill(this.#tokens) : decode;
		this.#gaps.add(seconds, decoding);
		return seconds;
	}

	#continue(step: number, inFlightEnd: number): void {
		for (const request of [...this.#running]) {
			const left = request.target - request.computed;
			const budget = this.#settings.maxNumBatchedTokens - this.#tokens.tokens;
			if (budget <= 0 || !this.#running.includes(request) || request.lastStep < step) {
				continue;
			}

			const chunk = left > 0 ? Math.min(left, budget) : 1;
			const tokens = left > 0 ? request.computed + chunk : contextOf(request, step) + 1;
			while (!this.#cache.canExtend(request.held, tokens)) {
				const victim = this.#victim(step);
				this.#preempt(victim, step, inFlightEnd);
				if (victim === request) {
					return;
				}
			}

			this.#cache.extend(request.held, tokens);
			this.#count(request, step, chunk);
		}
	}

	#victim(step: number): Request {
		const some = this.#running.filter(({lastStep}) => lastStep >= step);
		return this.#settings.policy === 'fcfs' ? some.at(-1)! : some.sort(byPriority).at(-1)!;
	}

	#preempt(request: Request, step: number, inFlightEnd: number): void {
		this.preemptions++;
		if (request.plannedStep === step) {
			this.#count(request, step, -request.chunk);
		}

		const isDecoding = request.firstStep < step;
		const computed = isDecoding ? contextOf(request, step) : request.computed;
		if (isDecoding) {
			if (request.firstStep === step - 1) {
				this.#giveFirst(request, inFlightEnd);
			}

			request.pausedAt = inFlightEnd;
			request.generated += step - request.firstStep;
		}

		this.#running.splice(this.#running.indexOf(request), 1);
		this.#cache.preempt(request.held, computed);
		const target = request.prompt + request.generated;
		Object.assign(request, {target, computed: 0, firstStep: never, lastStep: never, wasPreempted: true});
		this.#queue(request, true);
	}

	#admit(step: number, now: number): void {
		const {maxNumSeqs, maxNumBatchedTokens, chunkedPrefill, reservePrompt, blockTokens} = this.#settings;
		for (let request = this.#waiting[0]; request !== undefined; request = this.#waiting[0]) {
			const budget = maxNumBatchedTokens - this.#tokens.tokens;
			if (budget <= 0 || this.#running.length === maxNumSeqs) {
				return;
			}

			const hits = this.#cache.hits(request.held, request.target, request.wasPreempted);
			const start = hits.length * blockTokens;
			const rest = request.target - start;
			const chunk = Math.min(rest, budget);
			const isWhole = chunkedPrefill || rest <= budget;
			if (!isWhole || !this.#cache.fits(hits, reservePrompt ? request.target : start + chunk)) {
				return;
			}

			this.#waiting.shift();
			this.hitTokens += start;
			this.#cache.share(request.held, hits);
			this.#cache.extend(request.held, start + chunk);
			this.#running.push(request);
			request.computed = start;
			this.#count(request, step, chunk);
			if (!request.wasPreempted) {
				this.#listener.started(request.tag, now);
			}
		}
	}

	/** Counts a request's tokens of a step; takes them out again where they are negative. */
	#count(request: Request, step: number, chunk: number): void {
		const total = this.#tokens;
		total.tokens += chunk;
		request.plannedStep = step;
		request.chunk = chunk;
		if (request.firstStep < step) {
			total.sampled += chunk;
			total.decoding += chunk;
			total.context += chunk * contextOf(request, step);
			return;
		}

		total.pairs += chunk * (request.computed + (chunk + 1) / 2);
		request.computed += chunk;
		if (request.computed === request.target) {
			total.sampled++;
			request.firstStep = step;
			request.lastStep = step + request.output - request.generated - 1;
		}
	}

	#giveFirst(request: Request, at: number): void {
		if (!request.hasToken) {
			request.hasToken = true;
			this.#listener.firstToken(request.tag, at);
		} else if (request.pausedAt !== undefined) {
			this.#gaps.add(at - request.pausedAt, 1);
			request.pausedAt = undefined;
		}
	}

	#queue(request: Request, isBack: boolean): void {
		const waiting = this.#waiting;
		if (this.#settings.policy === 'priority') {
			const later = waiting.findIndex(other => byPriority(request, other) < 0);
			waiting.splice(later === -1 ? waiting.length : later, 0, request);
		} else {
			waiting.splice(isBack ? 0 : waiting.length, 0, request);
		}
	}
}

/** Tokens that a request which decodes reads in a step. */
function contextOf({target, firstStep}: Request, step: number): number {
	return target + step - firstStep - 1;
}

/** As they came where they have the same. */
function byPriority(one: Request, other: Request): number {
	return (one.priority ?? 0) - (other.priority ?? 0) || one.tag - other.tag;
}
