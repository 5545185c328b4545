import type {EngineSettings, StepCosts} from '../../experiment/serving/engine-model.ts';
import type {EngineListener} from './engine-listener.ts';
import {type EngineRequests, never} from './engine-requests.ts';
import type {KvCache} from './kv-cache.ts';
import {SteadyBatch} from './steady-batch.ts';
import {StepTally} from './step-tally.ts';
import {StepTime} from './step-time.ts';
import type {TokenGaps} from './token-gaps.ts';
import type {WaitingLine} from './waiting-line.ts';

type PlannerOptions = {
	readonly settings: EngineSettings;
	readonly costs: StepCosts;
	readonly requests: EngineRequests;
	readonly cache: KvCache;
	readonly waiting: WaitingLine;
	readonly listener: EngineListener;
	readonly gaps: TokenGaps | undefined;
};

/**
 * Planner of an engine's steps: which requests get how many tokens in the next one. Running ones come first, in the order of
 * their admission; where blocks lack, the last of them (or that of the lowest priority) is preempted, to be computed again;
 * then waiting ones are admitted.
 *
 * @see vllm v0.19 vllm/v1/core/sched/scheduler.py, schedule()
 */
export class StepPlanner {
	/** The requests that run, in the order of their admission. */
	readonly running: Int32Array;
	runningCount = 0;
	/** Requests that wait, preempted ones among them. */
	waitingCount = 0;
	/** Preemptions so far. */
	preemptions = 0;
	/** Tokens of prompts that were found in the prefix cache. */
	hitTokens = 0;

	readonly steady: SteadyBatch;
	readonly #stepTime: StepTime;
	readonly #gaps: TokenGaps | undefined;
	readonly #settings: EngineSettings;
	readonly #requests: EngineRequests;
	readonly #cache: KvCache;
	readonly #waiting: WaitingLine;
	readonly #listener: EngineListener;
	readonly #tally: StepTally;
	#isBlocked = false;

	constructor({settings, costs, requests, cache, waiting, listener, gaps}: PlannerOptions) {
		this.#settings = settings;
		this.#requests = requests;
		this.#cache = cache;
		this.#waiting = waiting;
		this.#listener = listener;
		this.#gaps = gaps;
		this.running = new Int32Array(settings.maxNumSeqs);
		this.#stepTime = new StepTime(costs, settings.maxNumSeqs);
		this.#tally = new StepTally(requests);
		this.steady = new SteadyBatch(requests, settings, this.#stepTime);
	}

	/** Something has changed that may let the first waiting request in, or none had waited. */
	unblock(): void {
		this.#isBlocked = false;
		if (this.waitingCount > 0) {
			this.steady.until = -1;
		}
	}

	/** Whether the first waiting request cannot be admitted before a request ends. */
	get isBlocked(): boolean {
		return this.#isBlocked;
	}

	/**
	 * Plans step `step` at time `now`.
	 *
	 * @param inFlightEnd - end of the step before, where it still runs; its tokens are counted [s]
	 * @returns its time [s]; -1 when there is nothing to do
	 */
	plan(step: number, now: number, inFlightEnd: number): number {
		this.settle(step - 1);
		this.#tally.begin();
		const preempted = this.preemptions;
		const spent = this.#continueRunning(step, inFlightEnd);
		if (this.preemptions === preempted) {
			this.#admitWaiting(step, now, spent);
		} else {
			this.#isBlocked = false;
		}

		const isSettled = this.waitingCount === 0 || this.#isBlocked;
		this.steady.lookAhead(step, this.running, this.runningCount, isSettled);
		const seconds = this.#tally.seconds(this.#stepTime);
		if (this.#gaps !== undefined && this.#tally.decoding > 0) {
			this.#gaps.add(seconds, this.#tally.decoding);
		}

		return seconds;
	}

	/** Gives the requests the blocks that steady steps up to `step` have used. */
	settle(step: number): void {
		if (this.steady.owed === 0) {
			return;
		}

		const {origin, lastStep, firstStep} = this.#requests;
		for (let index = 0; index < this.runningCount; index++) {
			const request = this.running[index]!;
			if (firstStep[request]! < step) {
				this.#cache.extend(request, origin[request]! + Math.min(step, lastStep[request]!) + 1);
			}
		}

		this.steady.owed = 0;
	}

	/** A step's end gives a request its first token, or its first one after a preemption, unless it has it. */
	giveFirstToken(request: number, at: number): void {
		const {hasToken, pausedAt, tag} = this.#requests;
		if (hasToken[request] === 0) {
			hasToken[request] = 1;
			this.#listener.firstToken(tag[request]!, at);
		} else if (!Number.isNaN(pausedAt[request]!)) {
			this.#gaps?.add(at - pausedAt[request]!, 1);
			pausedAt[request] = Number.NaN;
		}
	}

	/** Takes a request out of the running ones. */
	remove(request: number): void {
		const place = this.running.indexOf(request);
		this.running.copyWithin(place, place + 1, this.runningCount);
		this.runningCount--;
		this.#requests.isRunning[request] = 0;
	}

	/** @returns the tokens that are used of the step's */
	#continueRunning(step: number, inFlightEnd: number): number {
		const {firstStep, lastStep, origin, chunk, plannedStep} = this.#requests;
		for (let index = 0; index < this.runningCount && this.#tally.tokens < this.#settings.maxNumBatchedTokens; index++) {
			const request = this.running[index]!;
			if (lastStep[request]! < step) {
				continue;
			}

			const context = origin[request]! + step;
			if (firstStep[request]! < step && this.#cache.holds(request, context + 1)) {
				chunk[request] = 1;
				plannedStep[request] = step;
				this.#tally.countDecoding(context);
				continue;
			}

			index = this.#makeRoom(index, step, inFlightEnd);
			if (index === -1) {
				break;
			}

			this.#tally.count(request, step);
		}

		return this.#tally.tokens;
	}

