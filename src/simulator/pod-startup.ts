import type {Simulation} from '../engine/simulation.ts';
import type {Deployment} from '../experiment/experiment.ts';
import {containerIndices} from '../experiment/model-container.ts';
import {EventPriority, type PodServing} from './contracts.ts';
import type {DeploymentController} from './deployment-controller.ts';
import type {Nodes} from './nodes.ts';
import type {Pod, PodListener, PodStage} from './pod.ts';
import type {PodReadiness} from './pod-readiness.ts';
import type {PodUse} from './pod-use.ts';
import type {Run} from './run.ts';
import {type StartupPlan, StartupPlans} from './startup-plan.ts';

type Parts = {
	readonly controller: DeploymentController;
	readonly serving: PodServing;
	readonly use: PodUse;
	readonly readiness: PodReadiness;
	readonly listener: PodListener;
};

/** A pod's way from creation to its endpoint, and back there after a restart: scheduler, kubelet, model, probe. */
export class PodStartup {
	readonly #simulation: Simulation;
	readonly #deployment: Deployment;
	readonly #nodes: Nodes;
	readonly #controller: DeploymentController;
	readonly #serving: PodServing;
	readonly #use: PodUse;
	readonly #readiness: PodReadiness;
	readonly #listener: PodListener;
	readonly #advance: number;
	readonly #reload: number;
	readonly #plans: StartupPlans;
	readonly #unplaced: Pod[] = [];
	/** Container that a pod's next stage starts again. */
	readonly #restarting = new Map<Pod, number>();
	readonly #llmContainer: number;
	/** The backend, whose memory holds the conversations; the only container where there is one. */
	readonly #historyContainer: number;

