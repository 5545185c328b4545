import {boundText} from '../../experiment/custom-metrics/binding-labels.ts';
import type {CustomMetrics, Exporter, SeriesBinding} from '../../experiment/custom-metrics/custom-metrics.ts';
import {sourceKinds} from '../../experiment/custom-metrics/series-sources.ts';
import type {Experiment} from '../../experiment/experiment.ts';
import {isWholeGpu} from '../../experiment/pod-requests.ts';
import {requestWork} from '../../experiment/serving/request-work.ts';
import type {Pod} from '../pod.ts';
import type {PodUse} from '../pod-use.ts';
import {RequestState} from '../request-pool.ts';
import type {Run} from '../run.ts';
import type {RequestCounters} from './request-counters.ts';
import type {RequestObserver} from './request-observer.ts';

/** Value of one series at a scrape. */
export type Exported = {
	readonly name: string;
	/** Upper bound of a bucket as Prometheus writes it. */
	readonly le?: string;
	readonly value: number;
};

/** Counters of a pod at its last scrape. */
type Reading = {readonly at: number; readonly tokens: number; readonly busy: number};

/** Answers to scrapes: the metrics of a pod, and those of the gateway, from what they do now. */
export class Exporters {
	readonly #run: Run;
	readonly #use: PodUse;
	readonly #observer: RequestObserver;
	readonly #series: Readonly<Record<Exporter, readonly (readonly [string, SeriesBinding])[]>>;
	readonly #read: ReadonlySet<string>;
	readonly #readings = new Map<Pod, Reading>();
	readonly #hasTokens: boolean;
	readonly #hasGpu: boolean;

