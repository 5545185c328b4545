import type {Simulation} from '../engine/simulation.ts';
import type {Deployment} from '../experiment/experiment.ts';
import {EventPriority} from './contracts.ts';
import type {Pod, PodListener} from './pod.ts';
import type {Run} from './run.ts';

type Options = {
	/** By ordinal; undefined once gone. */
	readonly pods: readonly (Pod | undefined)[];
	readonly listener: PodListener;
	/** A pod's condition has changed while it served. */
	readonly changed: (pod: Pod) => void;
};

/**
 * Readiness of pods: the condition, the endpoint of the Service, and the kubelet's probes of pods that serve where overload
 * can fail them. Without `overload` no probe is simulated: a pod that serves answers.
 *
 * @see kubernetes pkg/kubelet/prober/worker.go, doProbe
 */
export class PodReadiness {
	readonly #simulation: Simulation;
	readonly #readiness: Deployment['readiness'];
	readonly #options: Options;
	readonly #probe: number;

	constructor({simulation, experiment}: Run, options: Options) {
		this.#simulation = simulation;
		this.#readiness = experiment.deployment.readiness;
		this.#options = options;
		this.#probe = simulation.declare(EventPriority.lifecycle, (ordinal, stamp) => this.#look(ordinal, stamp));
	}

	/** Sets the pod's Ready condition. */
	set(pod: Pod, isReady: boolean, at = this.#simulation.now): void {
		if (pod.isReady !== isReady) {
			pod.isReady = isReady;
			pod.readyChangedAt = at;
			this.#options.listener.event(pod, isReady ? 'ready' : 'notReady', at);
		}
	}

	addEndpoint(pod: Pod, at = this.#simulation.now): void {
		pod.isEndpoint = true;
		pod.stage = 'ready';
		this.#options.listener.endpointAdded(pod);
		this.#options.listener.event(pod, 'endpointAdded', at);
	}

	removeEndpoint(pod: Pod): void {
		if (pod.isEndpoint) {
			pod.isEndpoint = false;
			this.#options.listener.endpointRemoved(pod);
			this.#options.listener.event(pod, 'endpointRemoved', this.#simulation.now);
		}
	}

	/** Starts the probes of a pod that has become Ready; the first comes after a delay [s]. */
	startProbes(pod: Pod, delay: number): void {
		if (this.#readiness.overload !== undefined) {
			pod.probeStamp++;
			pod.probeStreak = 0;
			this.#simulation.schedule(this.#simulation.now + delay, this.#probe, pod.ordinal, pod.probeStamp);
		}
	}

	#look(ordinal: number, stamp: number): void {
		const pod = this.#options.pods[ordinal];
		if (pod === undefined || pod.stage !== 'ready' || pod.probeStamp !== stamp) {
			return;
		}

		const {mostWaiting, failureThreshold, successThreshold} = this.#readiness.overload!;
		const isFailing = pod.waitingCount > mostWaiting;
		pod.probeStreak = isFailing ? Math.min(0, pod.probeStreak) - 1 : Math.max(0, pod.probeStreak) + 1;
		if (pod.isReady && pod.probeStreak <= -failureThreshold) {
			// Traffic that was still to arrive does not.
			pod.stageStamp++;
			this.removeEndpoint(pod);
			this.set(pod, false);
			this.#options.changed(pod);
		} else if (!pod.isReady && pod.probeStreak >= successThreshold) {
			this.set(pod, true);
			this.#options.changed(pod);
		}

		this.#simulation.schedule(this.#simulation.now + this.#readiness.periodSeconds, this.#probe, ordinal, stamp);
	}
}
