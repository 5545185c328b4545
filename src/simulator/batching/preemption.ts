import type {EngineSettings} from '../../experiment/serving/engine-model.ts';
import {type EngineRequests, never} from './engine-requests.ts';
import type {KvCache} from './kv-cache.ts';
import type {RunningBatch} from './running-batch.ts';
import type {StepTally} from './step-tally.ts';
import type {WaitingLine} from './waiting-line.ts';

type PreemptionOptions = {
	readonly settings: EngineSettings;
	readonly requests: EngineRequests;
	readonly cache: KvCache;
	readonly waiting: WaitingLine;
	readonly batch: RunningBatch;
	readonly tally: StepTally;
};

/** Planning of the requests that run one by one: where blocks lack, or where it matters who takes which. */
export class Preemption {
	/** Preemptions so far. */
	count = 0;
	readonly #settings: EngineSettings;
	readonly #requests: EngineRequests;
	readonly #cache: KvCache;
	readonly #waiting: WaitingLine;
	readonly #batch: RunningBatch;
	readonly #tally: StepTally;

	constructor({settings, requests, cache, waiting, batch, tally}: PreemptionOptions) {
		this.#settings = settings;
		this.#requests = requests;
		this.#cache = cache;
		this.#waiting = waiting;
		this.#batch = batch;
		this.#tally = tally;
	}

	/**
	 * Gives the requests that run their tokens of a step, in the order of their admission.
	 *
	 * @param inFlightEnd - end of the step before [s]
	 * @returns preemptions that it took
	 */
	continueEach(step: number, inFlightEnd: number): number {
		const {maxNumBatchedTokens} = this.#settings;
		const {firstStep, lastStep, origin, chunk, plannedStep, after} = this.#requests;
		const before = this.count;
		let request = this.#batch.list.first;
		for (; request !== -1 && this.#tally.tokens < maxNumBatchedTokens; request = after[request]!) {
			if (lastStep[request]! < step) {
				continue;
			}

			const context = origin[request]! + step;
			if (firstStep[request]! < step && this.#cache.holds(request, context + 1)) {
				chunk[request] = 1;
				plannedStep[request] = step;
				this.#tally.countDecoding(1, context);
				continue;
			}

			if (!this.#makeRoom(request, step, inFlightEnd)) {
				break;
			}

			if (firstStep[request]! < step) {
				this.#tally.countDecoding(1, context);
			} else if (this.#tally.countPrefill(request, step)) {
				this.#batch.prefilling = -1;
				this.#batch.beginDecoding(request);
			}
		}

		this.#batch.noteServed(step, request === -1);
		return this.count - before;
	}

	/**
	 * Finds the blocks for the next tokens of a request, preempting others, or at last itself.
	 *
	 * @returns whether it runs then
	 */
	#makeRoom(request: number, step: number, inFlightEnd: number): boolean {
		const {computed, target, origin, chunk, plannedStep} = this.#requests;
		const left = target[request]! - computed[request]!;
		const wanted = left > 0 ? Math.min(left, this.#settings.maxNumBatchedTokens - this.#tally.tokens) : 1;
		const tokens = left > 0 ? computed[request]! + wanted : origin[request]! + step + 1;
		while (!this.#cache.canExtend(request, tokens)) {
			const victim = this.#victim(step);
			this.#preempt(victim, step, inFlightEnd);
			if (victim === request) {
				return false;
			}
		}

		chunk[request] = wanted;
		plannedStep[request] = step;
		this.#cache.extend(request, tokens);
		return true;
	}

	/** The request to preempt: of those whose last token is not on its way, the last, or that of the lowest priority. */
	#victim(step: number): number {
		const {lastStep, before} = this.#requests;
		let victim = -1;
		for (let request = this.#batch.list.last; request !== -1; request = before[request]!) {
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
		this.count++;
		if (requests.plannedStep[request] === step) {
			this.#tally.discount(request, step);
		}

		const {firstStep, generated, target, computed, prompt} = requests;
		const isDecoding = firstStep[request]! < step;
		if (isDecoding) {
			if (firstStep[request] === step - 1) {
				this.#batch.giveFirstToken(request, inFlightEnd);
			}

			requests.pausedAt[request] = inFlightEnd;
			generated[request] = generated[request]! + step - firstStep[request]!;
		}

		this.#batch.drop(request);
		this.#cache.preempt(request, isDecoding ? requests.origin[request]! + step : computed[request]!);
		target[request] = prompt[request]! + generated[request]!;
		computed[request] = 0;
		firstStep[request] = never;
		requests.lastStep[request] = never;
		requests.wasPreempted[request] = 1;
		this.#waiting.putBack(request);
	}
}
