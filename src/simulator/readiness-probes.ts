import type {Simulation} from '../engine/simulation.ts';
import type {Deployment} from '../experiment/experiment.ts';
import {EventPriority} from './event-priority.ts';
import type {Pod} from './pod.ts';

type Options = {
	readonly simulation: Simulation;
	readonly readiness: Deployment['readiness'];
	/** By ordinal. */
	readonly pods: readonly (Pod | undefined)[];
	/** As many probes in a row have failed, or succeeded, as change the pod's condition. */
	readonly failed: (pod: Pod) => void;
	readonly succeeded: (pod: Pod) => void;
};

/**
 * The kubelet's readiness probes of pods that serve, where overload can fail them. Without `overload` there is nothing to
 * see: a pod that serves answers.
 *
 * @see kubernetes pkg/kubelet/prober/worker.go, doProbe
 */
export class ReadinessProbes {
	readonly #options: Options;
	readonly #probe: number;

	constructor(options: Options) {
		this.#options = options;
		this.#probe = options.simulation.declare(EventPriority.lifecycle, (ordinal, stamp) => this.#look(ordinal, stamp));
	}

	/** The pod has become Ready; the next probe comes after a delay [s]. */
	start(pod: Pod, delay: number): void {
		const {simulation, readiness} = this.#options;
		if (readiness.overload !== undefined) {
			pod.probeStamp++;
			pod.probeStreak = 0;
			simulation.schedule(simulation.now + delay, this.#probe, pod.ordinal, pod.probeStamp);
		}
	}

	#look(ordinal: number, stamp: number): void {
		const {simulation, readiness, pods, failed, succeeded} = this.#options;
		const pod = pods[ordinal];
		if (pod === undefined || pod.stage !== 'ready' || pod.probeStamp !== stamp) {
			return;
		}

		const {mostWaiting, failureThreshold, successThreshold} = readiness.overload!;
		const isFailing = pod.waitingCount > mostWaiting;
		pod.probeStreak = isFailing ? Math.min(0, pod.probeStreak) - 1 : Math.max(0, pod.probeStreak) + 1;
		if (pod.isReady && pod.probeStreak <= -failureThreshold) {
			failed(pod);
		} else if (!pod.isReady && pod.probeStreak >= successThreshold) {
			succeeded(pod);
		}

		simulation.schedule(simulation.now + readiness.periodSeconds, this.#probe, ordinal, stamp);
	}
}
