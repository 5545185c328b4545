import type {HpaSpec, MetricSpec} from '../autoscaler/hpa-spec.ts';
import {
	type ControllerConfig,
	controllerConfig,
	type MetricResult,
	type PodMetricsView,
	type PodView,
	type ReconcileInput,
} from '../autoscaler/reconcile.ts';
import type {Experiment} from '../experiment/experiment.ts';
import type {Recording} from '../records/record.ts';
import {containerViews} from '../simulator/control-loop.ts';
import {ExternalSightings, type ExternalValues} from './keda/external-sightings.ts';
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

/** Sightings of a measurement beyond the tables that every record has. */
export type Observed = {
	/** Pods as the API showed them; where left out they follow from the record's events. */
	readonly podStates?: PodStates | undefined;
	/** Values that external.metrics.k8s.io served. */
	readonly external?: ExternalValues | undefined;
};

/** Inputs of the autoscaler at each of its reconciles, from the tables of a record. */
export class ControllerInputs {
	readonly #recording: Recording;
	readonly #controller: ControllerConfig;
	readonly #spec: HpaSpec;
	readonly #pods: PodSightings;
	readonly #samples: SampleSightings;
	readonly #external: ExternalSightings | undefined;

	/** @param experiment - the record's own, with an autoscaler */
	constructor(recording: Recording, experiment: Experiment, {podStates, external}: Observed = {}) {
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
		this.#external = external === undefined ? undefined : new ExternalSightings(external);
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
		const statusReplicas = aliveIn(views);
		const external = this.#externalAt(now + samples, {row, statusReplicas});
		return {
			now,
			spec: this.#spec,
			controller: this.#controller,
			specReplicas: currentReplicas[row]!,
			statusReplicas,
			pods: views,
			podMetrics: this.#metricsOf(views, now + samples),
			...(external !== undefined && {externalMetrics: external}),
		};
	}

	/** Values that the autoscaler got: the served one that is nearest in time and agrees with its status. */
	#externalAt(
		time: number,
		{row, statusReplicas}: {readonly row: number; readonly statusReplicas: number},
	): Readonly<Record<string, number>> | undefined {
		const sightings = this.#external;
		if (sightings === undefined) {
			return undefined;
		}

		const recorded = JSON.parse(this.#recording.tables.decisions.proposals[row]!) as MetricResult[];
		return Object.fromEntries(
			this.#spec.metrics.flatMap(metric => {
				const seen = recorded.find(({type, name}) => type === metric.type && name === metric.name);
				const fits = (milli: number) => agrees(milli, {metric, seen, statusReplicas});
				const value = metric.type === 'External' ? sightings.at(metric.name, time, fits) : undefined;
				return value === undefined ? [] : [[metric.name, value]];
			}),
		);
	}

	#metricsOf(views: readonly PodView[], time: number): PodMetricsView[] {
		return views.flatMap(({name, containers}) => this.#samples.at(time, name, containers) ?? []);
	}
}

type Seen = {
	readonly metric: MetricSpec;
	readonly seen: MetricResult | undefined;
	readonly statusReplicas: number;
};

/** Whether a value is the one of which an HPA's status shows the average, rounded up, or the value itself. */
function agrees(milli: number, {metric, seen, statusReplicas}: Seen): boolean {
	const {averageValueMilli: average, valueMilli} = seen ?? {};
	return metric.target.type === 'Value'
		? valueMilli === undefined || valueMilli === milli
		: average === undefined || average === Math.ceil(milli / statusReplicas);
}

function aliveIn(views: readonly PodView[]): number {
	return views.filter(({deletionTimestamp}) => deletionTimestamp === undefined).length;
}
