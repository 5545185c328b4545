import type {RandomStream} from '../engine/random-stream.ts';
import type {Simulation} from '../engine/simulation.ts';
import {type Sampler, samplerOf} from '../experiment/draw-distribution.ts';
import {EventPriority} from './contracts.ts';
import {ContainerMeter} from './metrics/container-meter.ts';
import {CrashBackoff, Pod} from './pod.ts';
import {inDeletionOrder, rolloutStep} from './rollout.ts';
import {type Run, streamOf} from './run.ts';

/** Initial pods look this old [s]: older than the CPU initialization period, so their CPU counts at once. */
const initialAge = 600;

/**
 * The Deployment and its ReplicaSets: makes and deletes pods until their number is the wanted one, and rolls out a new
 * template within the surge and the unavailability that are allowed. PodStartup and
 * PodTermination do the rest of a pod's life.
 */
export class DeploymentController {
	/** `spec.replicas`. */
	replicas: number;
	/** Every pod that exists, the terminating ones included, in the order of creation. */
	readonly pods: Pod[] = [];
	/** By ordinal; undefined once gone. */
	readonly podByOrdinal: (Pod | undefined)[] = [];
	/** Names of all pods that ever existed, by ordinal. */
	readonly podNames: string[] = [];
	readonly #run: Run;
	readonly #simulation: Simulation;
	readonly #reconcile: number;
	readonly #createDelay: Sampler;
	readonly #createStream: RandomStream;
	#create: (pod: Pod) => void = () => undefined;
	#delete: (pod: Pod) => void = () => undefined;
	#revision = 1;

	/** @param replicas - at first */
	constructor(run: Run, replicas: number) {
		this.#run = run;
		this.#simulation = run.simulation;
		this.replicas = replicas;
		const {startup} = run.experiment.deployment;
		this.#createDelay = startup.kind === 'stages' ? samplerOf(startup.stages.create) : () => 0;
		this.#createStream = streamOf(run, 'create');
		this.#reconcile = run.simulation.declare(EventPriority.lifecycle, () => this.#converge());
	}

	/** Sets who begins and ends a pod's life. */
	attach(hooks: {create: (pod: Pod) => void; delete: (pod: Pod) => void}): void {
		this.#create = hooks.create;
		this.#delete = hooks.delete;
	}

	/** Pods that are not terminating: `status.replicas`. */
	get active(): Pod[] {
		return this.pods.filter(pod => !pod.isTerminating);
	}

	/** Writes the scale sub-resource. */
	scaleTo(replicas: number): void {
		this.replicas = replicas;
		this.wake();
	}

	/** A new template: every pod is replaced. */
	rollOut(): void {
		this.#revision++;
		this.wake();
	}

	/** Something changed that the controller watches: it acts after its delay. */
	wake(): void {
		this.#simulation.schedule(this.#simulation.now + this.#createDelay(this.#createStream), this.#reconcile);
	}

	/** A pod as the run begins: long since created, and yet to be made ready by the caller. */
	addInitial(name?: string): Pod {
		const pod = this.add(name);
		pod.createdAt = this.#simulation.now - initialAge;
		return pod;
	}

	/** A new pod, whose life the caller begins. */
	add(name?: string): Pod {
		const {now} = this.#simulation;
		const {deployment} = this.#run.experiment;
		const ordinal = this.podByOrdinal.length;
		const tieBreak = streamOf(this.#run, 'uid', ordinal).uniform();
		const pod = new Pod({
			...{ordinal, revision: this.#revision, tieBreak, parallel: deployment.llm.parallel, now},
			...(name !== undefined && {name}),
		});
		pod.meters = deployment.containers.map((_, index) => new ContainerMeter(index));
		pod.backoffs = deployment.containers.map(() => new CrashBackoff());
		this.pods.push(pod);
		this.podByOrdinal.push(pod);
		this.podNames.push(pod.name);
		return pod;
	}

	/** The pod is no more. */
	remove(pod: Pod): void {
		this.pods.splice(this.pods.indexOf(pod), 1);
		this.podByOrdinal[pod.ordinal] = undefined;
	}

	#converge(): void {
		const active = this.active;
		const old = active.filter(({revision}) => revision !== this.#revision);
		const current = active.filter(({revision}) => revision === this.#revision);
		const readyCount = active.filter(({isReady}) => isReady).length;
		const step =
			old.length === 0
				? {create: this.replicas - current.length, deleteOld: 0, deleteCurrent: current.length - this.replicas}
				: rolloutStep(
						{
							replicas: this.replicas,
							current: current.length,
							old: old.length,
							ready: readyCount,
							oldUnready: old.filter(({isReady}) => !isReady).length,
						},
						this.#run.experiment.deployment.rollout,
					);
		for (let made = 0; made < step.create; made++) {
			this.#create(this.add());
		}

		this.#deleteFirst(old, step.deleteOld);
		this.#deleteFirst(current, step.deleteCurrent);
	}

	#deleteFirst(pods: readonly Pod[], count: number): void {
		if (count > 0) {
			for (const pod of inDeletionOrder(pods, this.#run.nodes, this.#simulation.now).slice(0, count)) {
				this.#delete(pod);
			}
		}
	}
}
