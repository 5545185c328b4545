import type {PodMetricsView, ReconcileInput} from '../../autoscaler/reconcile.ts';
import type {Simulation} from '../../engine/simulation.ts';
import {type CustomMetrics, metricKey} from '../../experiment/custom-metrics/custom-metrics.ts';
import {selectorsOf} from '../../promql/expression.ts';
import type {Element} from '../../promql/series.ts';
import {EventPriority} from '../contracts.ts';
import type {DeploymentController} from '../deployment-controller.ts';
import type {Pod} from '../pod.ts';
import type {PodUse} from '../pod-use.ts';
import {type Run, streamOf} from '../run.ts';
import {Exporters} from './exporters.ts';
import {PrometheusDatabase} from './prometheus.ts';
import {needsCounting, RequestObserver} from './request-observer.ts';
import {Scrapes} from './scrapes.ts';

/** Time after which every pod that answers has been scraped twice [s]. */
export function longestUntilScraped({prometheus: {scrape}}: CustomMetrics): number {
	return scrape.discovery + 2 * scrape.interval;
}

type HpaMetrics = Pick<ReconcileInput, 'podMetrics' | 'objectMetrics' | 'externalMetrics'>;

/**
 * Metrics of the service beyond CPU and memory: exporters, Prometheus, and prometheus-adapter in front of it. Made only
 * for an autoscaler that asks for some.
 */
export class ServiceMetrics {
	/** Counter of the requests; left out where no metric needs them counted. */
	readonly counting: RequestObserver | undefined;
	readonly #observer: RequestObserver;
	readonly #simulation: Simulation;
	readonly #custom: CustomMetrics;
	readonly #controller: DeploymentController;
	readonly #exporters: Exporters;
	readonly #database: PrometheusDatabase;
	readonly #scrapes: Scrapes;
	readonly #isInstant: boolean;
	readonly #relist: number;
	readonly #llmContainer: number;
	/** Series that prometheus-adapter found when it listed them last. */
	#listed: ReadonlySet<string> = new Set();
	#outageUntil = Number.NEGATIVE_INFINITY;

	constructor(run: Run, custom: CustomMetrics, parts: {controller: DeploymentController; use: PodUse}) {
		const {controller, use} = parts;
		const {simulation, experiment} = run;
		this.#simulation = simulation;
		this.#custom = custom;
		this.#controller = controller;
		this.#isInstant = experiment.metrics === 'ideal';
		this.#llmContainer = experiment.deployment.containers.findIndex(
			({name}) => name === experiment.deployment.llm.container,
		);
		this.#observer = new RequestObserver(run, custom, {use, pods: controller.podByOrdinal});
		this.counting = needsCounting(custom) ? this.#observer : undefined;
		const read = new Set(
			Object.values(custom.metrics).flatMap(({expression}) => selectorsOf(expression).map(({name}) => name)),
		);
		this.#exporters = new Exporters(run, custom, {use, observer: this.#observer, read});
		this.#database = new PrometheusDatabase(custom);
		this.#scrapes = new Scrapes(run, custom, {exporters: this.#exporters, database: this.#database});
		this.#relist = simulation.declare(EventPriority.scrape, () => this.#list());
		// It has long been running: what there is at the start is listed, and the next time is at a phase of its own.
		const phase = streamOf(run, 'relist').uniform() * custom.prometheus.relist;
		simulation.schedule(0, this.#relist, 0);
		simulation.schedule(phase, this.#relist, 1);
	}

	/** Answer of Prometheus to the query of a metric now; no element where there is no data. */
	query(metric: string): readonly Element[] {
		if (this.#isInstant) {
			this.#scrapes.scrapeAll();
		}

		return this.#database.query(metric, Math.round(this.#simulation.now * 1000));
	}

	/** Value of a series now, past Prometheus; undefined where nothing exports it, as the pods' at zero pods. */
	current(series: string): number | undefined {
		const binding = this.#custom.series[series];
		return binding && this.#exporters.current(binding, this.#controller.pods);
	}

	/** Metrics of an HPA as prometheus-adapter serves them now; one that it does not have is left out. */
	read(spec: ReconcileInput['spec'], podMetrics: readonly PodMetricsView[]): HpaMetrics {
		const objectMetrics: Record<string, number> = {};
		const externalMetrics: Record<string, number> = {};
		const ofPods = new Map<string, Record<string, number>>();
		for (const {type, name} of spec.metrics) {
			if (type === 'Pods') {
				for (const {labels, value} of this.#served(metricKey(type, name))) {
					const pod = labels.get('pod');
					if (pod !== undefined) {
						ofPods.set(pod, {...ofPods.get(pod), [name]: milliOf(value)});
					}
				}
			} else if (type === 'Object' || type === 'External') {
				const elements = this.#served(metricKey(type, name));
				// The HPA adds the values of an External metric; of an Object's it takes one alone.
				if (type === 'External' ? elements.length > 0 : elements.length === 1) {
					const values = type === 'Object' ? objectMetrics : externalMetrics;
					values[name] = elements.reduce((sum, {value}) => sum + milliOf(value), 0);
				}
			}
		}

		return {podMetrics: this.#withPods(podMetrics, ofPods), objectMetrics, externalMetrics};
	}

	containerStarted(pod: Pod, container: number): void {
		if (container === this.#llmContainer) {
			this.#observer.forget(pod);
		}

		this.#scrapes.podStarted(pod);
	}

	gone(pod: Pod): void {
		this.#scrapes.gone(pod);
		this.#exporters.gone(pod);
		this.#observer.forget(pod);
	}

	/** Stops the API until the outage is over. Prometheus goes on scraping. */
	startOutage(duration: number): void {
		this.#outageUntil = Math.max(this.#outageUntil, this.#simulation.now + duration);
	}

	#served(metric: string): readonly Element[] {
		const isListed = this.#database.seriesNames(metric).every(name => this.#isInstant || this.#listed.has(name));
		return isListed && this.#simulation.now >= this.#outageUntil ? this.query(metric) : [];
	}

	#withPods(
		podMetrics: readonly PodMetricsView[],
		ofPods: ReadonlyMap<string, Readonly<Record<string, number>>>,
	): readonly PodMetricsView[] {
		if (ofPods.size === 0) {
			return podMetrics;
		}

		const known = new Set(podMetrics.map(({name}) => name));
		const timestamp = Math.floor(this.#simulation.now);
		const others = [...ofPods].filter(([name]) => !known.has(name));
		return [
			...podMetrics.map(view => {
				const metrics = ofPods.get(view.name);
				return metrics === undefined ? view : {...view, metrics};
			}),
			...others.map(([name, metrics]) => ({name, timestamp, window: 0, containers: [], metrics})),
		];
	}

	#list(): void {
		const {relist} = this.#custom.prometheus;
		const since = (this.#simulation.now - relist) * 1000;
		const names = Object.keys(this.#custom.metrics).flatMap(metric => this.#database.seriesNames(metric));
		this.#listed = new Set(names.filter(name => (this.#database.lastSeen(name) ?? Number.NEGATIVE_INFINITY) > since));
		if (this.#simulation.now > 0) {
			this.#simulation.schedule(this.#simulation.now + relist, this.#relist, 1);
		}
	}
}

/**
 * Milli-units that the adapter serves, cut down to whole ones; not a number is 0.
 *
 * @see prometheus-adapter v0.12 pkg/custom-provider/provider.go, metricFor
 */
function milliOf(value: number): number {
	return Number.isNaN(value) ? 0 : Math.trunc(Math.min(Math.max(value * 1000, -9e15), 9e15));
}
