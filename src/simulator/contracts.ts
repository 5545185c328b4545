import type {Decision, PodMetricsView} from '../autoscaler/reconcile.ts';
import type {PodEvent} from '../records/record.ts';
import type {Percentiles} from '../records/request-statistics.ts';
import type {Pod} from './pod.ts';

export type SamplePoint = {
	/** [1e-9 cores] */
	readonly nanocores: number;
	/** [bytes] */
	readonly memory: number;
	readonly sampledSeconds: number;
	readonly windowSeconds: number;
};

/** Recorder of the events of a run. One recorder keeps the tables of a record, another only the figures. */
export type Recorder = {
	readonly sample: (pod: string, container: number, point: SamplePoint) => void;
	readonly sampleLost: (pod: string, container: number) => void;
	readonly decision: (now: number, currentReplicas: number, decision: Decision) => void;
	readonly replicas: (now: number, replicas: number) => void;
	readonly podEvent: (pod: string, event: PodEvent, now: number) => void;
};

/** Phases of a run's clocks: a part that is left out is drawn at random. */
export type Clocks = {
	/** Time of the first scrape of the metrics from time 0 on [s]. */
	readonly scrape?: number | undefined;
	/** Time of the first reconcile of the autoscaler from time 0 on [s]. */
	readonly sync?: number | undefined;
	/** Time of Karpenter's first look for nodes to remove, after the start of the run [s]. */
	readonly disruption?: number | undefined;
};

/** Order of events at the same time: the lower fires first. */
export const EventPriority = {
	measure: 0,
	arrival: 1,
	completion: 2,
	timeout: 3,
	fault: 4,
	lifecycle: 5,
	housekeeping: 6,
	scrape: 7,
	sync: 8,
} as const;

/** Called when a pod is done with a request, or has nothing left to do. */
export type ServingListener = {
	readonly completed: (request: number) => void;
	readonly failed: (request: number) => void;
	readonly drained: (pod: Pod) => void;
	/** A request found the model unloaded: it is to be loaded. */
	readonly modelWanted: (pod: Pod) => void;
	/** A pod took a request. Left out where nobody counts them. */
	readonly accepted?: (pod: Pod, request: number) => void;
	/** A pod may take another request. Left out where nobody waits elsewhere. */
	readonly freed?: () => void;
};

/** Serving of requests in pods. */
export type PodServing = {
	/** Gives a request to a pod. @returns false when the pod refuses it (503) */
	accept(pod: Pod, request: number): boolean;
	/** The client left. The caller reports the outcome. */
	abandon(request: number): void;
	/** Fails all requests of the pod: its container or the pod itself is gone. */
	failAll(pod: Pod): void;
	/** State of the pod's model, and with it the pod's memory. */
	setModel(pod: Pod, state: 'unloaded' | 'loading' | 'loaded'): void;
	/** Follows a change of a node's capacity, or of what is on it. */
	reshare(node: number): void;
	/** The warm-up is over, and the pods are accounted for up to now. Left out where nothing is measured. */
	beginMeasuring?(): void;
	/** Times between the tokens of answers since then [s]. Left out where nobody knows each token's. */
	interTokenSeconds?(): Percentiles;
};

/** Source of the HPA's resource metrics. */
export type MetricSource = {
	readonly read: () => PodMetricsView[];
	readonly containerStarted: (pod: Pod, container: number) => void;
	readonly containerStopped: (pod: Pod, container: number) => void;
	/** The pod takes traffic from now on. */
	readonly podReady?: (pod: Pod) => void;
	readonly gone: (pod: Pod) => void;
	readonly startOutage: (duration: number) => void;
};
