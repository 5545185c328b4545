import {setMaxListeners} from 'node:events';
import type {KedaSpec} from '../../autoscaler/keda/keda-spec.ts';
import {observeExternal, observeScaledObject} from '../keda/observe-keda.ts';
import type {Cluster} from '../setup/cluster.ts';
import type {HpaEntry, JournalEntry, PodEntry, PoolNodeEntry, SampleEntry, ScaleEntry} from './entry.ts';
import {observeBackends} from './observe-backends.ts';
import {observeDecisions} from './observe-decisions.ts';
import {observeNodes} from './observe-nodes.ts';
import {observePods} from './observe-pods.ts';
import {observePoolNodes} from './observe-pool-nodes.ts';
import {observeSamples} from './observe-samples.ts';
import {observeEndpoints, observeEvents, observeHpa, observeScale} from './observe-scaling.ts';

type ObservationOptions = {
	/**
	 * Name of the backend's container, whose log says when the model is loaded; undefined where nothing runs in the pods:
	 * then neither they nor the metrics API are asked.
	 */
	readonly backend: string | undefined;
	/** ScaledObject behind the HPA; absent where there is none. */
	readonly keda?: KedaSpec | undefined;
	/** Whether Karpenter adds and removes nodes. */
	readonly hasPools?: boolean;
	/** Called for each thing that is seen. */
	readonly write: (entry: JournalEntry) => void;
};

/** Observers of a cluster during one replay, and their latest observations. */
export class Observation {
	/** Pods that are there, by name. */
	readonly pods = new Map<string, PodEntry>();
	/** Nodes of Karpenter's pools that are there, by name. */
	readonly poolNodes = new Map<string, PoolNodeEntry>();
	/** Samples of the pods that the metrics API serves, the newest last. */
	readonly samples = new Map<string, SampleEntry[]>();
	endpoints: readonly string[] = [];
	scale: ScaleEntry | undefined;
	hpa: HpaEntry | undefined;
	readonly #sink: (entry: JournalEntry) => void;
	readonly #stop = new AbortController();
	readonly #running: Promise<unknown>;

	constructor({api, nodes}: Cluster, {backend, keda, hasPools = false, write: sink}: ObservationOptions) {
		this.#sink = sink;
		const {signal} = this.#stop;
		setMaxListeners(0, signal); // every observer waits for it
		const write = (entry: JournalEntry) => this.#write(entry);
		const observer = {api, write, signal};
		this.#running = Promise.all([
			observePods({...observer, backend}, this.pods),
			observeScale(observer),
			observeHpa(observer),
			observeEndpoints(observer),
			observeEvents(observer),
			observeDecisions(observer),
			...(backend === undefined ? [] : [observeSamples(observer, this.samples), observeBackends(observer, this.pods)]),
			...(keda === undefined ? [] : [observeScaledObject(observer), observeExternal(observer, keda)]),
			...(hasPools ? [observePoolNodes(observer)] : []),
			observeNodes({nodes, pods: this.pods, write, signal}),
		]);
		this.#running.catch(() => undefined); // reported by stop
	}

	/** @throws whatever ended an observer that should have gone on */
	async stop(): Promise<void> {
		this.#stop.abort();
		await this.#running;
	}

	#write(entry: JournalEntry): void {
		if (this.#stop.signal.aborted) {
			return;
		}

		if (entry.type === 'poolNode') {
			this.poolNodes.set(entry.node, entry);
		} else if (entry.type === 'poolNodeGone') {
			this.poolNodes.delete(entry.node);
		}

		this.#sink(entry);
		if (entry.type === 'scale') {
			this.scale = entry;
		} else if (entry.type === 'hpa') {
			this.hpa = entry;
		} else if (entry.type === 'endpoints') {
			this.endpoints = entry.ready;
		}
	}
}
