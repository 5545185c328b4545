import type {HpaStatus} from '../../autoscaler/live-answer.ts';
import type {PodView} from '../../autoscaler/reconcile.ts';
import type {MeasuredMachine, Probe} from '../../records/machine.ts';
import type {Outcome} from '../../records/record.ts';

/**
 * Observations of a replay, one line of the journal each. `at` is the time of the observation, in seconds since 1970,
 * as are the other times, except the scheduled ones.
 */

export type JournalEntry =
	| StartEntry
	| EndEntry
	| SentEntry
	| EndedEntry
	| PodEntry
	| GoneEntry
	| ModelEntry
	| EndpointsEntry
	| ScaleEntry
	| HpaEntry
	| EventEntry
	| SampleEntry
	| SampleLostEntry
	| DecisionEntry
	| CpuEntry
	| NodeEntry
	| PressureEntry
	| MachineEntry
	| ProbeEntry
	| BackendEntry
	| FaultEntry
	| ExternalEntry
	| ScaledObjectEntry
	| NodeClaimEntry
	| PoolNodeEntry
	| PoolNodeGoneEntry
	| NodeLaunchEntry
	| GapEntry;

/** The schedule begins: time 0 of the record. */
type StartEntry = {type: 'start'; at: number};
type EndEntry = {type: 'end'; at: number; why: 'done' | 'interrupted'};

export type SentEntry = {
	type: 'sent';
	at: number;
	id: number;
	/** [s] from the start */
	scheduled: number;
	tenant: string;
	conversation: number;
	promptTokens: number;
	outputTokens: number;
	/** Delay of an emulated request, which was due at `at`, behind the clock [s]. */
	lag?: number;
};

/** The last word of a request. What the pod said of it is absent when it said nothing. */
export type EndedEntry = {
	type: 'ended';
	at: number;
	id: number;
	outcome: Outcome;
	firstToken?: number;
	status?: number;
	error?: string;
	reply?: ChatReplyNotes;
	/** Service of an emulated request; its start is absent when it never began. */
	served?: {pod: string; started?: number};
};

/** Parts of a reply of the backend that are kept: everything but the text. */
export type ChatReplyNotes = {
	pod: string;
	historyTurns: number;
	promptTokens?: number;
	outputTokens?: number;
	doneReason: string;
	timings: {
		receivedAt: number;
		waitingSeconds: number;
		queuedSeconds: number;
		loadSeconds: number;
		promptEvalSeconds: number;
		evalSeconds: number;
		ollamaSeconds: number;
		firstTokenSeconds?: number;
		backendSeconds: number;
		loopbackSeconds: number;
	};
};

export type ContainerState = {
	name: string;
	/** Id of the container runtime; empty before it runs. */
	id: string;
	restarts: number;
	isRunning: boolean;
	/** Reason of the end of the run before, such as `OOMKilled`. */
	lastEnd?: string;
};

export type PodEntry = {
	type: 'pod';
	at: number;
	view: PodView;
	isScheduled: boolean;
	/** Node that it is bound to; absent before. */
	node?: string;
	containers: ContainerState[];
};
type GoneEntry = {type: 'gone'; at: number; pod: string};
/** `at`: when the backend found the model loaded. */
type ModelEntry = {type: 'model'; at: number; pod: string};
type EndpointsEntry = {type: 'endpoints'; at: number; ready: string[]};
export type ScaleEntry = {type: 'scale'; at: number; specReplicas: number; statusReplicas: number};
export type HpaEntry = {type: 'hpa'; at: number; status: HpaStatus};

type EventEntry = {type: 'event'; at: number; object: string; reason: string; message: string; count: number};

export type SampleEntry = {
	type: 'sample';
	at: number;
	pod: string;
	timestamp: number;
	/** [s] */
	window: number;
	/** [cores] and [bytes] */
	containers: {name: string; cpu: number; memory: number}[];
};

/** The metrics API serves a pod no more. */
type SampleLostEntry = {type: 'sampleLost'; at: number; pod: string};

/** Line of the controller's log: a proposal, a decision or a failure. */
export type DecisionEntry = {
	type: 'decision';
	at: number;
	step: 'proposed' | 'kept' | 'rescaled' | 'failed';
	desiredReplicas?: number;
	currentReplicas?: number;
	metric?: string;
	/** Timestamp of the samples that were used. */
	timestamp?: number;
	words?: string;
};

/** Counters of a container's cgroup since it started. */
export type CpuEntry = {
	type: 'cpu';
	at: number;
	pod: string;
	container: string;
	id: string;
	periods: number;
	throttledPeriods: number;
	throttledSeconds: number;
	usageSeconds: number;
};

/** Ticks of all cores of a node's machine since it booted. */
export type NodeEntry = {type: 'node'; at: number; node: string; busy: number; steal: number; total: number};

/** Time since boot in which some task waited for a resource [s]. */
export type PressureEntry = {
	type: 'pressure';
	at: number;
	node: string;
	resource: 'cpu' | 'memory' | 'io';
	stalled: number;
};

type MachineEntry = {type: 'machine'; at: number; machine: MeasuredMachine};
/** `at`: begin of the probe. */
type ProbeEntry = {type: 'probe'; at: number; probe: Omit<Probe, 'seconds'>};

export type BackendEntry = {
	type: 'backend';
	at: number;
	pod: string;
	tenant: string;
	inFlight: number;
	queueLength: number;
};

type FaultEntry = {type: 'fault'; at: number; kind: string; index: number; hit: string[]};

/** Value that external.metrics.k8s.io serves of a metric, in its own unit; absent where it serves none. */
export type ExternalEntry = {type: 'external'; at: number; metric: string; value?: number};

/** Status that KEDA keeps of the ScaledObject: its condition Active, and when a trigger was last active. */
export type ScaledObjectEntry = {
	type: 'scaledObject';
	at: number;
	active: string;
	created?: number;
	lastActive?: number;
};

/** A claim of Karpenter: its node once it is launched, and why that is to go. */
export type NodeClaimEntry = {type: 'nodeClaim'; at: number; claim: string; node?: string; reason?: string};

/** A node of a pool of Karpenter. */
export type PoolNodeEntry = {
	type: 'poolNode';
	at: number;
	node: string;
	pool: string;
	instanceType: string;
	zone: string;
	/** `on-demand` or `spot`. */
	market: string;
	/** Its condition Ready is true. */
	isUp: boolean;
	/** It is up, and has none of the taints that keep pods away until it has joined. */
	isReady: boolean;
	/** Index of the taint that the replay takes off; absent without. */
	joining?: number;
};
export type PoolNodeGoneEntry = {type: 'poolNodeGone'; at: number; node: string};

/** Plan of an emulated node: `at` is when it is launched, from which on it is paid for. */
export type NodeLaunchEntry = {type: 'nodeLaunch'; at: number; node: string};

/** Gap in an observation [s]. */
type GapEntry = {type: 'gap'; at: number; what: string; seconds: number};
