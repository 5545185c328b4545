import {RandomStream} from '../engine/random-stream.ts';
import type {Simulation} from '../engine/simulation.ts';
import type {Experiment} from '../experiment/experiment.ts';
import type {PodEvent} from '../records/record.ts';
import type {DeploymentController} from './deployment-controller.ts';
import {EventPriority} from './event-priority.ts';
import type {Nodes} from './nodes.ts';
import type {Pod} from './pod.ts';
import {ReadinessProbes} from './readiness-probes.ts';
import type {Serving} from './serving.ts';
import {type StartupPlan, startupPlanner} from './startup-plan.ts';

/** What the rest of the simulator does as pods come and go. */
export type LifecycleListener = {
	readonly event: (pod: Pod, event: PodEvent, at: number) => void;
	/** All containers of the pod run from now on, or one of them again. */
	readonly containerStarted: (pod: Pod, container: number) => void;
	readonly containerStopped: (pod: Pod, container: number) => void;
	readonly endpointAdded: (pod: Pod) => void;
	readonly endpointRemoved: (pod: Pod) => void;
	/** The pod has left its node and its bill ends. */
	readonly gone: (pod: Pod) => void;
};

/** A pod's way from creation to its end: scheduler, kubelet, probes, endpoints, grace. */
export class PodLifecycle {
	readonly #simulation: Simulation;
	readonly #experiment: Experiment;
	readonly #replication: number;
	readonly #controller: DeploymentController;
	readonly #nodes: Nodes;
	readonly #serving: Serving;
	readonly #listener: LifecycleListener;
	readonly #advance: number;
	readonly #graceOver: number;
	readonly #reload: number;
	readonly #probes: ReadinessProbes;
	readonly #drawPlan: (stream: RandomStream) => StartupPlan;
	readonly #plans = new Map<Pod, {plan: StartupPlan; stream: RandomStream}>();
	readonly #unplaced: Pod[] = [];
	/** Container that a pod's next stage starts again. */
	readonly #restarting = new Map<Pod, number>();
	readonly #llmContainer: number;
	/** The backend, whose memory holds the conversations; the only container where there is one. */
	readonly #historyContainer: number;

