import type {Experiment} from '../../experiment/experiment.ts';
import {Schedule} from '../../experiment/schedule.ts';
import {type HostedRequest, HostedRun} from '../../simulator/hosted/hosted-run.ts';
import type {KubeApi} from '../api/kube-api.ts';
import {replayedReplication} from '../load/send-requests.ts';
import {unixNow} from '../observe/clock.ts';
import type {JournalEntry, PodEntry, PoolNodeEntry} from '../observe/entry.ts';
import {Kubelet} from './kubelet.ts';
import {nodeIndex} from './node-plan.ts';
import {Usages} from './usages.ts';

/** Time between two looks at the clock [ms]. */
const tickMs = 50;

type Options = {
	readonly api: Pick<KubeApi, 'get' | 'merge' | 'remove' | 'send'>;
	readonly experiment: Experiment;
	/** Number of the repeat: its draws are those of the replication of the same number. */
	readonly repeat: number;
	/** Time 0 [s since 1970], a whole second. */
	readonly start: number;
	/** Pods that are there, all Ready. */
	readonly pods: ReadonlyMap<string, PodEntry>;
	/** Nodes of a node autoscaler that are there, all Ready. */
	readonly nodes: ReadonlyMap<string, PoolNodeEntry>;
	readonly write: (entry: JournalEntry) => void;
};

/** Counts of requests so far. */
export type EmulatedCounts = {ended: number; completed: number; failed: number; timedOut: number};

/**
 * Load and service of the simulator on the pods of a cluster, by the clock of this machine: it hears what becomes of the pods,
 * says when they start and go, and what they use.
 */
export class EmulatedRun {
	readonly counts: EmulatedCounts = {ended: 0, completed: 0, failed: 0, timedOut: 0};
	readonly #options: Options;
	readonly #run: HostedRun;
	readonly #usages: Usages;
	readonly #broken = new AbortController();
	readonly #timer: NodeJS.Timeout;
	/** Whether the pods have room for all: nothing is said of nodes, so the simulator has one that holds them all. */
	readonly #isRoomy: boolean;
	readonly #kubelet: Kubelet;
	/** Index of each node of a node autoscaler that was there. */
	readonly #indices = new Map<string, number>();
	#version = 0;
	#isOver = false;

	constructor(options: Options) {
		const {api, experiment, repeat, start, pods, nodes, write} = options;
		this.#options = options;
		this.#isRoomy = experiment.deployment.nodes === undefined && experiment.nodeAutoscaler === undefined;
		for (const name of nodes.keys()) {
			this.#indices.set(name, this.#indices.size);
		}

		const failed = (error: Error) => this.#broken.abort(error);
		const kubelet = new Kubelet(api, failed);
		this.#kubelet = kubelet;
		this.#usages = new Usages({api, write, failed});
		this.#run = new HostedRun(experiment, {
			replication: repeat,
			usersOf: replayedReplication,
			schedule: experiment.workload.loop === 'open' ? new Schedule(experiment, replayedReplication) : undefined,
			nodes: [...nodes.values()],
			initial: [...pods.values()].map(({view: {name}, node = ''}) => ({name, node: this.#nodeOf(node)})),
			listener: {
				request: request => this.#ended(request),
				modelLoaded: (pod, at) => write({type: 'model', at: start + at, pod}),
				bound: (pod, {started, ready}) => kubelet.plan(pod, {started: start + started, ready: start + ready}),
				drained: pod => kubelet.end(pod),
			},
		});
		this.#timer = setInterval(() => this.#act(() => this.#tick()), tickMs);
	}

	/** Aborts once the cluster refuses something that it should not; its reason is the fault. */
	get broken(): AbortSignal {
		return this.#broken.signal;
	}

	/** Follows what was seen of the cluster. */
	see(entry: JournalEntry): void {
		if (entry.type === 'pod' || entry.type === 'gone' || entry.type === 'endpoints') {
			this.#act(() => this.#follow(entry));
		} else if (entry.type === 'poolNode' || entry.type === 'poolNodeGone') {
			this.#act(() => this.#followNode(entry));
		}
	}

	/** Follows an outage of metrics.k8s.io that was made or ended. */
	async outage(isOut: boolean, signal: AbortSignal): Promise<void> {
		await this.#usages.outage(isOut, signal);
	}

	/** Ends the run, and reports the requests that are still under way. */
	end(): void {
		clearInterval(this.#timer);
		this.#act(() => {
			this.#advance();
			this.#run.finish();
		});
		this.#isOver = true;
	}

	#follow(entry: Extract<JournalEntry, {type: 'pod' | 'gone' | 'endpoints'}>): void {
		this.#advance();
		if (entry.type === 'gone') {
			this.#run.gone(entry.pod);
		} else if (entry.type === 'endpoints') {
			this.#run.setEndpoints(entry.ready);
		} else {
			const {view, node} = entry;
			this.#run.see(view.name, {
				node: node === undefined ? undefined : this.#nodeOf(node),
				hasStarted: view.phase === 'Running',
				isReady: view.ready?.status === true,
				isTerminating: view.deletionTimestamp !== undefined,
			});
		}
	}

	/** A new node of a node autoscaler joins when its time has come. */
	#followNode(entry: Extract<JournalEntry, {type: 'poolNode' | 'poolNodeGone'}>): void {
		this.#advance();
		const {node: name} = entry;
		const known = this.#indices.get(name);
		if (entry.type === 'poolNodeGone') {
			if (known !== undefined) {
				this.#run.removeNode(known);
			}
		} else if (known === undefined) {
			const {start, write} = this.#options;
			const {index, launched, ready} = this.#run.addNode(entry);
			this.#indices.set(name, index);
			this.#kubelet.join(name, start + ready);
			write({type: 'nodeLaunch', at: start + launched, node: name});
		} else if (entry.isUp && entry.joining !== undefined) {
			this.#kubelet.open(name, entry.joining);
		}
	}

	/** Acts unless the run is over; a fault ends the replay, not the watch of the cluster. */
	#act(act: () => void): void {
		if (!this.#isOver && !this.#broken.signal.aborted) {
			try {
				act();
			} catch (error) {
				this.#broken.abort(error);
			}
		}
	}

	#nodeOf(name: string): number {
		return this.#isRoomy ? 0 : (this.#indices.get(name) ?? nodeIndex(name));
	}

	#tick(): void {
		this.#advance();
		const {metricsVersion} = this.#run;
		if (metricsVersion !== this.#version) {
			this.#version = metricsVersion;
			this.#usages.serve(this.#run.metrics(), this.#options.start);
		}
	}

	#advance(): void {
		const {experiment, start} = this.#options;
		this.#run.advance(Math.min(experiment.duration, Math.max(this.#run.now, unixNow() - start)));
	}

	#ended(request: HostedRequest): void {
		const {start, write} = this.#options;
		const {serial: id, scheduled, started, firstToken, ended, pod, outcome} = request;
		const {tenant, conversation, promptTokens, outputTokens} = request;
		const isInFlight = outcome === 'inFlight';
		const at = isInFlight ? unixNow() : start + ended;
		const lag = Math.max(0, unixNow() - at);
		write({
			...{type: 'sent', at: start + scheduled, id, scheduled, lag},
			...{tenant, conversation, promptTokens, outputTokens},
		});
		write({
			...{type: 'ended', at, id, outcome},
			...(!Number.isNaN(firstToken) && {firstToken: start + firstToken}),
			served: {pod, ...(!Number.isNaN(started) && {started: start + started})},
		});
		if (outcome !== 'inFlight') {
			this.counts.ended++;
			this.counts[outcome]++;
		}
	}
}
