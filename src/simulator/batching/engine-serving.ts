import type {Simulation} from '../../engine/simulation.ts';
import type {Workload} from '../../experiment/experiment.ts';
import type {EngineModel} from '../../experiment/serving/engine-model.ts';
import type {Percentiles} from '../../records/request-statistics.ts';
import {EventPriority, type PodServing, type ServingListener} from '../contracts.ts';
import type {Pod} from '../pod.ts';
import type {PodUse} from '../pod-use.ts';
import {type RequestPool, RequestState} from '../request-pool.ts';
import type {Run} from '../run.ts';
import {BatchingEngine} from './batching-engine.ts';
import {PromptContents} from './prompt-contents.ts';
import {TokenGaps} from './token-gaps.ts';

/** Number of a request that is on its way to its engine. */
const onItsWay = -1;

/** Serving of requests in pods with a batching engine: each pod's engine has a batch, a queue and KV blocks of its own. */
export class EngineServing implements PodServing {
	readonly #simulation: Simulation;
	readonly #model: EngineModel;
	readonly #requests: RequestPool;
	readonly #use: PodUse;
	readonly #listener: ServingListener;
	readonly #pods: readonly (Pod | undefined)[];
	readonly #contents: PromptContents;
	readonly #workload: Workload;
	readonly #longestQueue: number;
	/** By pod: its requests in the order of arrival, with their engine's numbers. */
	readonly #held = new Map<Pod, Map<number, number>>();
	readonly #step: number;
	readonly #intake: number;
	readonly #gaps = new TokenGaps();
	/** Requests that the step which is ending has completed. */
	readonly #done: number[] = [];

