import type {ControllerFlags, Release} from '../autoscaler/controller-flags.ts';
import type {HpaSpec} from '../autoscaler/hpa-spec.ts';
import type {KedaSpec} from '../autoscaler/keda/keda-spec.ts';
import type {MetricsModel, ServiceModel} from './cluster-models.ts';
import type {Container, NodeShape, Resources} from './container-schema.ts';
import type {CustomMetrics} from './custom-metrics/custom-metrics.ts';
import type {Distribution} from './distribution-schema.ts';
import type {FaultPlan} from './faults/fault-plan.ts';
import type {NodeAutoscaler} from './nodes/node-autoscaler.ts';
import type {ExperimentOrigin} from './origin/experiment-origin.ts';
import type {RecordedReplicas} from './recordings/recorded-replicas.ts';
import type {AtZero} from './serving/at-zero-schema.ts';
import type {RequestDistributions} from './serving/request-distributions.ts';
import type {StartupModel} from './serving/startup-model.ts';
import type {TraceArrivals} from './serving/trace-arrivals.ts';
import type {Retries, Waiting} from './serving/waiting-schema.ts';

export type {MemoryModel, MetricsModel, ServiceModel} from './cluster-models.ts';
export type {Container, Resources} from './container-schema.ts';
export type {CustomMetrics} from './custom-metrics/custom-metrics.ts';
export type {Distribution} from './distribution-schema.ts';
export type {FaultPlan} from './faults/fault-plan.ts';
export type {ExperimentOrigin, PinnedFile} from './origin/experiment-origin.ts';
export type {AtZero} from './serving/at-zero-schema.ts';
export type {StartupModel} from './serving/startup-model.ts';
export type {TraceArrivals} from './serving/trace-arrivals.ts';
export type {Retries, Waiting} from './serving/waiting-schema.ts';

/** A point of an arrival-rate curve: from `at` [s] on, `perSecond` [requests/s]. */
export type RatePoint = {readonly at: number; readonly perSecond: number};

/** Arrivals drawn from a process whose rate follows a curve; 0 before the first point, the last point holds to the end. */
export type RenewalArrivals = {
	readonly process: 'poisson' | 'gamma' | 'deterministic';
	/** Coefficient of variation of the interarrival times in operational time; 1 for poisson, 0 for deterministic. */
	readonly cv: number;
	readonly interpolation: 'step' | 'linear';
	readonly rate: readonly RatePoint[];
	/** Factor of the file, which `rate` has in it already; left out where it gives none. */
	readonly rateScale?: number;
};

export type Arrivals = RenewalArrivals | TraceArrivals;

export type Tenant = {
	readonly name: string;
	/** Weight of the tenant among the common arrivals (or users). */
	readonly share: number;
	/** Conversations that its requests are spread over, at least 1. */
	readonly conversations: number;
	/** The lower comes first, where an engine goes by it; 0 when left out. */
	readonly priority?: number;
	/** Requests of this tenant alone, on top of its share of the common arrivals: a noisy neighbour. */
	readonly arrivals?: RenewalArrivals;
};

/** A point of a curve of users: from `at` [s] on, `count` of them. */
type UserPoint = {readonly at: number; readonly count: number};

/** Users who come and go: none before the first point, the last point holds to the end. */
export type UserCurve = {readonly interpolation: 'step' | 'linear'; readonly points: readonly UserPoint[]};

export type Users = {
	/** Users at a time, the most of them where they come and go. */
	readonly count: number;
	readonly thinkTime: Distribution;
	/** Left out: all are there from the beginning to the end. */
	readonly curve?: UserCurve;
};

export type Workload = {
	/** A request that brings its own work has no tokens, whatever their distributions. */
	readonly requests: RequestDistributions;
	readonly tenants: readonly Tenant[];
	readonly connections: 'per-request' | 'keep-alive';
	/** A client gives up this long after it wanted to send [s]. */
	readonly timeout: number;
	/** How long a client waits until its request begins to be served [s]; up to its timeout when left out. */
	readonly patience?: Distribution;
	/** Further attempts of a request that was refused; none when left out. */
	readonly retries?: Retries;
	/** Load that a real run may have: its rate within ± this part. No part of the hash. */
	readonly uncertainty?: {readonly rate: number};
} & ({readonly loop: 'open'; readonly arrivals: Arrivals} | {readonly loop: 'closed'; readonly users: Users});

/** A number of pods, or a fraction of the wanted one. */
export type PodShare = {readonly absolute: number} | {readonly fraction: number};

