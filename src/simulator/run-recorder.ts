import type {Decision} from '../autoscaler/reconcile.ts';
import type {Experiment} from '../experiment/experiment.ts';
import {HeldReplicas} from '../records/held-replicas.ts';
import type {DecisionTable, PodEvent, PodTable, SampleTable} from '../records/record.ts';
import type {Recorder, SamplePoint} from './recorder.ts';

type SampleRow = SamplePoint & {seconds: number; pod: string; container: string};

/** Follows a run: always the replica timeline, and with `isKept` the tables of a record. */
export class RunRecorder implements Recorder {
	readonly timeline: [number, number][];
	readonly held: HeldReplicas;
	readonly #isKept: boolean;
	readonly #now: () => number;
	readonly #containers: readonly string[];
	readonly #samples: SampleRow[] = [];
	readonly #podEvents: {pod: string; event: PodEvent; seconds: number}[] = [];
	readonly #decisions: {seconds: number; currentReplicas: number; decision: Decision}[] = [];

	constructor(options: {experiment: Experiment; isKept: boolean; now: () => number; replicas: number}) {
		const {autoscaler, deployment, warmup} = options.experiment;
		this.#isKept = options.isKept;
		this.#now = options.now;
		this.#containers = deployment.containers.map(({name}) => name);
		this.timeline = [[0, options.replicas]];
		const minReplicas = autoscaler === 'none' ? 0 : autoscaler.minReplicas;
		this.held = new HeldReplicas({minReplicas, from: warmup});
	}

	sample(pod: string, container: number, point: SamplePoint): void {
		if (this.#isKept) {
			this.#samples.push({...point, seconds: this.#now(), pod, container: this.#containers[container]!});
		}
	}

	sampleLost(pod: string, container: number): void {
		this.sample(pod, container, {
			nanocores: Number.NaN,
			memory: Number.NaN,
			sampledSeconds: Number.NaN,
			windowSeconds: Number.NaN,
		});
	}

	decision(now: number, currentReplicas: number, decision: Decision): void {
		const proposals = decision.metrics.flatMap(({proposal}) => proposal ?? []);
		this.held.decision(now, decision.desiredReplicas, proposals);
		if (this.#isKept) {
			this.#decisions.push({seconds: now, currentReplicas, decision});
		}
	}

	replicas(now: number, replicas: number): void {
		this.timeline.push([now, replicas]);
	}

	podEvent(pod: string, event: PodEvent, now: number): void {
		if (this.#isKept) {
			this.#podEvents.push({pod, event, seconds: now});
		}
	}

	tables(): {pods: PodTable; decisions: DecisionTable; samples: SampleTable} {
		const events = this.#podEvents;
		const decisions = this.#decisions;
		const samples = this.#samples;
		return {
			pods: {
				pod: events.map(({pod}) => pod),
				event: events.map(({event}) => event),
				seconds: Float64Array.from(events, ({seconds}) => seconds),
			},
			decisions: {
				seconds: Float64Array.from(decisions, ({seconds}) => seconds),
				currentReplicas: Int32Array.from(decisions, ({currentReplicas}) => currentReplicas),
				desiredReplicas: Int32Array.from(decisions, ({decision}) => decision.desiredReplicas),
				proposals: decisions.map(({decision}) => JSON.stringify(decision.metrics)),
				reasons: decisions.map(({decision}) =>
					JSON.stringify(decision.error === undefined ? decision.reasons : [...decision.reasons, decision.error]),
				),
			},
			samples: {
				seconds: Float64Array.from(samples, ({seconds}) => seconds),
				pod: samples.map(({pod}) => pod),
				container: samples.map(({container}) => container),
				cpuCores: Float64Array.from(samples, ({nanocores}) => nanocores / 1e9),
				memoryBytes: Float64Array.from(samples, ({memory}) => memory),
				sampledSeconds: Float64Array.from(samples, ({sampledSeconds}) => sampledSeconds),
				windowSeconds: Float64Array.from(samples, ({windowSeconds}) => windowSeconds),
			},
		};
	}
}