	/** @param options - `pods` by ordinal, undefined once gone */
	constructor(
		run: Run,
		model: EngineModel,
		options: {use: PodUse; pods: readonly (Pod | undefined)[]; listener: ServingListener},
	) {
		const {simulation, experiment, requests} = run;
		this.#simulation = simulation;
		this.#model = model;
		this.#requests = requests;
		this.#use = options.use;
		this.#pods = options.pods;
		this.#listener = options.listener;
		this.#workload = experiment.workload;
		this.#contents = new PromptContents(run, model.engine);
		const {waiting} = experiment.deployment;
		this.#longestQueue = waiting?.at === 'pod' ? waiting.queue : Number.POSITIVE_INFINITY;
		this.#step = simulation.declare(EventPriority.completion, (ordinal, stamp) => {
			const pod = this.#pods[ordinal];
			if (pod !== undefined && pod.completionStamp === stamp) {
				this.#endStep(pod);
			}
		});
		this.#intake = simulation.declare(EventPriority.arrival, (request, serial) => {
			if ((requests.serial[request]! | 0) === serial) {
				this.#takeIn(request);
			}
		});
	}

	/** @returns false when the pod refuses it: no engine runs, its prompt is too long, or its queue is full */
	accept(pod: Pod, request: number): boolean {
		const {maxModelLen} = this.#model.engine;
		const {promptTokens, outputTokens} = this.#requests;
		const prompt = this.#contents.promptOf(request);
		const isFull = pod.waitingCount >= this.#longestQueue && pod.runningCount >= this.#model.engine.maxNumSeqs;
		if (pod.engine === undefined || prompt >= maxModelLen || isFull) {
			return false;
		}

		this.#use.account(pod);
		this.#requests.pod[request] = pod.ordinal;
		this.#requests.state[request] = RequestState.waiting;
		this.#listener.accepted?.(pod, request);
		promptTokens[request] = prompt;
		outputTokens[request] = Math.min(outputTokens[request]!, maxModelLen - prompt);
		this.#held.get(pod)!.set(request, onItsWay);
		pod.waitingCount++;
		const {serial} = this.#requests;
		this.#simulation.schedule(
			this.#simulation.now + this.#model.requestDelay,
			this.#intake,
			request,
			serial[request]! | 0,
		);
		return true;
	}

	abandon(request: number): void {
		const pod = this.#pods[this.#requests.pod[request]!]!;
		this.#use.account(pod);
		const held = this.#held.get(pod)!;
		const number = held.get(request)!;
		held.delete(request);
		if (number !== onItsWay) {
			pod.engine!.abandon(number);
		}

		this.#requests.release(request);
		this.#count(pod);
		this.#plan(pod);
		this.#noticeIdle(pod);
		this.#listener.freed?.();
	}

	failAll(pod: Pod): void {
		this.#use.account(pod);
		const held = this.#held.get(pod);
		if (held !== undefined) {
			for (const request of [...held.keys()]) {
				this.#listener.failed(request);
				this.#requests.release(request);
			}

			held.clear();
		}

		pod.engine = pod.engine === undefined ? undefined : this.#newEngine();
		this.#count(pod);
		this.#plan(pod);
		if (!pod.isTerminating) {
			this.#listener.freed?.();
		}
	}

	setModel(pod: Pod, state: 'unloaded' | 'loading' | 'loaded'): void {
		this.#use.account(pod);
		pod.loadStamp++;
		pod.isModelLoaded = state === 'loaded';
		pod.isModelLoading = state === 'loading';
		pod.servedCount = 0;
		this.#use.setLlmMemory(pod);
		if (state === 'loaded') {
			pod.engine = this.#newEngine();
			this.#held.set(pod, new Map());
		} else {
			pod.engine = undefined;
		}

		this.#plan(pod);
		this.#noticeIdle(pod);
	}

	/** A GPU is no pod's but its own: what else runs on the node slows no step. */
	reshare(): void {}

	beginMeasuring(): void {
		this.#gaps.clear();
	}

	interTokenSeconds(): Percentiles {
		const [p50, p95, p99] = [0.5, 0.95, 0.99].map(probability => this.#gaps.quantile(probability));
		return {p50: p50!, p95: p95!, p99: p99!};
	}

	#newEngine(): BatchingEngine {
		return new BatchingEngine({
			settings: this.#model.engine,
			costs: this.#model.costs,
			gaps: this.#gaps,
			listener: {
				started: (request, at) => {
					this.#requests.state[request] = RequestState.running;
					this.#requests.startedAt[request] = at;
				},
				firstToken: (request, at) => {
					this.#requests.firstTokenAt[request] = at;
				},
				finished: request => {
					this.#done.push(request);
				},
			},
		});
	}

	#takeIn(request: number): void {
		const pod = this.#pods[this.#requests.pod[request]!]!;
		const {promptTokens, outputTokens} = this.#requests;
		this.#use.account(pod);
		const number = pod.engine!.submit(
			{
				tag: request,
				prompt: promptTokens[request]!,
				output: outputTokens[request]!,
				priority: this.#priorityOf(request),
				content: this.#contents.contentOf(request),
			},
			this.#simulation.now,
		);
		this.#held.get(pod)!.set(request, number);
		this.#count(pod);
		this.#plan(pod);
	}

	/** The trace's, or its tenant's. */
	#priorityOf(request: number): number {
		const {traceRow, tenant} = this.#requests;
		const {loop} = this.#workload;
		const traced =
			loop === 'open' && this.#workload.arrivals.process === 'trace' ? this.#workload.arrivals.priority : undefined;
		return traced?.[traceRow[request]!] ?? this.#workload.tenants[tenant[request]!]!.priority ?? 0;
	}

	#endStep(pod: Pod): void {
		this.#use.account(pod);
		pod.engine!.wake();
		const held = this.#held.get(pod)!;
		const done = this.#done.splice(0);
		for (const request of done) {
			held.delete(request);
		}

		pod.servedCount += done.length;
		this.#count(pod);
		this.#plan(pod);
		for (const request of done) {
			this.#contents.remember(request);
			this.#listener.completed(request);
			this.#requests.release(request);
		}

		if (done.length > 0) {
			this.#noticeIdle(pod);
			this.#listener.freed?.();
		}
	}

	#count(pod: Pod): void {
		pod.runningCount = pod.engine?.runningCount ?? 0;
		pod.waitingCount = (this.#held.get(pod)?.size ?? 0) - pod.runningCount;
	}

	#plan(pod: Pod): void {
		const at = pod.engine?.wakeAt ?? Number.POSITIVE_INFINITY;
		pod.completionStamp++;
		this.#simulation.schedule(at, this.#step, pod.ordinal, pod.completionStamp);
	}

	#noticeIdle(pod: Pod): void {
		if (pod.requestCount === 0 && pod.isTerminating) {
			this.#held.delete(pod);
			this.#listener.drained(pod);
		}
	}
}
