import {initialReplicas} from '../../experiment/pod-requests.ts';
import {hostedPreRoll} from '../../simulator/hosted/hosted-run.ts';
import {withFaults} from '../load/inject-faults.ts';
import {sleepUntil} from '../load/sleep-until.ts';
import {unixNow} from '../observe/clock.ts';
import type {JournalEntry} from '../observe/entry.ts';
import {Observation} from '../observe/observation.ts';
import {guardedStep} from '../replay/guarded-step.ts';
import type {StepSurroundings} from '../replay/replay-engine.ts';
import type {ReplayRun} from '../replay/replay-run.ts';
import {planStart} from '../replay/replay-steps.ts';
import type {Step} from '../replay/step.ts';
import {apply, removeWorkload} from '../setup/apply.ts';
import type {Cluster, Manifest} from '../setup/cluster.ts';
import type {Rendered} from '../setup/render-manifests.ts';
import {waitReady} from '../setup/wait-ready.ts';
import {EmulatedRun} from './emulated-run.ts';
import {renderEmulatedWorkload} from './emulated-workload.ts';
import {makeNodes, removeService} from './emulation-objects.ts';
import {karpenterOf} from './karpenter/karpenter-objects.ts';
import {startKarpenter, stopKarpenter} from './karpenter/start-karpenter.ts';
import {Kubelet} from './kubelet.ts';
import {nodePlan, nodesInWords} from './node-plan.ts';
import {Usages} from './usages.ts';

type Surroundings = Omit<StepSurroundings, 'probes'> & {
	readonly cluster: Cluster;
	/** Objects of `k8s/kwok/workload.yaml`. */
	readonly pattern: readonly Manifest[];
	/** Image of Karpenter, instead of the one that its manifest names. */
	readonly karpenterImage: string | undefined;
};

/**
 * Steps of one emulated replay. Each begins from the same state: new nodes and pods, all Ready, whose use is that of idle
 * pods and was sampled, and an autoscaler that remembers nothing.
 */
export function emulatedSteps(run: ReplayRun, surroundings: Surroundings): Step[] {
	return new Emulation(run, surroundings).steps();
}

class Emulation {
	readonly #run: ReplayRun;
	readonly #surroundings: Surroundings;
	readonly #rendered: Rendered;
	readonly #kubelet: Kubelet;
	readonly #broken = new AbortController();
	#observation: Observation | undefined;
	#emulated: EmulatedRun | undefined;
	#start = 0;

	constructor(run: ReplayRun, surroundings: Surroundings) {
		const {cluster, pattern} = surroundings;
		this.#run = run;
		this.#surroundings = surroundings;
		this.#rendered = renderEmulatedWorkload(pattern, run.experiment, {arm: run.arm});
		this.#kubelet = new Kubelet(cluster.api, error => this.#broken.abort(error));
	}

