import type {Simulation} from '../../engine/simulation.ts';
import {EventPriority, type PodServing} from '../contracts.ts';
import type {Nodes} from '../nodes.ts';
import type {Pod, PodListener} from '../pod.ts';
import type {PodReadiness} from '../pod-readiness.ts';
import type {PodUse} from '../pod-use.ts';
import type {Run} from '../run.ts';
import {StartupPlans} from '../startup-plan.ts';
import type {HostedDeployment} from './hosted-deployment.ts';

/** State of a pod as a cluster shows it. */
export type PodSight = {
	/** Index of the node that it is bound to; undefined before. */
	readonly node?: number | undefined;
	/** All its containers run. */
	readonly hasStarted: boolean;
	readonly isReady: boolean;
	readonly isTerminating: boolean;
};

/** Time until a pod's containers run, and until it is Ready, both from its binding [s]. */
export type StartTimes = {readonly started: number; readonly ready: number};

type Parts = {
	readonly controller: HostedDeployment;
	readonly nodes: Nodes & {put(pod: Pod, node: number): void};
	readonly serving: PodServing;
	readonly use: PodUse;
	readonly readiness: PodReadiness;
	readonly listener: PodListener;
	/** Called with a pod that was bound to a node: its containers are to start after these times. */
	readonly bound: (pod: Pod, times: StartTimes) => void;
	/** Called with a terminating pod that has nothing left to do: it may go. */
	readonly drained: (pod: Pod) => void;
};

/** Life of pods that a cluster makes, binds and deletes: what it shows of each is followed step by step. */
export class HostedPods {
	readonly #simulation: Simulation;
	readonly #parts: Parts;
	readonly #grace: number;
	readonly #plans: StartupPlans;
	readonly #byName = new Map<string, Pod>();
	/** Time from its binding until a pod's containers run [s]. */
	readonly #untilStarted = new Map<Pod, number>();
	readonly #load: number;
	readonly #reload: number;
	readonly #graceOver: number;

	constructor(run: Run, parts: Parts) {
		const {simulation, experiment} = run;
		this.#simulation = simulation;
		this.#parts = parts;
		this.#grace = experiment.deployment.terminationGrace;
		this.#plans = new StartupPlans(run);
		const {podByOrdinal} = parts.controller;
		const declare = (act: (pod: Pod, stamp: number) => void) =>
			simulation.declare(EventPriority.lifecycle, (ordinal, stamp) => {
				const pod = podByOrdinal[ordinal];
				if (pod !== undefined) {
					act(pod, stamp);
				}
			});
		this.#load = declare((pod, stamp) => pod.stageStamp === stamp && this.#loaded(pod));
		this.#reload = declare((pod, stamp) => pod.loadStamp === stamp && parts.serving.setModel(pod, 'loaded'));
		this.#graceOver = declare((pod, stamp) => pod.stageStamp === stamp && this.#endGrace(pod));
	}

	/** A pod that is Ready with its model loaded when the run begins, as if it had long been so. */
	addReady(name: string, node: number): void {
		const {controller, nodes, serving, listener, readiness} = this.#parts;
		const pod = controller.addInitial(name);
		this.#byName.set(name, pod);
		this.#plans.draw(pod);
		nodes.put(pod, node);
		pod.scheduledAt = pod.createdAt;
		pod.startedAt = pod.createdAt;
		pod.readyAt = pod.createdAt;
		this.#startContainers(pod);
		serving.setModel(pod, 'loaded');
		listener.event(pod, 'modelLoaded', pod.createdAt);
		readiness.set(pod, true, pod.createdAt);
		readiness.addEndpoint(pod, pod.createdAt);
	}

	/** Follows a pod to the state that it was seen in. */
	see(name: string, {node, hasStarted, isReady, isTerminating}: PodSight): void {
		const pod = this.#byName.get(name) ?? this.#create(name);
		if (pod.stage === 'pending' && node !== undefined) {
			this.#bind(pod, node);
		}

		if (pod.stage === 'scheduled' && hasStarted) {
			this.#start(pod);
		}

		if (isReady && pod.stage === 'started') {
			this.#loaded(pod); // the cluster was quicker than the plan by the time of a message
		}

		if (!pod.isTerminating && pod.isReady !== isReady && !Number.isNaN(pod.startedAt)) {
			this.#setReady(pod, isReady);
		}

		if (isTerminating && !pod.isTerminating) {
			this.#terminate(pod);
		}
	}

