import type {EngineSettings, StepCosts} from '../../experiment/serving/engine-model.ts';
import type {EngineListener, EngineRequest} from './engine-listener.ts';
import {EngineRequests} from './engine-requests.ts';
import {KvCache} from './kv-cache.ts';
import type {StepPlace} from './steady-batch.ts';
import {StepPlanner} from './step-planner.ts';
import type {TokenGaps} from './token-gaps.ts';
import {WaitingLine} from './waiting-line.ts';

type EngineOptions = {
	readonly settings: EngineSettings;
	readonly costs: StepCosts;
	readonly listener: EngineListener;
	/** Whether each step of a steady batch is planned as if something could change, to the same result. */
	readonly isStepwise?: boolean;
	/** Takes the times between the tokens of answers. */
	readonly gaps?: TokenGaps;
};

/** Place of an engine among its steps, and what its steady batch has read and used by then. */
type Progress = StepPlace & {context: number; owed: number};

/**
 * Engine that serves requests by iterations over a batch: each step gives every running sequence one token, or computes a part
 * of a prompt. The owner advances it to the times of its own events, and wakes it at `wakeAt`; in between nothing needs a decision.
 *
 * With asynchronous scheduling a step is planned when the one before the last ends, so that a new request waits for two ends of steps.
 *
 * @see vllm v0.19 vllm/v1/engine/core.py, step_with_batch_queue()
 */
export class BatchingEngine {
	/** Steps that have ended. */
	stepCount = 0;
	/** Time at which the engine wants to be woken [s]; Infinity when it is idle. */
	wakeAt = Number.POSITIVE_INFINITY;
	readonly #settings: EngineSettings;
	readonly #listener: EngineListener;
	readonly #isStepwise: boolean;
	readonly #requests = new EngineRequests();
	readonly #waiting: WaitingLine;
	readonly #cache: KvCache;
	readonly #planner: StepPlanner;
	readonly #gaps: TokenGaps | undefined;
	/** Its end is Infinity while no step runs. */
	readonly #place: StepPlace = {step: -1, end: Number.POSITIVE_INFINITY, next: -1};
	/** Place at `wakeAt` if nothing comes. */
	readonly #ahead: Progress = {step: 0, end: 0, next: 0, context: 0, owed: 0};
	/** Place while the one at `wakeAt` is looked for. */
	readonly #here: Progress = {step: 0, end: 0, next: 0, context: 0, owed: 0};