export type Deployment = {
	/** Pods when there is no autoscaler. */
	readonly replicas?: number;
	/** Native sidecars among them, last. */
	readonly containers: readonly Container[];
	/** Most that the init containers request at a time. */
	readonly initRequests?: Resources;
	/**
	 * Assumptions where the experiment gives no value and the result depends on it, a sentence each. No part of the hash.
	 */
	readonly assumed?: readonly string[];
	/** Parts of the manifest that the simulator ignores. No part of the hash. */
	readonly ignored?: readonly string[];
	readonly llm: {
		readonly model: string;
		/** Name of the container that runs the model. */
		readonly container: string;
		/** Property that identified it among the others; left out where no other is possible. No part of the hash. */
		readonly containerFrom?: 'image' | 'gpu' | 'cpu' | 'memory';
		/** Requests served at a time (OLLAMA_NUM_PARALLEL). */
		readonly parallel: number;
		/** Compute threads of the runner. */
		readonly threads: number;
		/** Source of `threads`; left out where the file gives it. No part of the hash: `threads` is. */
		readonly threadsFrom?: 'limit' | 'nodes' | 'time';
		/** Idle time after which the model is unloaded [s]; Infinity for never. */
		readonly keepAlive: number;
		/** [tokens] */
		readonly contextLength: number;
		/** Turns of a conversation that its pod keeps and sends again. */
		readonly history: number;
		/** Requests that wait while the model loads; one more gets 503 (OLLAMA_MAX_QUEUE). */
		readonly maxQueue: number;
	};
	readonly readiness: {
		readonly periodSeconds: number;
		/** Left out: a probe fails only when a container is down. */
		readonly overload?: {
			/** A probe fails while more requests wait in the pod. */
			readonly mostWaiting: number;
			/** Probes in a row that make the pod unready, and ready again. */
			readonly failureThreshold: number;
			readonly successThreshold: number;
		};
	};
	/** [s] */
	readonly terminationGrace: number;
	/** Pods above (rounded up) and below (rounded down) the wanted number while a rollout lasts. */
	readonly rollout: {readonly maxSurge: PodShare; readonly maxUnavailable: PodShare};
	readonly nodes?: NodeShape;
	readonly service: ServiceModel;
	readonly startup: StartupModel;
	readonly balancing: 'random' | 'round-robin' | 'least-requests';
	/** Left out: in the pod, without bound. */
	readonly waiting?: Waiting;
	/** Left out: requests that find no pod are refused. */
	readonly atZero?: AtZero;
};

/** Prices of pods. Durations in seconds, prices in the book's own currency, a code of ISO 4217. */
export type PriceBook = {readonly name: string; readonly currency: string} & (
	| {
			readonly kind: 'per-pod';
			readonly perPodHour: number;
			/** Requests of the pod that the price is for: [cores], [bytes]. */
			readonly pod?: {readonly cpu: number; readonly memory: number};
	  }
	| {
			readonly kind: 'per-resource';
			readonly perCoreHour: number;
			readonly perGibibyteHour: number;
			/** Left out: GPUs are not priced. */
			readonly perGpuHour?: number;
			/** Requests are rounded up to a multiple of these and to at least the minimum. */
			readonly increments: {readonly cpu: number; readonly memory: number};
			readonly minimum: {readonly cpu: number; readonly memory: number};
			/** Shortest billed time of a pod [s]. */
			readonly minimumSeconds: number;
	  }
	| NodePrices
	| InstancePrices
);

/** Prices of the nodes that a node autoscaler makes, each by its own type. */
export type InstancePrices = {
	readonly kind: 'instances';
	/** Weights by which a node's price is divided among its cores, its gibibytes and its GPUs. */
	readonly split: NodePrices['split'];
};

/** Nodes that come when a pod finds no room and go when they have long been empty. */
export type NodePrices = {
	readonly name: string;
	readonly kind: 'nodes';
	readonly perNodeHour: number;
	/** A whole node: [cores], [bytes]. */
	readonly capacity: {readonly cpu: number; readonly memory: number};
	/** Resources left for pods: [cores], [bytes], whole GPUs. */
	readonly allocatable: {readonly cpu: number; readonly memory: number; readonly gpu?: number};
	readonly mostPods: number;
	/** Nodes that are kept without a pod. */
	readonly leastNodes: number;
	/** Billed before the first pod is on the node [s]. */
	readonly startSeconds: number;
	/** Billed after the last pod has left [s]. */
	readonly removalSeconds: number;
	/** Weights by which the node's price is divided among its cores, its gibibytes and its GPUs. */
	readonly split: {readonly perCoreHour: number; readonly perGibibyteHour: number; readonly perGpuHour?: number};
};

