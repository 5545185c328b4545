import type {Decision} from '../autoscaler/reconcile.ts';
import type {PodEvent} from '../records/record.ts';

export type SamplePoint = {
	/** [1e-9 cores] */
	readonly nanocores: number;
	/** [bytes] */
	readonly memory: number;
	readonly sampledSeconds: number;
	readonly windowSeconds: number;
};

export type RequestEnd = {
	readonly serial: number;
	readonly arrivedAt: number;
	readonly startedAt: number;
	readonly firstTokenAt: number;
	readonly endedAt: number;
	readonly tenant: number;
	readonly conversation: number;
	readonly pod: string;
	readonly promptTokens: number;
	readonly outputTokens: number;
};

/** What happens in a run, as it happens. One recorder keeps the tables of a record, another only what figures need. */
export type Recorder = {
	readonly sample: (pod: string, container: number, point: SamplePoint) => void;
	readonly sampleLost: (pod: string, container: number) => void;
	readonly decision: (now: number, currentReplicas: number, decision: Decision) => void;
	readonly replicas: (now: number, replicas: number) => void;
	readonly podEvent: (pod: string, event: PodEvent, now: number) => void;
};