	constructor({settings, costs, listener, gaps, isStepwise = false}: EngineOptions) {
		this.#settings = settings;
		this.#listener = listener;
		this.#isStepwise = isStepwise;
		this.#gaps = gaps;
		this.#waiting = new WaitingLine(
			settings.policy === 'priority' ? (one, other) => this.#requests.isBefore(one, other) : undefined,
		);
		this.#cache = new KvCache(settings);
		this.#planner = new StepPlanner({
			settings,
			costs,
			requests: this.#requests,
			cache: this.#cache,
			waiting: this.#waiting,
			listener,
			gaps,
		});
	}

	get runningCount(): number {
		return this.#planner.batch.list.count;
	}

	/** Requests that wait, preempted ones among them. */
	get waitingCount(): number {
		return this.#planner.waitingCount;
	}

	get preemptions(): number {
		return this.#planner.preemptions;
	}

	/** Tokens of prompts that were found in the prefix cache. */
	get hitTokens(): number {
		return this.#planner.hitTokens;
	}

	/** Share of the KV blocks that requests hold. */
	get kvUse(): number {
		return 1 - (this.#cache.pool.freeCount - this.#planner.steady.owed) / this.#settings.kvBlocks;
	}

	/** Time at which the engine looks at a request that is sent to it at `now`: when it is busy, the end of its step [s]. */
	takesInAt(now: number): number {
		return this.#place.end === Number.POSITIVE_INFINITY ? now : this.#place.end;
	}

	/** Takes a request in at `now`, to which the engine has been advanced. */
	submit(request: EngineRequest, now: number): number {
		const requests = this.#requests;
		const number = requests.take();
		requests.tag[number] = request.tag;
		requests.priority[number] = request.priority ?? 0;
		requests.prompt[number] = request.prompt;
		requests.output[number] = request.output;
		requests.target[number] = request.prompt;
		this.#cache.begin(number, request.content, request.prompt);
		this.#waiting.push(number);
		this.#planner.waitingCount++;
		if (this.#place.end === Number.POSITIVE_INFINITY) {
			this.#begin(now);
			this.#foresee();
		} else if (!this.#planner.isBlocked || this.#settings.policy === 'priority') {
			this.#planner.unblock();
			this.#foresee();
		}

		return number;
	}

	/** The client of a request has left, at `now`, to which the engine has been advanced. */
	abandon(number: number): void {
		const requests = this.#requests;
		if (requests.isRunning[number] === 1) {
			this.#planner.settle(this.#planned);
			this.#planner.batch.drop(number);
			this.#cache.release(number);
			this.#cache.forget(number);
			requests.release(number);
			this.#planner.unblock();
			this.#planner.steady.until = -1;
			this.#foresee();
			return;
		}

		requests.isGone[number] = 1;
		this.#planner.waitingCount--;
		if (this.#waiting.length > 0 && this.#waiting.peek() === number) {
			this.#planner.unblock();
			this.#foresee();
		}
	}

	/** Lets the steps end that end before `now`; there must be no need to wake before it. */
	advance(now: number): void {
		if (this.#place.end < now) {
			const {step} = this.#place;
			const {context} = this.#planner.steady;
			this.#leap(now);
			this.#gaps?.addSteady(this.#planner.steady, this.#place.step - step, context);
		}
	}

	/** Ends the step at `wakeAt`, and what follows it without a decision. */
	wake(): void {
		const {step} = this.#place;
		const {context} = this.#planner.steady;
		this.#stand(this.#ahead);
		this.#gaps?.addSteady(this.#planner.steady, this.#place.step - step, context);
		this.#endStep();
		this.#foresee();
	}

	/** Step that was planned last. */
	get #planned(): number {
		return this.#place.step + (this.#place.next >= 0 ? 1 : 0);
	}

	/** Begins a step when none runs. */
	#begin(now: number): void {
		const seconds = this.#planner.plan(this.#place.step + 1, now, now);
		if (seconds < 0) {
			this.#place.end = Number.POSITIVE_INFINITY;
			return;
		}

		this.#place.step++;
		this.#place.end = now + seconds;
		this.#place.next = this.#settings.asyncScheduling
			? this.#planner.plan(this.#place.step + 1, now, this.#place.end)
			: -1;
	}

	/** Ends the step that runs, and begins the next. */
	#endStep(): void {
		const now = this.#place.end;
		this.stepCount++;
		this.#report(now);
		if (this.#place.next < 0) {
			this.#begin(now);
			return;
		}

		this.#place.step++;
		this.#place.end = now + this.#place.next;
		this.#place.next = this.#planner.plan(this.#place.step + 1, now, this.#place.end);
	}

	/** Reports the tokens that the step's end gives. */
	#report(now: number): void {
		const requests = this.#requests;
		const planner = this.#planner;
		const {batch} = planner;
		const {step} = this.#place;
		if (step !== batch.due.nextStep) {
			return;
		}

		planner.settle(this.#planned);
		for (let request = batch.due.take(step); request !== -1; request = batch.due.take(step)) {
			if (requests.firstStep[request] === step) {
				batch.giveFirstToken(request, now);
			}

			if (requests.lastStep[request] === step) {
				batch.leave(request);
				this.#cache.release(request);
				this.#cache.forget(request);
				this.#listener.finished(requests.tag[request]!, now);
				requests.release(request);
				planner.unblock();
			}
		}
	}

	/** Finds the time of the next step whose end needs a decision. */
	#foresee(): void {
		if (this.#place.end === Number.POSITIVE_INFINITY) {
			this.wakeAt = this.#place.end;
			return;
		}

		this.#note(this.#here);
		this.#leap(Number.POSITIVE_INFINITY);
		this.#note(this.#ahead);
		this.wakeAt = this.#place.end;
		this.#stand(this.#here);
	}

	/** Lets steps of a steady batch end before `limit`, up to the first that needs a decision. */
	#leap(limit: number): void {
		const {step} = this.#place;
		this.#planner.steady.leap(this.#place, {
			before: limit,
			outcome: this.#isStepwise ? -1 : this.#planner.batch.due.nextStep,
			freeBlocks: this.#cache.pool.freeCount,
		});
		this.stepCount += this.#place.step - step;
	}

	/** Notes where the engine is. In place: it does so at each event, and five numbers in a new object are most of its time. */
	#note(progress: Progress): void {
		const place = this.#place;
		const {steady} = this.#planner;
		progress.step = place.step;
		progress.end = place.end;
		progress.next = place.next;
		progress.context = steady.context;
		progress.owed = steady.owed;
	}

	/** Puts the engine where it was noted to be. */
	#stand(progress: Progress): void {
		const place = this.#place;
		const {steady} = this.#planner;
		this.stepCount += progress.step - place.step;
		place.step = progress.step;
		place.end = progress.end;
		place.next = progress.next;
		steady.context = progress.context;
		steady.owed = progress.owed;
	}
}
