import type {Simulation} from '../../engine/simulation.ts';
import type {CustomMetrics} from '../../experiment/custom-metrics/custom-metrics.ts';
import {longestWindow} from '../../promql/expression.ts';
import {EventPriority} from '../contracts.ts';
import type {Pod} from '../pod.ts';
import {type Run, streamOf} from '../run.ts';
import type {Exporters} from './exporters.ts';
import type {PrometheusDatabase, Target} from './prometheus.ts';

/** Scrapes that Prometheus waits for a target that has gone before it marks the series as ended. */
const scrapesUntilStale = 1.1;

type ScrapedPod = Target & {
	readonly live: Pod;
	isGone: boolean;
	isEnded: boolean;
	/** Time of the first scrape that was missed [ms]. */
	staleAt: number;
};

type Parts = {
	readonly exporters: Exporters;
	readonly database: PrometheusDatabase;
};

/**
 * Scrapes of the pods and the gateway, each target at a phase of the interval that is its own. A pod is a target from
 * shortly after its start until it is gone; its series end when it does not answer, and a while after it has gone.
 *
 * @see prometheus v3.0 scrape/scrape.go, endOfRunStaleness; scrape/target.go, offset
 */
export class Scrapes {
	readonly #run: Run;
	readonly #simulation: Simulation;
	readonly #parts: Parts;
	readonly #interval: number;
	readonly #discovery: number;
	readonly #isInstant: boolean;
	readonly #retention: number;
	readonly #targets = new Map<number, ScrapedPod>();
	readonly #gateway: Target;
	readonly #scrapePod: number;
	readonly #scrapeGateway: number;
	readonly #endPod: number;
	readonly #forgetPod: number;

	constructor(run: Run, {prometheus, metrics}: CustomMetrics, parts: Parts) {
		const {simulation, experiment} = run;
		this.#run = run;
		this.#simulation = simulation;
		this.#parts = parts;
		this.#gateway = {pod: undefined, names: parts.exporters.names('gateway'), series: []};
		this.#interval = prometheus.scrape.interval;
		this.#discovery = prometheus.scrape.discovery;
		this.#isInstant = experiment.metrics === 'ideal';
		const windows = Object.values(metrics).map(({expression}) => longestWindow(expression) / 1000);
		this.#retention = Math.max(prometheus.lookback, ...windows);
		this.#scrapePod = simulation.declare(EventPriority.scrape, ordinal => this.#scrape(ordinal));
		this.#scrapeGateway = simulation.declare(EventPriority.scrape, () => this.#scrapeFront());
		this.#endPod = simulation.declare(EventPriority.scrape, ordinal => this.#end(ordinal));
		this.#forgetPod = simulation.declare(EventPriority.scrape, ordinal => this.#forget(ordinal));
		const phase = streamOf(run, 'gateway-scrape').uniform() * this.#interval;
		simulation.schedule(simulation.now + phase, this.#scrapeGateway);
	}

	/** Finds a pod whose containers have started. */
	podStarted(pod: Pod): void {
		if (!this.#targets.has(pod.ordinal)) {
			const names = this.#parts.exporters.names('pods');
			const target = {pod: pod.name, names, series: [], live: pod, isGone: false, isEnded: false, staleAt: 0};
			this.#targets.set(pod.ordinal, target);
			const stream = streamOf(this.#run, 'pod-scrape', pod.ordinal);
			const phase = stream.uniform() * this.#interval;
			const found = this.#simulation.now + stream.uniform() * this.#discovery;
			const first = phase + Math.ceil((found - phase) / this.#interval) * this.#interval;
			this.#simulation.schedule(first, this.#scrapePod, pod.ordinal);
		}
	}

	gone(pod: Pod): void {
		const target = this.#targets.get(pod.ordinal);
		if (target !== undefined) {
			target.isGone = true;
			if (this.#isInstant) {
				this.#endSeries(target, this.#milliseconds());
			}
		}
	}

	/** Scrapes every target now, where metrics have no delay. */
	scrapeAll(): void {
		this.#append(this.#gateway, this.#parts.exporters.ofGateway());
		for (const target of this.#targets.values()) {
			if (!target.isGone) {
				this.#append(target, this.#parts.exporters.ofPod(target.live));
			}
		}
	}

	#milliseconds(): number {
		return Math.round(this.#simulation.now * 1000);
	}

	#append(target: Target, values: Float64Array | undefined): void {
		this.#parts.database.append(target, this.#milliseconds(), values);
	}

	#scrapeFront(): void {
		this.#append(this.#gateway, this.#parts.exporters.ofGateway());
		this.#simulation.schedule(this.#simulation.now + this.#interval, this.#scrapeGateway);
	}

	#scrape(ordinal: number): void {
		const target = this.#targets.get(ordinal)!;
		const {now} = this.#simulation;
		if (target.isGone) {
			target.staleAt = this.#milliseconds();
			this.#simulation.schedule(now + scrapesUntilStale * this.#interval, this.#endPod, ordinal);
			return;
		}

		this.#append(target, this.#parts.exporters.ofPod(target.live));
		this.#simulation.schedule(now + this.#interval, this.#scrapePod, ordinal);
	}

	/** Writes the stale markers, with the time of the first scrape that was missed. */
	#end(ordinal: number): void {
		const target = this.#targets.get(ordinal)!;
		this.#endSeries(target, target.staleAt);
		this.#simulation.schedule(this.#simulation.now + this.#retention, this.#forgetPod, ordinal);
	}

	#endSeries(target: ScrapedPod, staleAt: number): void {
		if (!target.isEnded) {
			target.isEnded = true;
			this.#parts.database.append(target, staleAt, undefined);
		}
	}

	#forget(ordinal: number): void {
		this.#parts.database.forget(this.#targets.get(ordinal)!);
		this.#targets.delete(ordinal);
	}
}
