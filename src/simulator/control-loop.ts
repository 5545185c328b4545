import {defaultFlags} from '../autoscaler/controller-flags.ts';
import type {HpaSpec} from '../autoscaler/hpa-spec.ts';
import {
	type AutoscalerState,
	type ContainerView,
	type ControllerConfig,
	commit,
	type PodView,
	type ReconcileInput,
	reconcile,
	seedState,
} from '../autoscaler/reconcile.ts';
import type {RandomStream} from '../engine/random-stream.ts';
import type {Simulation} from '../engine/simulation.ts';
import {type Sampler, samplerOf} from '../experiment/draw-distribution.ts';
import type {Container} from '../experiment/experiment.ts';
import {type Clocks, EventPriority, type MetricSource, type Recorder} from './contracts.ts';
import type {ServiceMetrics} from './custom-metrics/service-metrics.ts';
import type {DeploymentController} from './deployment-controller.ts';
import type {KedaOperator} from './keda/keda-operator.ts';
import type {Pod} from './pod.ts';
import {type Run, streamOf} from './run.ts';

type Parts = {
	readonly spec: HpaSpec;
	/** Flags and release of kube-controller-manager. */
	readonly config: ControllerConfig;
	readonly controller: DeploymentController;
	readonly metrics: MetricSource;
	/** Metrics beyond CPU and memory; left out where the autoscaler asks for none. */
	readonly custom: ServiceMetrics | undefined;
	/** Server of External metrics; left out where no ScaledObject is behind the HPA. */
	readonly keda?: KedaOperator | undefined;
};

/** The HPA controller's loop: looks at pods and metrics, asks the autoscaler, writes the scale. */
export class ControlLoop {
	readonly #simulation: Simulation;
	readonly #spec: HpaSpec;
	readonly #config: ControllerConfig;
	readonly #controller: DeploymentController;
	readonly #metrics: MetricSource;
	readonly #custom: ServiceMetrics | undefined;
	readonly #keda: KedaOperator | undefined;
	readonly #recorder: Recorder;
	readonly #containers: PodView['containers'];
	readonly #period: number;
	readonly #latency: Sampler;
	readonly #stream: RandomStream;
	readonly #sync: number;
	readonly #isPhaseRandom: boolean;
	readonly #clocks: Clocks | undefined;
	readonly #syncPhase: number | undefined;
	#state: AutoscalerState | undefined;

	constructor(run: Run, {spec, config, controller, metrics, custom, keda}: Parts) {
		const {simulation, experiment} = run;
		this.#simulation = simulation;
		this.#spec = spec;
		this.#config = config;
		this.#controller = controller;
		this.#metrics = metrics;
		this.#custom = custom;
		this.#keda = keda;
		this.#recorder = run.recorder;
		this.#containers = containerViews(experiment.deployment.containers);
		this.#period =
			experiment.metrics === 'ideal'
				? (experiment.controller?.syncPeriod ?? defaultFlags.syncPeriod)
				: experiment.metrics.sync.period;
		this.#latency = experiment.metrics === 'ideal' ? () => 0 : samplerOf(experiment.metrics.sync.latency);
		this.#stream = streamOf(run, 'sync');
		this.#sync = simulation.declare(EventPriority.sync, () => this.#reconcile());
		this.#isPhaseRandom = experiment.metrics !== 'ideal';
		this.#clocks = run.clocks;
		this.#syncPhase = experiment.controller?.syncPhase;
	}

	/**
	 * Plans the first reconcile, at time 0: at a random phase of the period, as nothing ties the controller's clock to the
	 * load's, unless a phase is given.
	 */
	start(): void {
		const phase = this.#isPhaseRandom ? this.#stream.uniform() : 1;
		const wait = this.#clocks?.sync ?? this.#syncPhase ?? phase * this.#period;
		this.#simulation.schedule(this.#simulation.now + wait, this.#sync);
	}

	#reconcile(): void {
		const {now} = this.#simulation;
		const specReplicas = this.#controller.replicas;
		this.#state ??= seedState(specReplicas, now);
		const podMetrics = this.#metrics.read();
		const input: ReconcileInput = {
			now,
			spec: this.#spec,
			controller: this.#config,
			specReplicas,
			statusReplicas: this.#controller.active.length,
			pods: this.#controller.pods.map(pod => podView(pod, this.#containers)),
			podMetrics,
			...(this.#keda === undefined
				? this.#custom?.read(this.#spec, podMetrics)
				: specReplicas > 0 && {externalMetrics: this.#keda.externalMetrics()}),
		};
		const decision = reconcile(input, this.#state);
		commit(this.#state, input, decision);
		this.#recorder.decision(now, specReplicas, decision);
		if (decision.desiredReplicas !== specReplicas) {
			this.#controller.scaleTo(decision.desiredReplicas);
			this.#recorder.replicas(now, decision.desiredReplicas);
		}

		this.#simulation.schedule(now + this.#period + this.#latency(this.#stream), this.#sync);
	}
}

/** A pod as the API shows it: whole seconds, no condition before the kubelet has seen the pod. */
function podView(pod: Pod, containers: PodView['containers']): PodView {
	const isScheduled = !Number.isNaN(pod.scheduledAt);
	return {
		name: pod.name,
		phase: Number.isNaN(pod.startedAt) ? 'Pending' : 'Running',
		containers,
		...(isScheduled && {
			startTime: Math.floor(pod.scheduledAt),
			ready: {status: pod.isReady, lastTransitionTime: Math.floor(pod.readyChangedAt)},
		}),
		...(pod.isTerminating && {deletionTimestamp: Math.floor(pod.terminatingAt)}),
	};
}

/** An experiment's containers as the autoscaler sees them: requests in milli-units, a missing request left out. */
export function containerViews(containers: readonly Container[]): ContainerView[] {
	return containers.map(({name, requests: {cpu, memory}}) => ({
		name,
		requests: {
			...(cpu !== undefined && {cpu: milli(cpu)}),
			...(memory !== undefined && {memory: milli(memory)}),
		},
	}));
}

/** Rounded up as Quantity.MilliValue does, but for the last bit of a double such as 0.07 · 1000. */
function milli(value: number): number {
	return Math.ceil(Number((value * 1000).toPrecision(15)));
}
