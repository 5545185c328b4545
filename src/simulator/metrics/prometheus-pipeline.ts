import type {PodMetricsView} from '../../autoscaler/reconcile.ts';
import type {Simulation} from '../../engine/simulation.ts';
import type {MetricsModel} from '../../experiment/experiment.ts';
import type {MetricSource, Recorder} from '../contracts.ts';
import type {DeploymentController} from '../deployment-controller.ts';
import type {Pod} from '../pod.ts';
import type {PodUse} from '../pod-use.ts';
import type {Run} from '../run.ts';
import {type CounterSample, counterRate} from './counter-rate.ts';
import {Housekeeping} from './housekeeping.ts';
import {ScrapeClock} from './scrape-clock.ts';

/** Series of a pod's CPU counters, by container. */
type Series = CounterSample[][];

/**
 * Metric pipeline through Prometheus: it scrapes what cAdvisor last read of each container, with the time of the scrape,
 * and the adapter behind metrics.k8s.io answers each question of the autoscaler with the `rate()` over a window that
 * ends now. A pod of whose containers one has fewer than two samples has no metrics.
 *
 * @see prometheus-adapter v0.4 pkg/resourceprovider/provider.go
 */
export class PrometheusPipeline implements MetricSource {
	readonly #run: Run;
	readonly #simulation: Simulation;
	readonly #window: number;
	readonly #controller: DeploymentController;
	readonly #recorder: Recorder;
	readonly #housekeeping: Housekeeping;
	readonly #series = new Map<Pod, Series>();
	readonly #served = new Set<Pod>();
	#outageUntil = Number.NEGATIVE_INFINITY;

	/** @param window - of the rate [s] */
	constructor(
		run: Run,
		{model, window}: {model: MetricsModel; window: number},
		{controller, use}: {controller: DeploymentController; use: PodUse},
	) {
		const {simulation, recorder} = run;
		this.#run = run;
		this.#simulation = simulation;
		this.#window = window;
		this.#controller = controller;
		this.#recorder = recorder;
		this.#housekeeping = new Housekeeping(run, model, {controller, use});
		new ScrapeClock(run, model, () => this.#scrapeAll());
	}

	/** Answers a question of the autoscaler that comes now. */
	read(): PodMetricsView[] {
		const isOut = this.#simulation.now < this.#outageUntil;
		return this.#controller.pods.flatMap(pod => {
			const view = isOut ? undefined : this.#viewOf(pod);
			if (view === undefined) {
				this.#lose(pod);
			}

			return view ?? [];
		});
	}

	containerStarted(pod: Pod, container: number): void {
		this.#housekeeping.containerStarted(pod, container);
	}

	containerStopped(pod: Pod, container: number): void {
		this.#housekeeping.containerStopped(pod, container);
	}

	gone(pod: Pod): void {
		this.#housekeeping.gone(pod);
		this.#series.delete(pod);
		this.#served.delete(pod);
	}

	/** Stops the API until the outage is over. Prometheus itself goes on scraping. */
	startOutage(duration: number): void {
		this.#outageUntil = Math.max(this.#outageUntil, this.#simulation.now + duration);
	}

	#scrapeAll(): void {
		const {now} = this.#simulation;
		for (const pod of this.#controller.pods) {
			const series = this.#series.get(pod) ?? pod.meters.map(() => []);
			this.#series.set(pod, series);
			for (const [container, {newest}] of pod.meters.entries()) {
				const samples = series[container]!;
				if (newest !== undefined) {
					samples.push({at: now, value: newest.cpuSeconds});
				}

				while (samples.length > 0 && samples[0]!.at <= now - this.#window) {
					samples.shift();
				}
			}
		}
	}

	#viewOf(pod: Pod): PodMetricsView | undefined {
		const {now} = this.#simulation;
		const rates = this.#series.get(pod)?.map(samples => {
			const inside = samples.filter(({at}) => at > now - this.#window);
			return {rate: counterRate(inside, now, this.#window), last: inside.at(-1)?.at};
		});
		if (rates === undefined || !rates.every(({rate}) => rate !== undefined)) {
			return undefined;
		}

		this.#served.add(pod);
		const {containers} = this.#run.experiment.deployment;
		const usages = rates.map(({rate, last}, container) => {
			const nanocores = Math.floor(rate! * 1e9);
			const memory = Math.round(pod.meters[container]!.newest?.memory ?? 0);
			const point = {nanocores, memory, sampledSeconds: last!, windowSeconds: this.#window};
			this.#recorder.sample(pod.name, container, point);
			return {name: containers[container]!.name, usage: {cpu: Math.ceil(nanocores / 1e6), memory: memory * 1000}};
		});
		// The adapter gives the time of the question; the API whole seconds.
		return {name: pod.name, timestamp: Math.floor(now), window: this.#window, containers: usages};
	}

	#lose(pod: Pod): void {
		if (this.#served.delete(pod)) {
			for (const {container} of pod.meters) {
				this.#recorder.sampleLost(pod.name, container);
			}
		}
	}
}
