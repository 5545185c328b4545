import type {EngineSettings, StepCosts} from '../../experiment/serving/engine-model.ts';
import type {EngineListener} from './engine-listener.ts';
import type {EngineRequests} from './engine-requests.ts';
import type {KvCache} from './kv-cache.ts';
import {Preemption} from './preemption.ts';
import {RunningBatch} from './running-batch.ts';
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
	readonly batch: RunningBatch;
	/** Requests that wait, preempted ones among them. */
	waitingCount = 0;
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
	readonly #preemption: Preemption;
	#isBlocked = false;

	constructor(options: PlannerOptions) {
		const {settings, costs, requests, cache, waiting, listener, gaps} = options;
		this.#settings = settings;
		this.#requests = requests;
		this.#cache = cache;
		this.#waiting = waiting;
		this.#listener = listener;
		this.#gaps = gaps;
		this.batch = new RunningBatch(options);
		this.#stepTime = new StepTime(costs, settings.maxNumSeqs);
		this.#tally = new StepTally(requests);
		this.#preemption = new Preemption({...options, batch: this.batch, tally: this.#tally});
		this.steady = new SteadyBatch(this.batch.decoding, settings, this.#stepTime);
	}

	/** Preemptions so far. */
	get preemptions(): number {
		return this.#preemption.count;
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
		const preempted = this.#continueRunning(step, inFlightEnd);
		if (preempted === 0) {
			this.#admitWaiting(step, now);
		} else {
			this.waitingCount += preempted;
			this.#isBlocked = false;
		}

		const {batch} = this;
		batch.due.expire(step + 1);
		this.steady.lookAhead(step, batch.prefilling === -1 && this.#isSettled);
		const seconds = this.#tally.seconds(this.#stepTime);
		if (this.#gaps !== undefined && this.#tally.decoding > 0) {
			this.#gaps.add(seconds, this.#tally.decoding);
		}

		return seconds;
	}

	/** Gives the requests the blocks that steady steps up to `step` have used. */
	settle(step: number): void {
		const {batch, steady} = this;
		if (steady.owed === 0) {
			return;
		}

		if (batch.isAlike) {
			batch.takeTogether(steady.owed, step);
		} else {
			batch.attribute();
			const {origin, lastStep, firstStep, after} = this.#requests;
			for (let request = batch.list.first; request !== -1; request = after[request]!) {
				if (firstStep[request]! < step) {
					this.#cache.extend(request, origin[request]! + Math.min(step, lastStep[request]!) + 1);
				}
			}

			batch.noteServed(step, true);
		}

		steady.owed = 0;
	}

	/** Whether nobody can be admitted before a request ends, and no block that an answer fills matters to another before. */
	get #isSettled(): boolean {
		const isWaiting = this.waitingCount > 0;
		return (
			(!isWaiting || this.#isBlocked) &&
			(this.batch.decoding.publishing === 0 || !this.#cache.isContested(isWaiting ? this.#waiting.peek() : -1))
		);
	}

	/** @returns preemptions that it took */
	#continueRunning(step: number, inFlightEnd: number): number {
		const {batch} = this;
		const {decoding, prefilling} = batch;
		batch.due.expire(step);
		const blocks = decoding.demandIn(step);
		const wanted = prefilling === -1 ? 0 : this.#partOf(prefilling, decoding.count);
		const tokens = wanted === 0 ? 0 : this.#requests.computed[prefilling]! + wanted;
		const lacking = wanted === 0 ? 0 : Math.max(0, this.#cache.lackedBy(prefilling, tokens));
		if (!batch.isAlike || blocks + lacking > this.#cache.pool.freeCount) {
			batch.attribute();
			return this.#preemption.continueEach(step, inFlightEnd);
		}

		batch.takeTogether(blocks, step);
		this.#tally.countDecoding(decoding.count, decoding.contextIn(step));
		if (wanted > 0) {
			this.#requests.chunk[prefilling] = wanted;
			this.#requests.plannedStep[prefilling] = step;
			this.#cache.extend(prefilling, tokens);
			this.#computePart(prefilling, step);
		}

		return 0;
	}

	/** Tokens of the prompt of a request that a step computes beside so many others. */
	#partOf(request: number, others: number): number {
		const {target, computed} = this.#requests;
		return Math.min(target[request]! - computed[request]!, this.#settings.maxNumBatchedTokens - others);
	}

	#computePart(request: number, step: number): void {
		const {batch} = this;
		if (this.#tally.countPrefill(request, step)) {
			batch.prefilling = -1;
			batch.beginDecoding(request);
		} else {
			batch.prefilling = request;
		}
	}

	#admitWaiting(step: number, now: number): void {
		const {maxNumSeqs, maxNumBatchedTokens, chunkedPrefill, reservePrompt} = this.#settings;
		const requests = this.#requests;
		const {target, computed, chunk, wasPreempted} = requests;
		const {list} = this.batch;
		let budget = maxNumBatchedTokens - this.#tally.tokens;
		this.#isBlocked = false;
		this.#dropGone();
		while (this.waitingCount > 0 && budget > 0) {
			if (list.count === maxNumSeqs) {
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
			list.admit(request);
			computed[request] = start;
			chunk[request] = tokens;
			requests.plannedStep[request] = step;
			this.#computePart(request, step);
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
			const gone = this.#waiting.shift();
			this.#cache.forget(gone);
			this.#requests.release(gone);
		}
	}
}