	/**
	 * Finds the blocks for the next tokens of the request that runs at a place, preempting others, or at last itself.
	 *
	 * @returns its place then; -1 when it was preempted
	 */
	#makeRoom(index: number, step: number, inFlightEnd: number): number {
		const request = this.running[index]!;
		const {computed, target, origin, chunk, plannedStep} = this.#requests;
		const left = target[request]! - computed[request]!;
		const wanted = left > 0 ? Math.min(left, this.#settings.maxNumBatchedTokens - this.#tally.tokens) : 1;
		const tokens = left > 0 ? computed[request]! + wanted : origin[request]! + step + 1;
		let hasPreempted = false;
		while (!this.#cache.canExtend(request, tokens)) {
			const victim = this.#victim(step);
			this.#preempt(victim, step, inFlightEnd);
			hasPreempted = true;
			if (victim === request) {
				return -1;
			}
		}

		chunk[request] = wanted;
		plannedStep[request] = step;
		this.#cache.extend(request, tokens);
		return hasPreempted ? this.running.indexOf(request) : index;
	}

	/** The request to preempt: of those whose last token is not on its way, the last, or that of the lowest priority. */
	#victim(step: number): number {
		const {lastStep} = this.#requests;
		let victim = -1;
		for (let index = this.runningCount - 1; index >= 0; index--) {
			const request = this.running[index]!;
			if (lastStep[request]! < step) {
				continue;
			}

			if (this.#settings.policy === 'fcfs') {
				return request;
			}

			const isLower = victim === -1 || this.#requests.isBefore(victim, request);
			victim = isLower ? request : victim;
		}

		return victim;
	}

	#preempt(request: number, step: number, inFlightEnd: number): void {
		const requests = this.#requests;
		this.preemptions++;
		if (requests.plannedStep[request] === step) {
			this.#tally.discount(request, step);
		}

		const {firstStep, generated, target, computed, prompt} = requests;
		const isDecoding = firstStep[request]! < step;
		if (isDecoding) {
			if (firstStep[request] === step - 1) {
				this.giveFirstToken(request, inFlightEnd);
			}

			requests.pausedAt[request] = inFlightEnd;
			generated[request] = generated[request]! + step - firstStep[request]!;
		}

		this.#cache.preempt(request, isDecoding ? requests.origin[request]! + step : computed[request]!);
		this.remove(request);
		target[request] = prompt[request]! + generated[request]!;
		computed[request] = 0;
		firstStep[request] = never;
		requests.lastStep[request] = never;
		requests.wasPreempted[request] = 1;
		this.waitingCount++;
		this.#waiting.putBack(request);
	}

	#admitWaiting(step: number, now: number, spent: number): void {
		const {maxNumSeqs, maxNumBatchedTokens, chunkedPrefill, reservePrompt} = this.#settings;
		const requests = this.#requests;
		const {target, computed, chunk, wasPreempted} = requests;
		let budget = maxNumBatchedTokens - spent;
		this.#isBlocked = false;
		this.#dropGone();
		while (this.waitingCount > 0 && budget > 0) {
			if (this.runningCount === maxNumSeqs) {
				this.#isBlocked = true;
				return;
			}

			const request = this.#waiting.peek();
			const hits = this.#cache.hits(request, target[request]!, wasPreempted[request] === 1);
			const start = hits * this.#cache.blockTokens;
			const rest = target[request]! - start;
			if (!chunkedPrefill && rest > budget) {
				this.#isBlocked = !this.#tally.hasPrefill;
				return;
			}

			const tokens = Math.min(rest, budget);
			if (!this.#cache.fits(hits, reservePrompt ? target[request]! : start + tokens)) {
				this.#isBlocked = true;
				return;
			}

			this.#waiting.shift();
			this.waitingCount--;
			this.hitTokens += start;
			this.#cache.shareHits(request, hits);
			this.#cache.extend(request, start + tokens);
			this.running[this.runningCount++] = request;
			requests.isRunning[request] = 1;
			computed[request] = start;
			chunk[request] = tokens;
			requests.plannedStep[request] = step;
			this.#tally.count(request, step);
			budget -= tokens;
			if (wasPreempted[request] === 0) {
				this.#listener.started(requests.tag[request]!, now);
			}

			this.#dropGone();
		}
	}

	/** Frees the requests at the head of the line whose clients have left. */
	#dropGone(): void {
		const {isGone} = this.#requests;
		while (this.#waiting.length > 0 && isGone[this.#waiting.peek()] === 1) {
			this.#requests.release(this.#waiting.shift());
		}
	}
}
