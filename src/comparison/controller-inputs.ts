import type {HpaSpec} from '../autoscaler/hpa-spec.ts';
import {
	type ControllerConfig,
	controllerConfig,
	type PodMetricsView,
	type PodView,
	type ReconcileInput,
} from '../autoscaler/reconcile.ts';
import type {Experiment} from '../experiment/experiment.ts';
import type {Recording} from '../records/record.ts';
import {containerViews} from '../simulator/control-loop.ts';
import {PodSightings, type PodStates, SampleSightings} from './pod-sightings.ts';

/** Shift of the time at which inputs are read: what the controller would have seen a little earlier or later. */
export type Shift = {
	/** The samples as they were this much later [s]; earlier when negative. */
	readonly samples?: number;
	/** The pods likewise [s]. */
	readonly pods?: number;
	/** The clock itself; where pods say that the record is late, as much as they say [s]. */
	readonly clock?: number;
};

/** Inputs of the autoscaler at each of its reconciles, from the tables of a record. */
export class ControllerInputs {
	readonly #recording: Recording;
	readonly #controller: ControllerConfig;
	readonly #spec: HpaSpec;
	readonly #pods: PodSightings;
	readonly #samples: SampleSightings;

	/**
	 * @param experiment - the record's own, with an autoscaler
	 * @param podStates - pods as the API showed them, where a measurement kept that; else they follow from the record's
	 *   events
	 */
	constructor(recording: Recording, experiment: Experiment, podStates?: PodStates) {
		if (experiment.autoscaler === 'none') {
			throw new TypeError('Expected an experiment with an autoscaler, got one without');
		}

		const isSimulated = recording.head.engine === 'simulated';
		const containers = containerViews(experiment.deployment.containers);
		this.#recording = recording;
		this.#controller = controllerConfig(experiment);
		this.#spec = experiment.autoscaler;
		this.#pods = new PodSightings(recording.tables.pods, {containers, isSimulated, podStates});
		this.#samples = new SampleSightings(recording.tables.samples, isSimulated);
	}

	/**
	 * Lead of the decision over its row of `decisions` [s], 0 or less. An observer that polls the HPA's status may learn
	 * of a change when its first pods exist or are gone already, which the controller decided without.
	 */
	lateness(row: number): number {
		const {seconds, currentReplicas, desiredReplicas} = this.#recording.tables.decisions;
		const [now, current, desired] = [seconds[row]!, currentReplicas[row]!, desiredReplicas[row]!];
		const isUp = desired > current;
		const live = aliveIn(this.#pods.at(now));
		if (desired === current || (isUp ? live <= current : live >= current)) {
			return 0;
		}

		const {event, seconds: times} = this.#recording.tables.pods;
		const followed = times.filter((at, index) => at < now && event[index] === (isUp ? 'created' : 'terminating'));
		const first = followed.at(-Math.abs(live - current)) ?? now;
		return first > (seconds[row - 1] ?? Number.NEGATIVE_INFINITY) ? first - now : 0;
	}

	/** The input of the reconcile in a row of `decisions`. */
	at(row: number, {samples = 0, pods = 0, clock = this.lateness(row)}: Shift = {}): ReconcileInput {
		const {seconds, currentReplicas} = this.#recording.tables.decisions;
		const now = seconds[row]! + clock;
		const views = this.#pods.at(now + pods);
		return {
			now,
			spec: this.#spec,
			controller: this.#controller,
			specReplicas: currentReplicas[row]!,
			statusReplicas: aliveIn(views),
			pods: views,
			podMetrics: this.#metricsOf(views, now + samples),
		};
	}

	#metricsOf(views: readonly PodView[], time: number): PodMetricsView[] {
		return views.flatMap(({name, containers}) => this.#samples.at(time, name, containers) ?? []);
	}
}

function aliveIn(views: readonly PodView[]): number {
	return views.filter(({deletionTimestamp}) => deletionTimestamp === undefined).length;
}
