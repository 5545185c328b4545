import type {HpaStatus} from '../../autoscaler/live-answer.ts';

/*
 * The parts of the API's answers that are read, as they stand in its JSON. Everything may be absent that Kubernetes
 * leaves out when it is empty.
 */

export type Quantities = Readonly<Record<string, string>>;

/** Fields of an object that one manager wrote, and the time. */
type ManagedFields = {
	readonly manager?: string;
	readonly subresource?: string;
	readonly time?: string;
	readonly fieldsV1?: Readonly<Record<string, unknown>>;
};

export type LiveMetadata = {
	readonly name: string;
	readonly deletionTimestamp?: string;
	readonly managedFields?: readonly ManagedFields[];
};
type Selector = {readonly matchLabels?: Readonly<Record<string, string>>};
type Metric = {readonly name: string; readonly selector?: Selector};
export type ObjectReference = {readonly apiVersion?: string; readonly kind: string; readonly name: string};

export type LiveMetricSpec = {
	readonly type: string;
	readonly pods?: {readonly metric: Metric};
	readonly object?: {readonly metric: Metric; readonly describedObject: ObjectReference};
	readonly external?: {readonly metric: Metric};
};

export type LiveHpa = {
	readonly metadata: LiveMetadata;
	readonly spec: {readonly scaleTargetRef: ObjectReference; readonly metrics?: readonly LiveMetricSpec[]};
	readonly status?: HpaStatus;
};

export type LiveScale = {
	readonly spec?: {readonly replicas?: number};
	readonly status?: {readonly replicas?: number; readonly selector?: string};
};

type Container = {
	readonly name: string;
	readonly restartPolicy?: string;
	readonly resources?: {readonly requests?: Quantities};
};

export type LivePod = {
	readonly metadata: LiveMetadata;
	readonly spec: {
		readonly nodeName?: string;
		readonly containers: readonly Container[];
		readonly initContainers?: readonly Container[];
		readonly resources?: {readonly requests?: Quantities};
	};
	readonly status: {
		readonly phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown';
		readonly startTime?: string;
		readonly conditions?: readonly {
			readonly type: string;
			readonly status: 'True' | 'False' | 'Unknown';
			readonly lastTransitionTime?: string;
		}[];
	};
};

export type LivePodMetrics = {
	readonly metadata: LiveMetadata;
	readonly timestamp: string;
	readonly window: string;
	readonly containers: readonly {readonly name: string; readonly usage: Quantities}[];
};

/** An item of custom.metrics.k8s.io. */
export type LiveCustomMetric = {
	readonly describedObject: ObjectReference;
	readonly timestamp: string;
	readonly windowSeconds?: number;
	readonly value: string;
};

export type List<Item> = {readonly items: readonly Item[]};
