import type {CustomMetrics, SeriesBinding} from '../../experiment/custom-metrics/custom-metrics.ts';
import type {SeriesSource} from '../../experiment/custom-metrics/series-sources.ts';
import type {Pod} from '../pod.ts';
import type {PodUse} from '../pod-use.ts';
import type {RequestPool} from '../request-pool.ts';
import type {Run} from '../run.ts';
import {RequestCounters} from './request-counters.ts';

/** Sources that are seen in the state of a pod or of the requests; all others are counted as requests come and end. */
const seen: ReadonlySet<SeriesSource> = new Set<SeriesSource>([
	...(['waiting', 'running', 'slot-use', 'kv-cache-use', 'gpu-use'] as const),
]);

/** Whether metrics need requests to be counted. */
export function needsCounting({series}: Pick<CustomMetrics, 'series'>): boolean {
	return Object.values(series).some(
		({source, exporter}) => !(seen.has(source) || (source === 'in-flight' && exporter === 'pods')),
	);
}

/**
 * Counts the requests of the pods and of the gateway as they come and end, for the counters and histograms that are
 * exported.
 */
export class RequestObserver {
	readonly gateway: RequestCounters;
	readonly #run: Run;
	readonly #requests: RequestPool;
	readonly #use: PodUse;
	readonly #pods: readonly (Pod | undefined)[];
	readonly #podSeries: ReadonlyMap<string, SeriesBinding>;
	/** Whether a metric of the pods needs their requests counted. */
	readonly #countsPods: boolean;
	/** By the pod's ordinal. */
	readonly #counters: (RequestCounters | undefined)[] = [];
	/** Time at which each request was given to its pod, by its place in the pool. */
	#acceptedAt = new Float64Array(64);
	/** Requests that came and have not ended. */
	inFlight = 0;

	/** @param pods - by ordinal, undefined once gone */
	constructor(run: Run, {series}: CustomMetrics, {use, pods}: {use: PodUse; pods: readonly (Pod | undefined)[]}) {
		const of = (exporter: SeriesBinding['exporter']) =>
			new Map(Object.entries(series).filter(([, binding]) => binding.exporter === exporter));
		this.#run = run;
		this.#requests = run.requests;
		this.#use = use;
		this.#pods = pods;
		this.#podSeries = of('pods');
		this.#countsPods = needsCounting({series: Object.fromEntries(this.#podSeries)});
		this.gateway = new RequestCounters(of('gateway'));
	}

	/** Counters of a pod, since its server started. */
	of(pod: Pod): RequestCounters {
		this.#counters[pod.ordinal] ??= new RequestCounters(this.#podSeries);
		return this.#counters[pod.ordinal]!;
	}

	/** The pod's server starts again: its counters begin at 0. */
	forget(pod: Pod): void {
		this.#counters[pod.ordinal] = undefined;
	}

	arrived(): void {
		this.gateway.arrived++;
		this.inFlight++;
	}

	accepted(pod: Pod, request: number): void {
		if (!this.#countsPods) {
			return;
		}

		if (request >= this.#acceptedAt.length) {
			const larger = new Float64Array(this.#requests.state.length);
			larger.set(this.#acceptedAt);
			this.#acceptedAt = larger;
		}

		this.#acceptedAt[request] = this.#run.simulation.now;
		this.of(pod).arrived++;
	}

	completed(request: number): void {
		const {pod, arrivedAt, startedAt, firstTokenAt, promptTokens, outputTokens} = this.#requests;
		const {now} = this.#run.simulation;
		const started = startedAt[request]!;
		const first = firstTokenAt[request]!;
		const {gateway} = this;
		this.inFlight--;
		gateway.completed++;
		gateway.promptTokens += promptTokens[request]!;
		gateway.outputTokens += outputTokens[request]!;
		gateway.observe(arrivedAt[request]!, started, first, now);
		const served = this.#countsPods ? this.#pods[pod[request]!] : undefined;
		if (served !== undefined) {
			const counters = this.of(served);
			counters.completed++;
			counters.promptTokens += promptTokens[request]!;
			counters.outputTokens += outputTokens[request]!;
			counters.observe(this.#acceptedAt[request]!, started, first, now);
		}
	}

	/** A request ended without an answer: what its pod had read and written of it stays counted. */
	missed(request: number): void {
		this.inFlight--;
		this.gateway.completed++;
		const pod = this.#countsPods ? this.#pods[this.#requests.pod[request]!] : undefined;
		if (pod?.slots.includes(request) === true) {
			this.#use.account(pod);
			const counters = this.of(pod);
			counters.promptTokens += this.#promptRead(request);
			counters.outputTokens += this.#tokensWritten(request);
		}
	}

	/** Tokens that the pod has read for requests that run and for all before, up to now. */
	promptTokens(pod: Pod): number {
		return this.of(pod).promptTokens + this.#running(pod, request => this.#promptRead(request));
	}

	/** Tokens that the pod has written for requests that run and for all before, up to now. */
	outputTokens(pod: Pod): number {
		return this.of(pod).outputTokens + this.#running(pod, request => this.#tokensWritten(request));
	}

	#running(pod: Pod, tokensOf: (request: number) => number): number {
		this.#use.account(pod);
		return pod.slots.reduce((sum, request) => sum + (request === -1 ? 0 : tokensOf(request)), 0);
	}

	#promptRead(request: number): number {
		return Number.isNaN(this.#requests.firstTokenAt[request]!) ? 0 : this.#requests.promptTokens[request]!;
	}

	#tokensWritten(request: number): number {
		const {firstTokenAt, remaining, afterFirstToken, outputTokens} = this.#requests;
		const after = afterFirstToken[request]!;
		if (Number.isNaN(firstTokenAt[request]!) || Number.isNaN(after)) {
			return 0;
		}

		const written = after > 0 ? 1 - Math.max(0, remaining[request]!) / after : 1;
		return 1 + Math.floor((outputTokens[request]! - 1) * written);
	}
}
