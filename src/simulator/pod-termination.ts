import type {Simulation} from '../engine/simulation.ts';
import {EventPriority, type PodServing} from './contracts.ts';
import type {DeploymentController} from './deployment-controller.ts';
import type {Pod, PodListener} from './pod.ts';
import type {PodReadiness} from './pod-readiness.ts';
import type {PodStartup} from './pod-startup.ts';
import type {PodUse} from './pod-use.ts';
import type {Run} from './run.ts';

type Parts = {
	readonly controller: DeploymentController;
	readonly serving: PodServing;
	readonly use: PodUse;
	readonly readiness: PodReadiness;
	readonly startup: PodStartup;
	readonly listener: PodListener;
};

/** A pod's end: out of the endpoints, drained within its grace, or killed. */
export class PodTermination {
	readonly #simulation: Simulation;
	readonly #grace: number;
	readonly #parts: Parts;
	readonly #graceOver: number;

	constructor({simulation, experiment}: Run, parts: Parts) {
		this.#simulation = simulation;
		this.#grace = experiment.deployment.terminationGrace;
		this.#parts = parts;
		this.#graceOver = simulation.declare(EventPriority.lifecycle, (ordinal, stamp) => this.#endGrace(ordinal, stamp));
	}

	/** Takes the pod out of service; it goes once it has drained, or when its grace is over. */
	terminate(pod: Pod): void {
		this.#leave(pod);
		if (pod.requestCount === 0) {
			this.#end(pod);
		} else {
			this.#simulation.schedule(this.#simulation.now + this.#grace, this.#graceOver, pod.ordinal, pod.stageStamp);
		}
	}

	/** A terminating pod has served its last request. */
	drained(pod: Pod): void {
		if (pod.stage === 'terminating') {
			this.#end(pod);
		}
	}

	/** Kills the pod at once; its requests fail. */
	kill(pod: Pod): void {
		const {serving, controller} = this.#parts;
		if (pod.stage !== 'terminating') {
			this.#leave(pod);
		}

		serving.failAll(pod);
		if (controller.podByOrdinal[pod.ordinal] !== undefined) {
			this.#end(pod);
		}
	}

	#leave(pod: Pod): void {
		this.#parts.readiness.removeEndpoint(pod);
		pod.stage = 'terminating';
		pod.stageStamp++;
		pod.terminatingAt = this.#simulation.now;
		this.#parts.listener.event(pod, 'terminating', this.#simulation.now);
	}

	#endGrace(ordinal: number, stamp: number): void {
		const pod = this.#parts.controller.podByOrdinal[ordinal];
		if (pod !== undefined && pod.stageStamp === stamp) {
			this.#parts.serving.failAll(pod);
			this.#end(pod);
		}
	}

	#end(pod: Pod): void {
		const {use, listener, controller, startup} = this.#parts;
		use.account(pod);
		pod.stage = 'gone';
		pod.stageStamp++;
		pod.completionStamp++;
		listener.event(pod, 'gone', this.#simulation.now);
		listener.gone(pod);
		controller.remove(pod);
		startup.gone(pod);
		controller.wake();
	}
}
