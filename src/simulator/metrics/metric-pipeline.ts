import type {PodMetricsView} from '../../autoscaler/reconcile.ts';
import type {Simulation} from '../../engine/simulation.ts';
import type {MetricsModel} from '../../experiment/experiment.ts';
import type {MetricSource, Recorder} from '../contracts.ts';
import {EventPriority} from '../contracts.ts';
import type {DeploymentController} from '../deployment-controller.ts';
import type {Pod} from '../pod.ts';
import type {PodUse} from '../pod-use.ts';
import type {Run} from '../run.ts';
import type {MeterPoint} from './container-meter.ts';
import {Housekeeping} from './housekeeping.ts';
import {ScrapeClock} from './scrape-clock.ts';

/**
 * Window that metrics-server 0.3 gives of the kubelet's rate, whatever it is of [s].
 *
 * @see metrics-server v0.3 pkg/provider/sink/sinkprov.go, kubernetesCadvisorWindow
 */
const kubeletWindow = 30;

/** Time after which every container that runs has been sampled twice [s]: a reading, a scrape, another reading and a scrape. */
export function longestUntilSampled({housekeeping, scrape}: MetricsModel): number {
	const {period, idlePeriod, jitter} = housekeeping;
	return period + Math.max(period, idlePeriod) * (1 + jitter) + 2 * scrape.period * (1 + scrape.jitter);
}

/**
 * Metric pipeline from the containers' counters to metrics.k8s.io: cAdvisor reads each container on its own jittered
 * beat, metrics-server scrapes and keeps the last two distinct points, and serves a pod once every container has two.
 * Before 0.4 it passes on the kubelet's own rate, that of cAdvisor's last two points: one scrape is enough.
 *
 * @see cadvisor v0.52 manager/container.go, metrics-server v0.9 pkg/storage/pod.go, v0.3 pkg/sources/summary/summary.go
 */
export class MetricPipeline implements MetricSource {
	readonly #run: Run;
	readonly #simulation: Simulation;
	readonly #model: MetricsModel;
	readonly #controller: DeploymentController;
	readonly #recorder: Recorder;
	readonly #housekeeping: Housekeeping;
	readonly #outageOver: number;
	readonly #served = new Map<Pod, PodMetricsView>();
	#outageUntil = Number.NEGATIVE_INFINITY;

	constructor(run: Run, model: MetricsModel, {controller, use}: {controller: DeploymentController; use: PodUse}) {
		const {simulation, recorder} = run;
		this.#run = run;
		this.#simulation = simulation;
		this.#model = model;
		this.#controller = controller;
		this.#recorder = recorder;
		this.#housekeeping = new Housekeeping(run, model, {controller, use});
		new ScrapeClock(run, model, () => this.#scrapeAll());
		this.#outageOver = simulation.declare(EventPriority.fault, () => this.#serveAgain());
	}

	/** Reads the metrics that the API serves now. */
	read(): PodMetricsView[] {
		return this.#controller.pods.flatMap(pod => this.#served.get(pod) ?? []);
	}

	containerStarted(pod: Pod, container: number): void {
		this.#housekeeping.containerStarted(pod, container);
	}

	containerStopped(pod: Pod, container: number): void {
		this.#housekeeping.containerStopped(pod, container);
	}

	gone(pod: Pod): void {
		this.#housekeeping.gone(pod);
		this.#served.delete(pod);
	}

	/** Stops the API until the outage is over. metrics-server itself goes on scraping. */
	startOutage(duration: number): void {
		this.#outageUntil = Math.max(this.#outageUntil, this.#simulation.now + duration);
		this.#simulation.schedule(this.#outageUntil, this.#outageOver);
		for (const pod of this.#controller.pods) {
			this.#drop(pod);
		}
	}

	#serveAgain(): void {
		for (const pod of this.#controller.pods) {
			if (pod.meters.every(({previous}) => previous !== undefined)) {
				this.#serve(pod);
			}
		}
	}

	#scrapeAll(): void {
		for (const pod of this.#controller.pods) {
			if (!Number.isNaN(pod.startedAt)) {
				this.#scrapePod(pod);
			}
		}
	}

	#scrapePod(pod: Pod): void {
		let isComplete = true;
		for (const meter of pod.meters) {
			if (meter.newest === undefined) {
				meter.forget();
			} else if (this.#model.hasKubeletRate === true) {
				meter.storeKubeletRate();
			} else {
				meter.store(meter.newest, this.#model.scrape.period);
			}

			isComplete &&= meter.previous !== undefined;
		}

		if (isComplete) {
			this.#serve(pod);
		} else {
			this.#drop(pod);
		}
	}

	/** The API serves the pod no more. */
	#drop(pod: Pod): void {
		if (this.#served.delete(pod)) {
			for (const meter of pod.meters) {
				meter.servedAt = Number.NaN;
				this.#recorder.sampleLost(pod.name, meter.container);
			}
		}
	}

	#serve(pod: Pod): void {
		const isOut = this.#simulation.now < this.#outageUntil;
		const hasNew = pod.meters.some(({last, servedAt}) => last!.at !== servedAt);
		if (isOut || !hasNew) {
			return;
		}

		const {containers} = this.#run.experiment.deployment;
		let timestamp = Number.POSITIVE_INFINITY;
		let window = 0;
		const usages = pod.meters.map(meter => {
			const {last, previous} = meter as {last: MeterPoint; previous: MeterPoint};
			const length = last.at - previous.at;
			if (last.at < timestamp) {
				timestamp = last.at;
				window = this.#model.hasKubeletRate === true ? kubeletWindow : length;
			}

			const nanocores = Math.floor(((last.cpuSeconds - previous.cpuSeconds) / length) * 1e9);
			const memory = Math.round(last.memory);
			if (last.at !== meter.servedAt) {
				meter.servedAt = last.at;
				this.#recorder.sample(pod.name, meter.container, {
					nanocores,
					memory,
					sampledSeconds: last.at,
					windowSeconds: length,
				});
			}

			return {name: containers[meter.container]!.name, usage: {cpu: Math.ceil(nanocores / 1e6), memory: memory * 1000}};
		});
		// The API gives whole seconds.
		this.#served.set(pod, {name: pod.name, timestamp: Math.floor(timestamp), window, containers: usages});
	}
}