/** Electrical power of the share of a machine that a pod occupies. */
export type EnergyModel = {
	readonly name: string;
	/** Power of an idle core [W]. */
	readonly idleWattsPerCore: number;
	/** Power of a core at full use [W]. */
	readonly fullWattsPerCore: number;
	/** Power of memory above `memoryBaselineBytesPerCore` [W/GB]. */
	readonly wattsPerGigabyte: number;
	readonly memoryBaselineBytesPerCore: number;
	/** Power of each GPU of a pod, idle and while steps run [W]; left out where the service says none. */
	readonly gpuPower?: {readonly idle: number; readonly busy: number};
	/** Power usage effectiveness, at least 1. */
	readonly pue: number;
	/** [g CO2e/kWh] */
	readonly gridGramsPerKilowattHour: number;
	/** Price of electricity [$/kWh]; left out: none is reckoned. */
	readonly dollarsPerKilowattHour?: number;
	/** Manufacture, shared out by reserved cores and time; left out: it does not count. */
	readonly embodied?: {
		/** Embodied emissions of one server [kg CO2e]. */
		readonly serverKilograms: number;
		readonly serverCores: number;
		readonly lifespanHours: number;
	};
};

export type Slo = {
	/** Latency bounds [s]. */
	readonly p50?: number;
	readonly p95?: number;
	readonly p99?: number;
	/** Bound on the time to first token [s]. */
	readonly ttft?: number;
	/** Bound on the time per output token after the first, of a request [s]. */
	readonly tpot?: number;
	/** Fraction of requests. */
	readonly availability?: number;
};

/** A tolerance of the comparison: absolute in the figure's own unit, or a fraction of the measured value. */
export type Tolerance = {readonly absolute: number} | {readonly fraction: number};

/** An experiment with every default filled in and every reference read: seconds, cores, bytes, dollars. */
export type Experiment = {
	readonly name: string;
	readonly description: string;
	readonly profile?: string;
	/** Hex digest of the resolved experiment; equal experiments have equal hashes wherever their files stand. */
	readonly hash: string;
	readonly seed: number;
	readonly replications: number;
	/** [s] */
	readonly duration: number;
	/** Left out of the statistics [s]. */
	readonly warmup: number;
	readonly workload: Workload;
	readonly deployment: Deployment;
	/** HPA; the one that KEDA makes where a ScaledObject is given. */
	readonly autoscaler: HpaSpec | 'none';
	/** KEDA in front of that HPA; left out where there is none. */
	readonly keda?: KedaSpec;
	/** Karpenter or the Cluster Autoscaler; left out where pods never wait for a node. */
	readonly nodeAutoscaler?: NodeAutoscaler;
	/** Date at time 0 [s since 1970]; left out where nothing asks for it. */
	readonly startsAt?: number;
	/** Whose autoscaler it is; left out where the file does not say. */
	readonly kubernetes?: Release;
	/** Flags of kube-controller-manager that the file gives, and the time of the controller's first look at the autoscaler from time 0 on [s]. */
	readonly controller?: ControllerFlags & {readonly syncPhase?: number};
	readonly metrics: MetricsModel | 'ideal';
	/** Metrics beyond CPU and memory; left out where the autoscaler asks for none. */
	readonly customMetrics?: CustomMetrics;
	readonly fixed?: {readonly replicas: number};
	readonly prices: PriceBook;
	readonly energy: EnergyModel;
	readonly slo: Slo;
	readonly accept: Readonly<Record<string, Tolerance>>;
	readonly faults: readonly FaultPlan[];
	/** Replicas that were recorded under this load, beside which the forecast is shown. No part of the hash. */
	readonly recorded?: RecordedReplicas;
	/** Left out of one that was not read from a file. No part of the hash. */
	readonly origin?: ExperimentOrigin;
};

type Titled = {readonly name: string; readonly profile?: string | undefined};

/** Name of an experiment for people, with its profile: `ramp (bench)`. */
export const experimentTitle = ({name, profile}: Titled) => (profile === undefined ? name : `${name} (${profile})`);

/** Name of an experiment's folder: `ramp-bench`. */
export const experimentFolder = ({name, profile}: Titled) => (profile === undefined ? name : `${name}-${profile}`);