	/** @param read - names of the series that queries read */
	constructor(
		run: Run,
		{series}: CustomMetrics,
		{use, observer, read}: {use: PodUse; observer: RequestObserver; read: ReadonlySet<string>},
	) {
		const all = Object.entries(series);
		this.#run = run;
		this.#use = use;
		this.#observer = observer;
		this.#read = read;
		this.#series = {
			pods: all.filter(([, {exporter}]) => exporter === 'pods'),
			gateway: all.filter(([, {exporter}]) => exporter === 'gateway'),
		};
		this.#hasTokens = hasTokens(run.experiment);
		this.#hasGpu = run.experiment.deployment.containers.some(({requests}) => Object.keys(requests).some(isWholeGpu));
	}

	/** Metrics of a pod now; undefined while its server does not answer. */
	ofPod(pod: Pod): Exported[] | undefined {
		if (pod.stage !== 'loaded' && pod.stage !== 'ready' && pod.stage !== 'terminating') {
			return undefined;
		}

		this.#use.account(pod);
		const before = this.#readings.get(pod);
		const now = this.#readingOf(pod);
		this.#readings.set(pod, now);
		return this.#series.pods.flatMap(([name, binding]) => {
			const value = () => this.#podValue(pod, binding, {before, now});
			return this.#exported(name, binding, {counters: this.#observer.of(pod), value});
		});
	}

	/** Metrics of the gateway now. */
	ofGateway(): Exported[] {
		return this.#series.gateway.flatMap(([name, binding]) =>
			this.#exported(name, binding, {counters: this.#observer.gateway, value: () => this.#gatewayValue(binding)}),
		);
	}

	gone(pod: Pod): void {
		this.#readings.delete(pod);
	}

	/** Value of a metric now, over all pods that answer or of the gateway; undefined where nothing exports it. */
	current(binding: SeriesBinding, pods: readonly Pod[]): number | undefined {
		if (binding.exporter === 'gateway') {
			return this.#gatewayValue(binding);
		}

		const values = pods.flatMap(pod => {
			const now = this.#readingOf(pod);
			return this.#podValue(pod, binding, {before: this.#readings.get(pod), now}) ?? [];
		});
		return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0);
	}

	#exported(
		name: string,
		binding: SeriesBinding,
		{counters, value}: {counters: RequestCounters; value: () => number | undefined},
	): Exported[] {
		const histogram = counters.histograms.get(name);
		if (histogram === undefined) {
			const known = value();
			return known === undefined ? [] : [{name, value: known * (binding.scale ?? 1)}];
		}

		if (binding.source === 'ttft' && !this.#hasTokens) {
			return [];
		}

		const {bounds, sum, count} = histogram.counters;
		const parts = [
			{name: `${name}_sum`, value: sum},
			{name: `${name}_count`, value: count},
		].filter(part => this.#read.has(part.name));
		return this.#read.has(`${name}_bucket`)
			? [
					...parts,
					...histogram.counters.cumulative().map((total, index) => ({
						name: `${name}_bucket`,
						le: boundText(bounds[index] ?? Number.POSITIVE_INFINITY),
						value: total,
					})),
				]
			: parts;
	}

	#readingOf(pod: Pod): Reading {
		const tokens = this.#hasTokens ? this.#observer.outputTokens(pod) : Number.NaN;
		return {at: this.#run.simulation.now, tokens, busy: pod.busySeconds};
	}

	#podValue(
		pod: Pod,
		{source}: SeriesBinding,
		{before, now}: {before: Reading | undefined; now: Reading},
	): number | undefined {
		const elapsed = before === undefined ? 0 : now.at - before.at;
		const perSecond = (change: number) => (elapsed > 0 ? Math.max(0, change) / elapsed : 0);
		switch (source) {
			case 'waiting':
				return pod.waitingCount;
			case 'running':
				return pod.runningCount;
			case 'in-flight':
				return pod.requestCount;
			case 'slot-use':
				return pod.runningCount / pod.slots.length;
			case 'gpu-use':
				return this.#hasGpu ? 100 * Math.min(1, perSecond(now.busy - (before?.busy ?? now.busy))) : undefined;
			case 'tokens-per-second':
				return this.#hasTokens ? perSecond(now.tokens - (before?.tokens ?? now.tokens)) : undefined;
			case 'prompt-tokens':
				return this.#hasTokens ? this.#observer.promptTokens(pod) : undefined;
			case 'output-tokens':
				return this.#hasTokens ? now.tokens : undefined;
			case 'arrived':
				return this.#observer.of(pod).arrived;
			case 'completed':
				return this.#observer.of(pod).completed;
			case 'kv-cache-use':
				// Only engines that batch keep their KV cache in blocks.
				return pod.engine?.kvUse;
			default:
				return undefined;
		}
	}

	#gatewayValue({source}: SeriesBinding): number | undefined {
		const {gateway, inFlight} = this.#observer;
		switch (source) {
			case 'waiting':
				return this.#run.requests.countIn(RequestState.queued);
			case 'in-flight':
				return inFlight;
			case 'arrived':
				return gateway.arrived;
			case 'completed':
				return gateway.completed;
			case 'prompt-tokens':
				return this.#hasTokens ? gateway.promptTokens : undefined;
			case 'output-tokens':
				return this.#hasTokens ? gateway.outputTokens : undefined;
			default:
				return undefined;
		}
	}
}

/** Whether requests have tokens: a server of requests that bring their own work writes none. */
export function hasTokens({deployment: {service}, workload}: Experiment): boolean {
	return service.kind !== 'server' && requestWork(workload) === undefined;
}

/** Whether a source can have a value at all in an experiment. */
export function isExported({source}: SeriesBinding, experiment: Experiment): boolean {
	switch (source) {
		case 'kv-cache-use':
			return experiment.deployment.service.kind === 'engine';
		case 'gpu-use':
			return experiment.deployment.containers.some(({requests}) => Object.keys(requests).some(isWholeGpu));
		case 'ttft':
		case 'tokens-per-second':
		case 'prompt-tokens':
		case 'output-tokens':
			return hasTokens(experiment);
		default:
			return sourceKinds[source] !== undefined;
	}
}
