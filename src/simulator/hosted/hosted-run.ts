import {Simulation} from '../../engine/simulation.ts';
import type {Experiment} from '../../experiment/experiment.ts';
import type {RequestBlocks} from '../../experiment/schedule.ts';
import type {Outcome} from '../../records/record.ts';
import {RequestStatistics} from '../../records/request-statistics.ts';
import type {MetricSource, PodServing} from '../contracts.ts';
import {ElasticNodes} from '../nodes/elastic-nodes.ts';
import {FixedNodes} from '../nodes.ts';
import {metricSource, preRollOf, servingOf} from '../parts.ts';
import type {Pod, PodListener} from '../pod.ts';
import {PodReadiness} from '../pod-readiness.ts';
import {PodUse} from '../pod-use.ts';
import type {RequestSink} from '../request-log.ts';
import {RequestPool} from '../request-pool.ts';
import type {Run} from '../run.ts';
import {Traffic} from '../traffic.ts';
import {HostedDeployment} from './hosted-deployment.ts';
import {HostedMetrics, type ServedPod} from './hosted-metrics.ts';
import {HostedNodes, type NodeSight, type NodeTimes} from './hosted-nodes.ts';
import {HostedPods, type PodSight, type StartTimes} from './hosted-pods.ts';

export type {NodeSight, NodeTimes, PodSight, ServedPod, StartTimes};

/** A request that has ended, or was under way when the run was over. Times in seconds from time 0, NaN for never. */
export type HostedRequest = {
	/** From 0, in the order of arrival. */
	readonly serial: number;
	readonly scheduled: number;
	readonly started: number;
	readonly firstToken: number;
	readonly ended: number;
	readonly tenant: string;
	readonly conversation: number;
	/** Empty when no pod took it. */
	readonly pod: string;
	readonly promptTokens: number;
	readonly outputTokens: number;
	readonly outcome: Outcome;
};

/** Called as something happens that the cluster is to hear of, or the record. */
export type HostListener = {
	readonly request: (request: HostedRequest) => void;
	/** The model of a pod is loaded [s from time 0]. */
	readonly modelLoaded: (pod: string, at: number) => void;
	/** A pod was bound: when its containers are to run, and when it is to be Ready [s from time 0]. */
	readonly bound: (pod: string, times: StartTimes) => void;
	/** A terminating pod has nothing left to do. */
	readonly drained: (pod: string) => void;
};

type HostedOptions = {
	readonly replication: number;
	/** Replication whose users a closed loop has. */
	readonly usersOf: number;
	/** The requests of an open loop; a closed loop has none. */
	readonly schedule: RequestBlocks | undefined;
	/** Nodes that are there when the run begins, where a node autoscaler makes them; their indices are their places here. */
	readonly nodes?: readonly NodeSight[];
	/** Pods that are Ready when the run begins. */
	readonly initial: readonly {readonly name: string; readonly node: number}[];
	readonly listener: HostListener;
};

/** How long before time 0 a hosted run begins [s]. */
export const hostedPreRoll = preRollOf;

/**
 * Load, service and metrics of a run whose Deployment, scheduler and autoscaler are elsewhere: the host sets the clock and
 * tells what becomes of the pods.
 */
export class HostedRun {
	readonly #run: Run;
	readonly #metrics: MetricSource;
	readonly #served: HostedMetrics;
	readonly #pods: HostedPods;
	readonly #nodes: HostedNodes | undefined;
	readonly #traffic: Traffic;
	readonly #names: readonly string[];
	readonly #tenants: readonly string[];

