import type {Decision} from '../autoscaler/reconcile.ts';
import type {Experiment} from '../experiment/experiment.ts';
import {ControlCounter} from '../records/control-counts.ts';
import {HeldReplicas} from '../records/held-replicas.ts';
import type {DecisionTable, PodEvent, PodTable, SampleTable} from '../records/record.ts';
import {longestTables} from '../records/table-limits.ts';
import type {Recorder, SamplePoint} from './contracts.ts';

/** The columns of a table as they grow. */
type Columns<Table> = {[Name in keyof Table]: Table[Name] extends string[] ? string[] : number[]};

/**
 * Follows a run: always the replica timeline, and with `isKept` the tables of a record. A table that grows too long is
 * forgotten.
 */
export class RunRecorder implements Recorder {
	readonly timeline: [number, number][];
	readonly held: HeldReplicas;
	readonly control: ControlCounter;
	readonly #isKept: boolean;
	readonly #now: () => number;
	readonly #containers: readonly string[];
	readonly #samples: Columns<SampleTable> = {
		seconds: [],
		pod: [],
		container: [],
		cpuCores: [],
		memoryBytes: [],
		sampledSeconds: [],
		windowSeconds: [],
	};
	readonly #podEvents: {pod: string; event: PodEvent; seconds: number}[] = [];
	readonly #decisions: Columns<DecisionTable> = {
		seconds: [],
		currentReplicas: [],
		desiredReplicas: [],
		proposals: [],
		reasons: [],
	};
	readonly #omitted = new Set<'decisions' | 'samples'>();

	constructor(options: {experiment: Experiment; isKept: boolean; now: () => number; replicas: number}) {
		const {autoscaler, deployment, warmup} = options.experiment;
		this.#isKept = options.isKept;
		this.#now = options.now;
		this.#containers = deployment.containers.map(({name}) => name);
		this.timeline = [[0, options.replicas]];
		const minReplicas = autoscaler === 'none' ? 0 : autoscaler.minReplicas;
		this.held = new HeldReplicas({minReplicas, from: warmup});
		this.control = new ControlCounter({maxReplicas: autoscaler === 'none' ? 0 : autoscaler.maxReplicas});
	}

	sample(pod: string, container: number, point: SamplePoint): void {
		if (this.#keeps('samples', this.#samples)) {
			const samples = this.#samples;
			samples.seconds.push(this.#now());
			samples.pod.push(pod);
			samples.container.push(this.#containers[container]!);
			samples.cpuCores.push(point.nanocores / 1e9);
			samples.memoryBytes.push(point.memory);
			samples.sampledSeconds.push(point.sampledSeconds);
			samples.windowSeconds.push(point.windowSeconds);
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
		this.control.decision(currentReplicas, decision);
		if (this.#keeps('decisions', this.#decisions)) {
			const {metrics, desiredReplicas, reasons, error} = decision;
			this.#decisions.seconds.push(now);
			this.#decisions.currentReplicas.push(currentReplicas);
			this.#decisions.desiredReplicas.push(desiredReplicas);
			this.#decisions.proposals.push(JSON.stringify(metrics));
			this.#decisions.reasons.push(JSON.stringify(error === undefined ? reasons : [...reasons, error]));
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

	/** Tables that grew too long: they have no rows. */
	get omitted(): ('decisions' | 'samples')[] {
		return [...this.#omitted];
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
				...decisions,
				seconds: Float64Array.from(decisions.seconds),
				currentReplicas: Int32Array.from(decisions.currentReplicas),
				desiredReplicas: Int32Array.from(decisions.desiredReplicas),
			},
			samples: {
				...samples,
				seconds: Float64Array.from(samples.seconds),
				cpuCores: Float64Array.from(samples.cpuCores),
				memoryBytes: Float64Array.from(samples.memoryBytes),
				sampledSeconds: Float64Array.from(samples.sampledSeconds),
				windowSeconds: Float64Array.from(samples.windowSeconds),
			},
		};
	}

	/** Whether a table takes one more row. The first that is too many empties it, and none is taken any more. */
	#keeps(name: 'decisions' | 'samples', columns: Readonly<Record<string, unknown[]>>): boolean {
		if (!this.#isKept || this.#omitted.has(name)) {
			return false;
		}

		if (columns['seconds']!.length < longestTables[name]) {
			return true;
		}

		this.#omitted.add(name);
		for (const column of Object.values(columns)) {
			column.length = 0;
		}

		return false;
	}
}
