import {compositeMetric, type KedaSpec, mayIdleAtZero} from '../../autoscaler/keda/keda-spec.ts';
import {requestScale} from '../../autoscaler/keda/operator.ts';
import {servedNames} from '../../autoscaler/keda/served-names.ts';
import {type TargetSize, Triggers} from '../../autoscaler/keda/triggers.ts';
import type {Simulation} from '../../engine/simulation.ts';
import {EventPriority, type Recorder} from '../contracts.ts';
import type {ServiceMetrics} from '../custom-metrics/service-metrics.ts';
import type {DeploymentController} from '../deployment-controller.ts';
import {type Run, streamOf} from '../run.ts';
import {TriggerReader} from './trigger-reader.ts';

type Parts = {
	readonly keda: KedaSpec;
	readonly controller: DeploymentController;
	readonly custom: ServiceMetrics | undefined;
};

/**
 * Time between two looks of an external-push scaler while there are no pods [s]: the HTTP add-on's queue is read every
 * 0.5 s, and activity sent every 0.2 s.
 *
 * @see KEDA HTTP add-on v0.15 scaler/config.go
 */
const pushPeriod = 0.5;

/**
 * KEDA: the operator's loop, which polls the triggers, brings the first pods and takes the last ones; and the metrics server,
 * which the HPA asks.
 *
 * @see KEDA v2.20 pkg/scaling/scale_handler.go, startScaleLoop and startPushScalers
 */
export class KedaOperator {
	readonly #simulation: Simulation;
	readonly #recorder: Recorder;
	readonly #keda: KedaSpec;
	readonly #controller: DeploymentController;
	readonly #triggers: Triggers;
	readonly #reader: TriggerReader;
	readonly #names: readonly string[];
	readonly #poll: number;
	readonly #push: number;
	readonly #phase: number;
	readonly #isPushed: boolean;
	#lastActive: number | undefined;

	constructor(run: Run, {keda, controller, custom}: Parts) {
		const {simulation, recorder} = run;
		this.#simulation = simulation;
		this.#recorder = recorder;
		this.#keda = keda;
		this.#controller = controller;
		this.#triggers = new Triggers(keda);
		this.#reader = new TriggerReader(run, keda, custom);
		this.#names = servedNames(keda, compositeMetric);
		this.#phase = streamOf(run, 'keda').uniform();
		this.#isPushed = mayIdleAtZero(keda) && keda.triggers.some(({isPushed}) => isPushed);
		this.#poll = simulation.declare(EventPriority.scrape, () => {
			this.#look();
			simulation.schedule(simulation.now + keda.pollingInterval, this.#poll);
		});
		this.#push = simulation.declare(EventPriority.scrape, () => this.#lookForPushes());
	}

	/** Plans the first poll, at a random phase, as nothing ties KEDA's clock to the load's. */
	start(): void {
		const {now} = this.#simulation;
		this.#simulation.schedule(now + this.#phase * this.#keda.pollingInterval, this.#poll);
		if (this.#isPushed) {
			this.#simulation.schedule(now + this.#phase * pushPeriod, this.#push);
		}
	}

	/** External metrics that the metrics server gives to the HPA now, in thousandths; one that fails is left out. */
	externalMetrics(): Readonly<Record<string, number>> {
		const served = this.#names.flatMap(name => {
			const metric = this.#triggers.serve(name, trigger => this.#reader.read(trigger), this.#size);
			return 'milli' in metric ? [[name, metric.milli] as const] : [];
		});
		return Object.fromEntries(served);
	}

	get #size(): TargetSize {
		const readyReplicas = this.#controller.pods.filter(({isReady}) => isReady).length;
		return {replicas: this.#controller.replicas, readyReplicas};
	}

	#look(): void {
		const state = this.#triggers.poll(trigger => this.#reader.read(trigger), this.#size);
		this.#decide(state);
	}

	/** A pushed trigger that is active does not wait for the next poll. */
	#lookForPushes(): void {
		this.#simulation.schedule(this.#simulation.now + pushPeriod, this.#push);
		if (this.#controller.replicas > 0) {
			return;
		}

		const isActive = this.#keda.triggers.some(trigger => {
			const reading = trigger.isPushed ? this.#reader.read(trigger) : undefined;
			return reading !== undefined && 'value' in reading && reading.value > trigger.activation;
		});
		if (isActive) {
			this.#decide({isActive, isError: false});
		}
	}

	#decide(state: {readonly isActive: boolean; readonly isError: boolean}): void {
		const {now} = this.#simulation;
		const {replicas} = this.#controller;
		const decision = requestScale(this.#keda, {now, created: 0, lastActive: this.#lastActive, replicas, ...state});
		if (decision.isLastActive) {
			this.#lastActive = Math.floor(now);
		}

		if (decision.replicas !== undefined && decision.replicas !== replicas) {
			this.#controller.scaleTo(decision.replicas);
			this.#recorder.replicas(now, decision.replicas);
		}
	}
}