	constructor(experiment: Experiment, options: HostedOptions) {
		const {replication, usersOf, schedule, initial, listener} = options;
		const simulation = new Simulation(-preRollOf(experiment));
		this.#served = new HostedMetrics(experiment);
		const nodes = nodesOf(experiment);
		const run: Run = {
			...{simulation, experiment, replication, nodes},
			...{clocks: undefined, replicationOf: undefined},
			requests: new RequestPool(),
			recorder: this.#served.recorder,
		};
		this.#run = run;
		this.#tenants = experiment.workload.tenants.map(({name}) => name);
		const controller = new HostedDeployment(run, initial.length);
		this.#names = controller.podNames;
		const use = new PodUse(run);
		const serving = this.#servingOf(controller, use);
		this.#metrics = metricSource(run, {controller, use});
		this.#traffic = new Traffic(run, {
			...{usersOf, serving, serviceTimeOf: undefined, podOf: undefined, observer: undefined},
			statistics: statisticsOf(experiment, this.#tenants),
			log: this.#sink(listener),
		});
		const podListener = this.#podListener(listener);
		const readiness = new PodReadiness(run, {
			pods: controller.podByOrdinal,
			listener: podListener,
			changed: () => undefined,
		});
		this.#pods = new HostedPods(run, {
			...{controller, nodes, serving, use, readiness},
			listener: podListener,
			bound: ({name, scheduledAt}, {started, ready}) =>
				listener.bound(name, {started: scheduledAt + started, ready: scheduledAt + ready}),
			drained: ({name}) => listener.drained(name),
		});
		this.#nodes = nodes instanceof ElasticNodes ? new HostedNodes(run, experiment.nodeAutoscaler!, nodes) : undefined;
		for (const node of options.nodes ?? []) {
			this.#nodes?.addReady(node);
		}

		for (const {name, node} of initial) {
			this.#pods.addReady(name, node);
		}

		this.#traffic.start(schedule);
	}

	/** Time of the run [s from time 0]. */
	get now(): number {
		return this.#run.simulation.now;
	}

	/** Changes whenever `metrics` does. */
	get metricsVersion(): number {
		return this.#served.version;
	}

	/** Sets the clock, to no time before now: everything up to it happens. */
	advance(to: number): void {
		this.#run.simulation.run(to);
	}

	/** The cluster showed a pod. */
	see(name: string, sight: PodSight): void {
		this.#pods.see(name, sight);
	}

	/**
	 * A node autoscaler ordered a node.
	 *
	 * @returns index of the node, and when it is to be launched and Ready
	 */
	addNode(sight: NodeSight): NodeTimes & {readonly index: number} {
		return this.#nodes!.add(sight);
	}

	/** A node is there no more. */
	removeNode(index: number): void {
		this.#nodes!.remove(index);
	}

	/** The Service sends requests to these pods. */
	setEndpoints(names: readonly string[]): void {
		this.#pods.setEndpoints(names);
	}

	/** A pod is there no more. */
	gone(name: string): void {
		this.#pods.gone(name);
	}

	/** Metrics that the pipeline serves now. */
	metrics(): ServedPod[] {
		return this.#served.read(this.#metrics);
	}

	/** Reports the requests that are still under way when the run is over. */
	finish(): void {
		this.#traffic.finish();
	}

	#servingOf(controller: HostedDeployment, use: PodUse): PodServing {
		const {waiting} = this.#run.experiment.deployment;
		return servingOf(this.#run, {
			use,
			pods: controller.podByOrdinal,
			listener: {
				completed: request => this.#traffic.completed(request),
				failed: request => this.#traffic.failed(request),
				drained: pod => this.#pods.served(pod),
				modelWanted: pod => this.#pods.loadModel(pod),
				...(waiting !== undefined && {freed: () => this.#traffic.roomMade()}),
			},
		});
	}

	#podListener(listener: HostListener): PodListener {
		const metrics = this.#metrics;
		return {
			event({name}: Pod, event, at) {
				if (event === 'modelLoaded') {
					listener.modelLoaded(name, at);
				}
			},
			containerStarted: (pod, container) => metrics.containerStarted(pod, container),
			containerStopped: (pod, container) => metrics.containerStopped(pod, container),
			endpointAdded: pod => {
				this.#traffic.endpoints.add(pod);
				metrics.podReady?.(pod);
				this.#traffic.roomMade();
			},
			endpointRemoved: pod => this.#traffic.endpoints.remove(pod),
			gone: pod => {
				metrics.gone(pod);
				this.#served.gone(pod.name);
			},
		};
	}

	#sink({request: report}: HostListener): RequestSink {
		return {
			add: (requests, request, ended, outcome) =>
				report({
					serial: requests.serial[request]!,
					scheduled: requests.arrivedAt[request]!,
					started: requests.startedAt[request]!,
					firstToken: requests.firstTokenAt[request]!,
					ended,
					tenant: this.#tenants[requests.tenant[request]!]!,
					conversation: requests.conversation[request]!,
					pod: this.#names[requests.pod[request]!] ?? '',
					promptTokens: requests.promptTokens[request]!,
					outputTokens: requests.outputTokens[request]!,
					outcome,
				}),
		};
	}
}

/** Nodes as the cluster has them: a fixed number, or ones that come and go. */
function nodesOf({nodeAutoscaler, deployment}: Experiment): FixedNodes | ElasticNodes {
	return nodeAutoscaler === undefined ? new FixedNodes(deployment) : new ElasticNodes(nodeAutoscaler, deployment);
}

function statisticsOf({warmup, duration, slo, deployment}: Experiment, tenants: readonly string[]): RequestStatistics {
	return new RequestStatistics({
		tenants: [...tenants],
		warmup,
		duration,
		slo,
		isStreamed: deployment.service.kind === 'engine',
	});
}
