import {boundText} from '../../experiment/custom-metrics/binding-labels.ts';
import type {CustomMetrics, Exporter, SeriesBinding} from '../../experiment/custom-metrics/custom-metrics.ts';
import {type SeriesSource, sourceKinds} from '../../experiment/custom-metrics/series-sources.ts';
import type {Experiment} from '../../experiment/experiment.ts';
import {isWholeGpu} from '../../experiment/pod-requests.ts';
import {requestWork} from '../../experiment/serving/request-work.ts';
import type {Pod} from '../pod.ts';
import type {PodUse} from '../pod-use.ts';
import {RequestState} from '../request-pool.ts';
import type {Run} from '../run.ts';
import type {RequestCounters} from './request-counters.ts';
import type {RequestObserver} from './request-observer.ts';

/** Name of a series that an exporter has, the same at every scrape. */
export type SeriesName = {
	readonly name: string;
	/** Upper bound of a bucket as Prometheus writes it. */
	readonly le?: string;
};

/** Series of one kind of exporter, and their values at its last scrape: NaN where one is not exported. */
type Layout = {
	readonly names: readonly SeriesName[];
	readonly values: Float64Array;
	readonly series: readonly (readonly [string, SeriesBinding])[];
};

/** Counters of a pod at its last scrape. */
type Reading = {readonly at: number; readonly tokens: number; readonly busy: number};

const none: Reading = {at: 0, tokens: Number.NaN, busy: 0};

/** Sources that follow from the progress of the requests that run, or from what changed since the last scrape. */
const progressing: ReadonlySet<SeriesSource> = new Set<SeriesSource>([
	...(['gpu-use', 'tokens-per-second', 'prompt-tokens', 'output-tokens'] as const),
]);

function layoutOf(series: CustomMetrics['series'], exporter: Exporter, read: ReadonlySet<string>): Layout {
	const own = Object.entries(series).filter(([, binding]) => binding.exporter === exporter);
	const names = own.flatMap(([name, {buckets}]): SeriesName[] =>
		buckets === undefined
			? [{name}]
			: [
					{name: `${name}_sum`},
					{name: `${name}_count`},
					...[...buckets, Number.POSITIVE_INFINITY].map(bound => ({name: `${name}_bucket`, le: boundText(bound)})),
				].filter(part => read.has(part.name)),
	);
	return {names, values: new Float64Array(names.length), series: own};
}

/** Answers to scrapes: the metrics of a pod, and those of the gateway, from what they do now. */
export class Exporters {
	readonly #run: Run;
	readonly #use: PodUse;
	readonly #observer: RequestObserver;
	readonly #layouts: Readonly<Record<Exporter, Layout>>;
	readonly #read: ReadonlySet<string>;
	/** Whether a metric follows from what changed since the last scrape, or from the progress of requests. */
	readonly #hasProgress: boolean;
	readonly #readings = new Map<Pod, Reading>();
	readonly #hasTokens: boolean;
	readonly #hasGpu: boolean;

	/** @param read - names of the series that queries read */
	constructor(
		run: Run,
		{series}: CustomMetrics,
		{use, observer, read}: {use: PodUse; observer: RequestObserver; read: ReadonlySet<string>},
	) {
		this.#run = run;
		this.#use = use;
		this.#observer = observer;
		this.#read = read;
		this.#layouts = {pods: layoutOf(series, 'pods', read), gateway: layoutOf(series, 'gateway', read)};
		this.#hasProgress = this.#layouts.pods.series.some(([, {source}]) => progressing.has(source));
		this.#hasTokens = hasTokens(run.experiment);
		this.#hasGpu = run.experiment.deployment.containers.some(({requests}) => Object.keys(requests).some(isWholeGpu));
	}

	/** Series that each exporter of a kind has, in the order of its values. */
	names(exporter: Exporter): readonly SeriesName[] {
		return this.#layouts[exporter].names;
	}

	/** Values of a pod's series now, until the next call; undefined while its server does not answer. */
	ofPod(pod: Pod): Float64Array | undefined {
		if (pod.stage !== 'loaded' && pod.stage !== 'ready' && pod.stage !== 'terminating') {
			return undefined;
		}

		let before: Reading | undefined;
		let now: Reading = none;
		if (this.#hasProgress) {
			this.#use.account(pod);
			before = this.#readings.get(pod);
			now = this.#readingOf(pod);
			this.#readings.set(pod, now);
		}

		const {series, values} = this.#layouts.pods;
		let place = 0;
		for (const [name, binding] of series) {
			place =
				binding.buckets === undefined
					? this.#put(values, place, (this.#podValue(pod, binding, {before, now}) ?? Number.NaN) * (binding.scale ?? 1))
					: this.#putHistogram(values, place, name, this.#observer.of(pod));
		}

		return values;
	}

	/** Values of the gateway's series now, until the next call. */
	ofGateway(): Float64Array {
		const {series, values} = this.#layouts.gateway;
		let place = 0;
		for (const [name, binding] of series) {
			place =
				binding.buckets === undefined
					? this.#put(values, place, (this.#gatewayValue(binding) ?? Number.NaN) * (binding.scale ?? 1))
					: this.#putHistogram(values, place, name, this.#observer.gateway);
		}

		return values;
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

	#put(values: Float64Array, place: number, value: number): number {
		values[place] = value;
		return place + 1;
	}

	#putHistogram(values: Float64Array, first: number, name: string, counters: RequestCounters): number {
		const {binding, counters: histogram} = counters.histograms.get(name)!;
		const isKnown = binding.source !== 'ttft' || this.#hasTokens;
		const parts = [
			...(this.#read.has(`${name}_sum`) ? [histogram.sum] : []),
			...(this.#read.has(`${name}_count`) ? [histogram.count] : []),
			...(this.#read.has(`${name}_bucket`) ? histogram.cumulative() : []),
		];
		for (const [index, value] of parts.entries()) {
			values[first + index] = isKnown ? value : Number.NaN;
		}

		return first + parts.length;
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
