import type {PodEvent} from '../records/record.ts';
import {StageClock} from '../records/stage-clock.ts';
import type {BatchingEngine} from './batching/batching-engine.ts';
import type {BusyStretch} from './cpu-slices.ts';
import {NumberRing} from './growing-columns.ts';
import type {TurnHistory} from './history.ts';
import type {ContainerMeter} from './metrics/container-meter.ts';

/** The kubelet's longest back-off [s]. */
const longest = 300;

/**
 * How long the kubelet waits before it starts a container again: not at all the first time, then twice as long each time,
 * and from the beginning again when the container had run for twice the longest wait.
 * @see kubernetes v1.34 client-go/util/flowcontrol/backoff.go
 */
export class CrashBackoff {
	#next = 0;
	#startedAt = Number.NEGATIVE_INFINITY;

	/**
	 * The container died now.
	 *
	 * @param first - the first wait that is not 0 [s]
	 * @returns the wait [s]
	 */
	after(now: number, first: number): number {
		const isForgotten = now - this.#startedAt > 2 * longest;
		const wait = isForgotten ? 0 : this.#next;
		this.#next = Math.min(longest, isForgotten ? first : 2 * this.#next);
		this.#startedAt = now + wait;
		return wait;
	}
}

/** The stages of a pod's life, in their order. A restarted LLM container leads back to `scheduled`. */
export type PodStage = 'pending' | 'scheduled' | 'started' | 'loaded' | 'ready' | 'terminating' | 'gone';

/** Called as pods come and go. */
export type PodListener = {
	readonly event: (pod: Pod, event: PodEvent, at: number) => void;
	/** All containers of the pod run from now on, or one of them again. */
	readonly containerStarted: (pod: Pod, container: number) => void;
	readonly containerStopped: (pod: Pod, container: number) => void;
	readonly endpointAdded: (pod: Pod) => void;
	readonly endpointRemoved: (pod: Pod) => void;
	/** The pod has left its node and its bill ends. */
	readonly gone: (pod: Pod) => void;
};

/** State of one pod: its stage of life, its requests, and its use. Times in seconds, NaN for never. */
export class Pod {
	readonly ordinal: number;
	readonly name: string;
	/** Generation of the Deployment's template that the pod was made from. */
	readonly revision: number;
	/** Random rank that breaks ties as the UID does in the ReplicaSet controller. */
	readonly tieBreak: number;

	stage: PodStage = 'pending';
	/** Makes lifecycle events of an earlier plan void. */
	stageStamp = 0;
	createdAt: number;
	scheduledAt = Number.NaN;
	startedAt = Number.NaN;
	readyAt = Number.NaN;
	terminatingAt = Number.NaN;
	isReady = false;
	/** Time of the Ready condition's last change. */
	readyChangedAt = Number.NaN;
	isEndpoint = false;
	/** Makes probes of an earlier start void. */
	probeStamp = 0;
	/** Probes in a row with the same outcome: negative where they failed. */
	probeStreak = 0;
	restarts = 0;
	/** Index of its node, −1 for none. */
	node = -1;

	/** The request in each parallel slot, −1 for none. */
	readonly slots: Int32Array;
	/** Client whose prompt each slot's cache holds, −1 for none. */
	readonly cachedClients: Float64Array;
	/** How many turns had been dropped of that client's conversation then. */
	readonly cachedDropped: Int32Array;
	runningCount = 0;
	readonly queue = new NumberRing();
	/** Requests in the queue whose client still waits. */
	waitingCount = 0;
	/** Kept part of each conversation, by client. */
	readonly history = new Map<number, TurnHistory>();
	/** TurnHistory of the request that runs in a slot, so that it is looked up once. */
	readonly slotHistories: TurnHistory[] = [];
	/** Engine that batches, once its model is loaded; undefined where requests have slots. */
	engine: BatchingEngine | undefined;
	isModelLoaded = false;
	isModelLoading = false;
	/** Makes completion events of an earlier plan void. */
	completionStamp = 0;
	/** Makes the end of an earlier load of the model void. */
	loadStamp = 0;
	/** Time at which its model is unloaded if no request comes before [s]; Infinity while it is busy. */
	unloadAt = Number.POSITIVE_INFINITY;
	/** An event that looks after that is pending. */
	isUnloadPlanned = false;
	/** Cores that the model's runner gets while it works. */
	speed = 0;
	/** Factor on the time that its work takes, by the pods that work beside it. */
	slowdown = 1;
	/** Requests that were completed since the model was loaded. */
	servedCount = 0;

	/** Time up to which the counters below are right. */
	accountedAt: number;
	llmCpuSeconds = 0;
	backendCpuSeconds = 0;
	/** Time in which a request ran [s]. */
	busySeconds = 0;
	/** End of the last request, or now while one runs [s]. */
	busyUntil = Number.NEGATIVE_INFINITY;
	/** Requests that follow each other without a pause, on the clock of the CPU quota since the pod started. */
	stretch: BusyStretch = {since: Number.NEGATIVE_INFINITY, left: 0};
	/** Work of the backend for requests that came, yet to be done [core-s]. */
	backendBacklog = 0;
	llmMemory = 0;
	backendMemory = 0;
	memoryByteSeconds = 0;
	/** Counters when the measured window began. */
	cpuSecondsBefore = 0;
	memoryByteSecondsBefore = 0;
	meters: ContainerMeter[] = [];
	readonly stages = new StageClock();
	backoffs: CrashBackoff[] = [];

	constructor(options: {
		ordinal: number;
		revision: number;
		tieBreak: number;
		parallel: number;
		now: number;
		/** Given where the pod is another's; made of revision and ordinal when left out. */
		name?: string;
	}) {
		this.ordinal = options.ordinal;
		this.name = options.name ?? `llm-${options.revision}-${options.ordinal}`;
		this.revision = options.revision;
		this.tieBreak = options.tieBreak;
		this.createdAt = options.now;
		this.accountedAt = options.now;
		this.slots = new Int32Array(options.parallel).fill(-1);
		this.cachedClients = new Float64Array(options.parallel).fill(-1);
		this.cachedDropped = new Int32Array(options.parallel);
	}

	/** Requests that wait or run. */
	get requestCount(): number {
		return this.waitingCount + this.runningCount;
	}

	get isTerminating(): boolean {
		return this.stage === 'terminating' || this.stage === 'gone';
	}
}
