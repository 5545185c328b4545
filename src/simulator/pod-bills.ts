import type {Experiment} from '../experiment/experiment.ts';
import {podRequests, requestedGpus} from '../experiment/pod-requests.ts';
import type {PodUsage} from '../records/pod-usage.ts';
import type {PodEvent} from '../records/record.ts';
import type {DeploymentController} from './deployment-controller.ts';
import type {Pod} from './pod.ts';
import type {PodUse} from './pod-use.ts';

/** Collects what each pod reserved and used from its scheduling to its end, within the measured window. */
export class PodBills {
	readonly #use: PodUse;
	readonly #warmup: number;
	readonly #cores: number;
	readonly #bytes: number;
	readonly #gpus: Pick<PodUsage, 'requestedGpus'>;
	readonly #ended: PodUsage[] = [];

	constructor({deployment, warmup}: Experiment, use: PodUse) {
		this.#use = use;
		this.#warmup = warmup;
		const {cpu, memory} = podRequests(deployment);
		this.#cores = cpu;
		this.#bytes = memory;
		const gpus = requestedGpus(deployment);
		this.#gpus = gpus === 0 ? {} : {requestedGpus: gpus};
	}

	/** The measured window begins: what was used before does not count. */
	begin({pods}: DeploymentController): void {
		this.#ended.length = 0;
		for (const pod of pods) {
			this.#use.account(pod);
			pod.cpuSecondsBefore = pod.llmCpuSeconds + pod.backendCpuSeconds;
			pod.memoryByteSecondsBefore = pod.memoryByteSeconds;
			pod.stages.begin(this.#warmup, pod.busySeconds);
		}
	}

	/** The pod enters another stage. */
	event(pod: Pod, event: PodEvent, at: number): void {
		const running = pod.runningCount > 0 ? at - pod.accountedAt : 0;
		pod.stages.event(event, at, pod.busySeconds + running);
	}

	/** The pod is gone, or the run is over. */
	close(pod: Pod, now: number): void {
		if (Number.isNaN(pod.scheduledAt)) {
			return;
		}

		this.#use.account(pod);
		this.#ended.push({
			pod: pod.name,
			fromSeconds: Math.max(pod.scheduledAt, this.#warmup),
			toSeconds: now,
			requestedCores: this.#cores,
			requestedBytes: this.#bytes,
			...this.#gpus,
			cpuSeconds: pod.llmCpuSeconds + pod.backendCpuSeconds - pod.cpuSecondsBefore,
			memoryByteSeconds: pod.memoryByteSeconds - pod.memoryByteSecondsBefore,
			stages: pod.stages.read(now, pod.busySeconds),
		});
	}

	/** One entry for each pod that was there in the window. */
	get usages(): readonly PodUsage[] {
		return this.#ended;
	}
}