	/** Sends requests to these pods from now on, as far as they are Ready and stay. */
	setEndpoints(names: readonly string[]): void {
		const {controller, readiness} = this.#parts;
		const wanted = new Set(names);
		for (const pod of controller.active) {
			if (pod.isEndpoint && !wanted.has(pod.name)) {
				readiness.removeEndpoint(pod);
			} else if (!pod.isEndpoint && pod.isReady && wanted.has(pod.name)) {
				readiness.addEndpoint(pod);
			}
		}
	}

	/** The pod is there no more; what it still had to do fails. */
	gone(name: string): void {
		const pod = this.#byName.get(name);
		if (pod === undefined) {
			return;
		}

		const {serving, use, listener, controller, nodes} = this.#parts;
		if (!pod.isTerminating) {
			this.#leave(pod);
		}

		serving.failAll(pod);
		use.account(pod);
		pod.stage = 'gone';
		pod.stageStamp++;
		pod.completionStamp++;
		listener.gone(pod);
		controller.remove(pod);
		this.#byName.delete(name);
		this.#plans.forget(pod);
		this.#untilStarted.delete(pod);
		const {node} = pod;
		nodes.release(pod);
		serving.reshare(node);
	}

	/** Loads the model of a pod that has a request for it again. */
	loadModel(pod: Pod): void {
		const modelLoad = this.#plans.drawModelLoad(pod);
		this.#parts.serving.setModel(pod, 'loading');
		this.#simulation.schedule(this.#simulation.now + modelLoad, this.#reload, pod.ordinal, pod.loadStamp);
	}

	/** A pod has served its last request. */
	served(pod: Pod): void {
		if (pod.stage === 'terminating') {
			this.#parts.drained(pod);
		}
	}

	#create(name: string): Pod {
		const pod = this.#parts.controller.add(name);
		this.#byName.set(name, pod);
		this.#plans.draw(pod);
		return pod;
	}

	#bind(pod: Pod, node: number): void {
		const {nodes, serving, bound} = this.#parts;
		nodes.put(pod, node);
		serving.reshare(node);
		pod.stage = 'scheduled';
		pod.scheduledAt = this.#simulation.now;
		pod.readyChangedAt = this.#simulation.now;
		const {containers, modelLoad, probe} = this.#plans.of(pod);
		const until = containers + nodes.startDelay(pod);
		this.#untilStarted.set(pod, until);
		bound(pod, {started: until, ready: until + modelLoad + probe});
	}

	#start(pod: Pod): void {
		pod.stage = 'started';
		this.#parts.use.account(pod);
		pod.startedAt = this.#simulation.now;
		this.#startContainers(pod);
		this.#parts.serving.setModel(pod, 'loading');
		pod.stageStamp++;
		const {containers, modelLoad} = this.#plans.of(pod);
		const until = this.#untilStarted.get(pod) ?? containers;
		const at = Math.max(this.#simulation.now, pod.scheduledAt + until + modelLoad);
		this.#simulation.schedule(at, this.#load, pod.ordinal, pod.stageStamp);
	}

	#loaded(pod: Pod): void {
		pod.stage = 'loaded';
		pod.stageStamp++;
		this.#parts.serving.setModel(pod, 'loaded');
		this.#parts.listener.event(pod, 'modelLoaded', this.#simulation.now);
	}

	#setReady(pod: Pod, isReady: boolean): void {
		const {readiness} = this.#parts;
		if (isReady && Number.isNaN(pod.readyAt)) {
			pod.readyAt = this.#simulation.now;
		}

		if (!isReady) {
			readiness.removeEndpoint(pod);
		}

		readiness.set(pod, isReady);
	}

	#terminate(pod: Pod): void {
		this.#leave(pod);
		if (pod.requestCount === 0) {
			this.#parts.drained(pod);
		} else {
			this.#simulation.schedule(this.#simulation.now + this.#grace, this.#graceOver, pod.ordinal, pod.stageStamp);
		}
	}

	#leave(pod: Pod): void {
		this.#parts.readiness.removeEndpoint(pod);
		pod.stage = 'terminating';
		pod.stageStamp++;
		pod.terminatingAt = this.#simulation.now;
	}

	#endGrace(pod: Pod): void {
		this.#parts.serving.failAll(pod);
		this.#parts.drained(pod);
	}

	#startContainers(pod: Pod): void {
		for (const {container} of pod.meters) {
			this.#parts.listener.containerStarted(pod, container);
		}
	}
}