	steps(): Step[] {
		const {experiment, arm} = this.#run;
		const replicas = initialReplicas(experiment, arm);
		const {signal, cluster} = this.#surroundings;
		const steps: Step[] = [
			{title: nodesInWords(experiment), run: async () => this.#startClean()},
			{
				title: `${replicas} ${replicas === 1 ? 'pod' : 'pods'} Ready`,
				run: async report => waitReady(this.#observation!, {replicas, signal: this.#either(signal), report}),
			},
			{title: 'Metrics of idle pods', run: async () => this.#idle()},
			{title: `Emulated replay ${experiment.duration} s`, run: async report => this.#replay(report)},
		];
		return steps.map(step =>
			guardedStep(this.#withReason(step), {api: cluster.api, signal, end: async () => this.#end()}),
		);
	}

	/** The step, which fails with what the cluster refused where that is why it was ended. */
	#withReason({title, run}: Step): Step {
		return {
			title,
			run: async report =>
				run(report).catch((error: Error) => {
					const {signal} = this.#surroundings;
					const either = this.#either(signal);
					throw either.aborted && !signal.aborted ? either.reason : error;
				}),
		};
	}

	/** Ends the load, and the watch of the cluster. */
	async #end(): Promise<void> {
		this.#emulated?.end();
		await this.#observation?.stop();
	}

	async #startClean(): Promise<undefined> {
		const {cluster, journal, signal, karpenterImage} = this.#surroundings;
		const {api} = cluster;
		await removeWorkload(cluster, signal);
		await removeService(api);
		await new Usages({api, write: () => undefined, failed: () => undefined}).clear();
		const karpenter = karpenterOf(this.#run.experiment);
		await (karpenter === undefined
			? stopKarpenter(api, signal)
			: startKarpenter(cluster, karpenter, {image: karpenterImage, signal}));
		await makeNodes(api, karpenter === undefined ? nodePlan(this.#run.experiment) : undefined);
		this.#observation = new Observation(cluster, {
			backend: undefined,
			hasPools: karpenter !== undefined,
			write: entry => {
				journal.write(entry);
				this.#see(entry);
			},
		});
		await apply(cluster, this.#rendered.base, signal);
	}

	/** Nodes and pods that are made before the run are started at once. */
	#see(entry: JournalEntry): void {
		if (this.#emulated !== undefined) {
			this.#emulated.see(entry);
		} else if (entry.type === 'poolNode' && entry.isUp && entry.joining !== undefined) {
			this.#kubelet.open(entry.node, entry.joining);
		} else if (entry.type === 'poolNode' && !entry.isUp) {
			this.#kubelet.join(entry.node, unixNow());
		} else if (entry.type === 'pod' && entry.node !== undefined && entry.view.phase === 'Pending') {
			const now = unixNow();
			this.#kubelet.plan(entry.view.name, {started: now, ready: now});
		}
	}

	/** Begins the run before time 0, and waits for the time at which the autoscaler is made. */
	async #idle(): Promise<string> {
		const {cluster, journal, signal} = this.#surroundings;
		const {experiment, repeat} = this.#run;
		const {beforeStart} = planStart(this.#run, this.#rendered.autoscaler !== undefined, unixNow());
		this.#start = Math.ceil(unixNow() + hostedPreRoll(experiment));
		this.#emulated = new EmulatedRun({
			...{experiment, repeat, api: cluster.api, start: this.#start},
			...{pods: this.#observation!.pods, nodes: this.#observation!.poolNodes},
			write: entry => journal.write(entry),
		});
		await sleepUntil(this.#start - beforeStart, this.#either(signal));
		this.#either(signal).throwIfAborted();
		return `${Math.round(hostedPreRoll(experiment))} s before the load`;
	}

	async #replay(report: (detail: string) => void): Promise<string> {
		const {cluster, journal, signal} = this.#surroundings;
		const {experiment} = this.#run;
		const {autoscaler} = this.#rendered;
		const start = this.#start;
		const either = this.#either(signal);
		if (autoscaler !== undefined) {
			await apply(cluster, [autoscaler], signal);
		}

		await sleepUntil(start, either);
		either.throwIfAborted();
		const write = (entry: JournalEntry) => journal.write(entry);
		write({type: 'start', at: start});
		const timer = setInterval(() => report(this.#line()), 1000);
		const {pods} = this.#observation!;
		try {
			const outage = async (isOut: boolean) => this.#emulated!.outage(isOut, either);
			await withFaults({cluster, experiment, pods, start, write, signal: either, outage}, async () => {
				await sleepUntil(start + experiment.duration, either);
				this.#emulated!.end();
			});
		} finally {
			clearInterval(timer);
		}

		either.throwIfAborted();
		write({type: 'end', at: unixNow(), why: 'done'});
		await this.#observation!.stop();
		return this.#line();
	}

	/** Aborts when the replay is interrupted, or the cluster refuses what it should not. */
	#either(signal: AbortSignal): AbortSignal {
		const {broken} = this.#emulated ?? {};
		return AbortSignal.any([signal, this.#broken.signal, ...(broken === undefined ? [] : [broken])]);
	}

	#line(): string {
		const {experiment} = this.#run;
		const {completed, failed, timedOut} = this.#emulated!.counts;
		const ready = [...this.#observation!.pods.values()].filter(({view}) => view.ready?.status === true).length;
		const seconds = Math.min(experiment.duration, unixNow() - this.#start).toFixed(0);
		const bad = failed + timedOut === 0 ? '' : `, ${failed} failed, ${timedOut} timed out`;
		return `${seconds} s, ${completed} answered${bad}, ${ready} pods Ready`;
	}
}
