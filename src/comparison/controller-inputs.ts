import {
	defaultControllerConfig,
	type PodMetricsView,
	type PodView,
	type ReconcileInput,
} from '../autoscaler/reconcile.ts';
import type {Experiment} from '../experiment/experiment.ts';
import type {HpaSpec} from '../kubernetes/hpa-spec.ts';
import type {Recording} from '../records/record.ts';
import {containerViews} from '../simulator/container-views.ts';
import {PodSightings, type PodStates} from './pod-sightings.ts';
import {SampleSightings} from './sample-sightings.ts';

/** What a moment is looked at with: a tool to ask what the controller would have seen a little earlier or later. */
export type Shift = {
	/** The samples as they were this much later [s]; earlier when negative. */
	readonly samples?: number;
	/** The pods likewise [s]. */
	readonly pods?: number;
};

/** What the autoscaler saw at each of its reconciles, put together from the tables of a record. */
export class ControllerInputs {
	readonly #recording: Recording;
	readonly #spec: HpaSpec;
	readonly #pods: PodSightings;
	readonly #samples: SampleSightings;

	/**
	 * @param experiment - the record's own, with an autoscaler
	 * @param podStates - pods as the API showed them, where a measurement kept that; else the record's events tell them
	 */
	constructor(recording: Recording, experiment: Experiment, podStates?: PodStates) {
		if (experiment.autoscaler === 'none') {
			throw new TypeError('Expected an experiment with an autoscaler, got one without');
		}

		const isSimulated = recording.head.engine === 'simulated';
		const containers = containerViews(experiment.deployment.containers);
		this.#recording = recording;
		this.#spec = experiment.autoscaler;
		this.#pods = new PodSightings(recording.tables.pods, {containers, isSimulated, podStates});
		this.#samples = new SampleSightings(recording.tables.samples, isSimulated);
	}

	/** The input of the reconcile in a row of `decisions`. */
	at(row: number, {samples = 0, pods = 0}: Shift = {}): ReconcileInput {
		const {seconds, currentReplicas} = this.#recording.tables.decisions;
		const now = seconds[row]!;
		const views = this.#pods.at(now + pods);
		return {
			now,
			spec: this.#spec,
			controller: defaultControllerConfig,
			specReplicas: currentReplicas[row]!,
			statusReplicas: views.filter(({deletionTimestamp}) => deletionTimestamp === undefined).length,
			pods: views,
			podMetrics: this.#metricsOf(views, now + samples),
		};
	}

	#metricsOf(views: readonly PodView[], time: number): PodMetricsView[] {
		return views.flatMap(({name, containers}) => this.#samples.at(time, name, containers) ?? []);
	}
}