	constructor(options: {
		simulation: Simulation;
		experiment: Experiment;
		replication: number;
		controller: DeploymentController;
		nodes: Nodes;
		serving: Serving;
		listener: LifecycleListener;
	}) {
		this.#simulation = options.simulation;
		this.#experiment = options.experiment;
		this.#replication = options.replication;
		this.#controller = options.controller;
		this.#nodes = options.nodes;
		this.#serving = options.serving;
		this.#listener = options.listener;
		const {deployment} = options.experiment;
		this.#drawPlan = startupPlanner(deployment);
		this.#llmContainer = deployment.containers.findIndex(({name}) => name === deployment.llm.container);
		this.#historyContainer = deployment.containers.length > 1 && this.#llmContainer === 0 ? 1 : 0;
		const {simulation} = options;
		this.#advance = simulation.declare(EventPriority.lifecycle, (ordinal, stamp) => this.#next(ordinal, stamp));
		this.#graceOver = simulation.declare(EventPriority.lifecycle, (ordinal, stamp) => this.#endGrace(ordinal, stamp));
		this.#reload = simulation.declare(EventPriority.lifecycle, (ordinal, stamp) => this.#reloaded(ordinal, stamp));
		this.#probes = new ReadinessProbes({
			simulation,
			readiness: deployment.readiness,
			pods: options.controller.podByOrdinal,
			failed: pod => this.#becomeUnready(pod),
			succeeded: pod => this.#becomeReadyAgain(pod),
		});
	}

	/** A new pod waits for a node. */
	create(pod: Pod): void {
		this.#listener.event(pod, 'created', this.#simulation.now);
		this.#draw(pod);
		this.#place(pod);
	}

	/** A pod that has long been Ready with its model loaded when the run begins. */
	createReady(pod: Pod): void {
		this.#draw(pod);
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
		this.#setReady(pod, true, pod.createdAt);
		this.#addEndpoint(pod, pod.createdAt);
		this.#probes.start(pod, this.#plans.get(pod)!.plan.probe);
	}

	/** Takes the pod out of service; it goes once it has drained, or when its grace is over. */
	terminate(pod: Pod): void {
		const {now} = this.#simulation;
		this.#removeEndpoint(pod);
		pod.stage = 'terminating';
		pod.stageStamp++;
		pod.terminatingAt = now;
		this.#listener.event(pod, 'terminating', this.#simulation.now);
		if (pod.requestCount === 0) {
			this.#end(pod);
		} else {
			this.#simulation.schedule(
				now + this.#experiment.deployment.terminationGrace,
				this.#graceOver,
				pod.ordinal,
				pod.stageStamp,
			);
		}
	}

	/** A terminating pod has served its last request. */
	drained(pod: Pod): void {
		if (pod.stage === 'terminating') {
			this.#end(pod);
		}
	}

	/** The pod is gone at once, and what it held fails. */
	kill(pod: Pod): void {
		this.#removeEndpoint(pod);
		pod.stage = 'terminating';
		pod.stageStamp++;
		pod.terminatingAt = this.#simulation.now;
		this.#listener.event(pod, 'terminating', this.#simulation.now);
		this.#serving.failAll(pod);
		if (this.#controller.podByOrdinal[pod.ordinal] !== undefined) {
			this.#end(pod);
		}
	}

	/** A container dies and is started again, after its back-off. */
	restart(pod: Pod, container: number): void {
		const {startup} = this.#experiment.deployment;
		const {plan, stream} = this.#plans.get(pod)!;
		this.#removeEndpoint(pod);
		this.#setReady(pod, false, this.#simulation.now);
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

		const again = this.#drawPlan(stream);
		this.#plans.set(pod, {plan: {...again, schedule: plan.schedule}, stream});
		pod.stage = isLlm ? 'scheduled' : 'started';
		this.#plan(pod, backoff + again.containers, container);
	}

	/** A request came to a pod whose model was unloaded. */
	loadModel(pod: Pod): void {
		const {plan, stream} = this.#plans.get(pod)!;
		const {modelLoad} = this.#drawPlan(stream);
		this.#plans.set(pod, {plan, stream});
		this.#serving.setModel(pod, 'loading');
		this.#simulation.schedule(this.#simulation.now + modelLoad, this.#reload, pod.ordinal, pod.loadStamp);
	}

	#draw(pod: Pod): void {
		const {seed} = this.#experiment;
		const stream = new RandomStream({seed, replication: this.#replication, purpose: 'startup', entity: pod.ordinal});
		this.#plans.set(pod, {plan: this.#drawPlan(stream), stream});
	}

	#place(pod: Pod): void {
		if (this.#nodes.place(pod)) {
			this.#plan(pod, this.#plans.get(pod)!.plan.schedule);
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

		const {plan} = this.#plans.get(pod)!;
		switch (pod.stage) {
			case 'pending':
				this.#scheduled(pod, plan);
				break;
			case 'scheduled':
				this.#started(pod, plan);
				break;
			case 'started':
				this.#loaded(pod, plan);
				break;
			case 'loaded':
				this.#ready(pod, plan);
				break;
			case 'ready':
				this.#addEndpoint(pod);
				break;
			case 'terminating':
			case 'gone':
		}
	}

	#scheduled(pod: Pod, plan: StartupPlan): void {
		pod.stage = 'scheduled';
		pod.scheduledAt = this.#simulation.now;
		pod.readyChangedAt = this.#simulation.now;
		this.#listener.event(pod, 'scheduled', this.#simulation.now);
		this.#plan(pod, plan.containers);
	}

	#ready(pod: Pod, plan: StartupPlan): void {
		pod.stage = 'ready';
		pod.readyAt = this.#simulation.now;
		this.#setReady(pod, true, this.#simulation.now);
		this.#controller.wake();
		this.#plan(pod, plan.endpoints);
		this.#probes.start(pod, this.#experiment.deployment.readiness.periodSeconds);
	}

	/** Overload made the pod unready: traffic that was still to arrive does not. */
	#becomeUnready(pod: Pod): void {
		pod.stageStamp++;
		this.#removeEndpoint(pod);
		this.#setReady(pod, false, this.#simulation.now);
		this.#controller.wake();
	}

	#becomeReadyAgain(pod: Pod): void {
		this.#setReady(pod, true, this.#simulation.now);
		this.#controller.wake();
		this.#plan(pod, this.#plans.get(pod)!.plan.endpoints);
	}

	#started(pod: Pod, plan: StartupPlan): void {
		pod.stage = 'started';
		const restarted = this.#restarting.get(pod);
		if (restarted === undefined) {
			this.#serving.account(pod);
			pod.startedAt = this.#simulation.now;
			this.#startContainers(pod);
			this.#listener.event(pod, 'started', this.#simulation.now);
		} else {
			this.#restarting.delete(pod);
			this.#listener.containerStarted(pod, restarted);
		}

		this.#serving.setModel(pod, 'loading');
		this.#plan(pod, plan.modelLoad);
	}

	#loaded(pod: Pod, plan: StartupPlan): void {
		pod.stage = 'loaded';
		const restarted = this.#restarting.get(pod);
		if (restarted === undefined) {
			this.#serving.setModel(pod, 'loaded');
			this.#listener.event(pod, 'modelLoaded', this.#simulation.now);
		} else {
			this.#restarting.delete(pod);
			this.#listener.containerStarted(pod, restarted);
		}

		this.#plan(pod, plan.probe);
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

	#setReady(pod: Pod, isReady: boolean, at: number): void {
		if (pod.isReady !== isReady) {
			pod.isReady = isReady;
			pod.readyChangedAt = at;
			this.#listener.event(pod, isReady ? 'ready' : 'notReady', at);
		}
	}

	#addEndpoint(pod: Pod, at = this.#simulation.now): void {
		pod.isEndpoint = true;
		pod.stage = 'ready';
		this.#listener.endpointAdded(pod);
		this.#listener.event(pod, 'endpointAdded', at);
	}

	#removeEndpoint(pod: Pod): void {
		if (pod.isEndpoint) {
			pod.isEndpoint = false;
			this.#listener.endpointRemoved(pod);
			this.#listener.event(pod, 'endpointRemoved', this.#simulation.now);
		}
	}

	#endGrace(ordinal: number, stamp: number): void {
		const pod = this.#controller.podByOrdinal[ordinal];
		if (pod !== undefined && pod.stageStamp === stamp) {
			this.#serving.failAll(pod);
			this.#end(pod);
		}
	}

	#end(pod: Pod): void {
		this.#serving.account(pod);
		pod.stage = 'gone';
		pod.stageStamp++;
		pod.completionStamp++;
		this.#listener.event(pod, 'gone', this.#simulation.now);
		this.#listener.gone(pod);
		this.#controller.remove(pod);
		this.#plans.delete(pod);
		this.#restarting.delete(pod);
		const {node} = pod;
		this.#nodes.release(pod);
		this.#serving.reshare(node);
		const waiting = this.#unplaced.splice(0).filter(other => other !== pod);
		for (const other of waiting) {
			if (!other.isTerminating) {
				this.#place(other);
			}
		}

		this.#controller.wake();
	}
}