	/** Stage by stage: what the end of its delay leads to. */
	readonly #after: Readonly<Record<PodStage, ((pod: Pod, plan: StartupPlan) => void) | undefined>> = {
		pending: (pod, plan) => this.#scheduled(pod, plan),
		scheduled: (pod, plan) => this.#started(pod, plan),
		started: (pod, plan) => this.#loaded(pod, plan),
		loaded: (pod, plan) => this.#ready(pod, plan),
		ready: pod => this.#readiness.addEndpoint(pod),
		terminating: undefined,
		gone: undefined,
	};

	constructor(run: Run, {controller, serving, use, readiness, listener}: Parts) {
		const {simulation, experiment, nodes} = run;
		const {deployment} = experiment;
		this.#simulation = simulation;
		this.#deployment = deployment;
		this.#nodes = nodes;
		this.#controller = controller;
		this.#serving = serving;
		this.#use = use;
		this.#readiness = readiness;
		this.#listener = listener;
		this.#plans = new StartupPlans(run);
		const {llm, backend} = containerIndices(deployment);
		this.#llmContainer = llm;
		this.#historyContainer = backend === -1 ? llm : backend;
		this.#advance = simulation.declare(EventPriority.lifecycle, (ordinal, stamp) => this.#next(ordinal, stamp));
		this.#reload = simulation.declare(EventPriority.lifecycle, (ordinal, stamp) => this.#reloaded(ordinal, stamp));
	}

	/** A new pod waits for a node. */
	create(pod: Pod): void {
		this.#listener.event(pod, 'created', this.#simulation.now);
		this.#plans.draw(pod);
		this.#place(pod);
	}

	/** A pod that has long been Ready with its model loaded when the run begins. */
	createReady(pod: Pod): void {
		this.#plans.draw(pod);
		if (!this.#nodes.place(pod)) {
			this.#listener.event(pod, 'created', this.#simulation.now);
			this.#unplaced.push(pod);
			return;
		}

		pod.scheduledAt = pod.createdAt;
		pod.startedAt = pod.createdAt;
		for (const event of ['created', 'scheduled', 'started', 'modelLoaded'] as const) {
			this.#listener.event(pod, event, pod.createdAt);
		}

		this.#startContainers(pod);
		this.#serving.setModel(pod, 'loaded');
		pod.readyAt = pod.createdAt;
		this.#readiness.set(pod, true, pod.createdAt);
		this.#readiness.addEndpoint(pod, pod.createdAt);
		this.#readiness.startProbes(pod, this.#plans.of(pod).probe);
	}

	/** A container dies and is started again, after its back-off. */
	restart(pod: Pod, container: number): void {
		const {startup} = this.#deployment;
		this.#readiness.removeEndpoint(pod);
		this.#readiness.set(pod, false);
		this.#serving.failAll(pod);
		pod.restarts++;
		this.#listener.event(pod, 'containerRestarted', this.#simulation.now);
		const backoff =
			startup.kind === 'stages' ? pod.backoffs[container]!.after(this.#simulation.now, startup.restartBackoff) : 0;
		this.#listener.containerStopped(pod, container);
		const isLlm = container === this.#llmContainer;
		if (isLlm) {
			this.#serving.setModel(pod, 'unloaded');
		}

		if (container === this.#historyContainer) {
			pod.history.clear();
		}

		const again = this.#plans.drawAgain(pod);
		pod.stage = isLlm ? 'scheduled' : 'started';
		this.#plan(pod, backoff + again.containers, container);
	}

	/** Loads the model of a pod that has a request for it again. */
	loadModel(pod: Pod): void {
		const modelLoad = this.#plans.drawModelLoad(pod);
		this.#serving.setModel(pod, 'loading');
		this.#simulation.schedule(this.#simulation.now + modelLoad, this.#reload, pod.ordinal, pod.loadStamp);
	}

	/** Called when a probe has made the pod unready, or ready again: its traffic comes back after the endpoints' delay. */
	conditionChanged(pod: Pod): void {
		this.#controller.wake();
		if (pod.isReady) {
			this.#plan(pod, this.#plans.of(pod).endpoints);
		}
	}

	/** Forgets a pod that is gone; pods that waited for room are placed again. */
	gone(pod: Pod): void {
		this.#plans.forget(pod);
		this.#restarting.delete(pod);
		const {node} = pod;
		this.#nodes.release(pod);
		this.#serving.reshare(node);
		this.placeAgain(pod);
	}

	/** Places the pods that wait for room. @param gone - one that waits no more */
	placeAgain(gone?: Pod): void {
		for (const other of this.#unplaced.splice(0).filter(other => other !== gone && !other.isTerminating)) {
			this.#place(other);
		}
	}

	#place(pod: Pod): void {
		if (this.#nodes.place(pod)) {
			this.#plan(pod, this.#plans.of(pod).schedule);
			this.#serving.reshare(pod.node);
		} else {
			this.#unplaced.push(pod);
		}
	}

	#plan(pod: Pod, delay: number, restarted = -1): void {
		if (restarted !== -1) {
			this.#restarting.set(pod, restarted);
		}

		pod.stageStamp++;
		this.#simulation.schedule(this.#simulation.now + delay, this.#advance, pod.ordinal, pod.stageStamp);
	}

	/** The delay after the pod's present stage is over. */
	#next(ordinal: number, stamp: number): void {
		const pod = this.#controller.podByOrdinal[ordinal];
		if (pod === undefined || pod.stageStamp !== stamp) {
			return;
		}

		this.#after[pod.stage]?.(pod, this.#plans.of(pod));
	}

	#scheduled(pod: Pod, plan: StartupPlan): void {
		pod.stage = 'scheduled';
		pod.scheduledAt = this.#simulation.now;
		pod.readyChangedAt = this.#simulation.now;
		this.#listener.event(pod, 'scheduled', this.#simulation.now);
		this.#plan(pod, plan.containers + this.#nodes.startDelay(pod));
	}

	#ready(pod: Pod, plan: StartupPlan): void {
		pod.stage = 'ready';
		pod.readyAt = this.#simulation.now;
		this.#readiness.set(pod, true);
		this.#controller.wake();
		this.#plan(pod, plan.endpoints);
		this.#readiness.startProbes(pod, this.#deployment.readiness.periodSeconds);
	}

	#started(pod: Pod, plan: StartupPlan): void {
		pod.stage = 'started';
		if (!this.#startAgain(pod)) {
			this.#use.account(pod);
			pod.startedAt = this.#simulation.now;
			this.#startContainers(pod);
			this.#listener.event(pod, 'started', this.#simulation.now);
		}

		this.#serving.setModel(pod, 'loading');
		this.#plan(pod, plan.modelLoad);
	}

	#loaded(pod: Pod, plan: StartupPlan): void {
		pod.stage = 'loaded';
		if (!this.#startAgain(pod)) {
			this.#serving.setModel(pod, 'loaded');
			this.#listener.event(pod, 'modelLoaded', this.#simulation.now);
		}

		this.#plan(pod, plan.probe);
	}

	/** Starts the container that was restarted; false where none was. */
	#startAgain(pod: Pod): boolean {
		const container = this.#restarting.get(pod);
		if (container !== undefined) {
			this.#restarting.delete(pod);
			this.#listener.containerStarted(pod, container);
		}

		return container !== undefined;
	}

	#reloaded(ordinal: number, stamp: number): void {
		const pod = this.#controller.podByOrdinal[ordinal];
		if (pod?.loadStamp === stamp) {
			this.#serving.setModel(pod, 'loaded');
		}
	}

	#startContainers(pod: Pod): void {
		for (const {container} of pod.meters) {
			this.#listener.containerStarted(pod, container);
		}
	}
}
