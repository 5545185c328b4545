import type {HpaSpec} from '../autoscaler/hpa-spec.ts';
import type {ControllerConfig, PodView, ReconcileInput} from '../autoscaler/reconcile.ts';
import {SeenValues} from './seen-values.ts';
import type {MetricsSighting, ServedMetrics, Sighting} from './sighting.ts';
import type {Sync} from './sync-times.ts';

/** Objects of the API as the controller may have had them. */
type Objects = {
	readonly spec: HpaSpec;
	readonly specReplicas: number;
	readonly statusReplicas: number;
	readonly pods: readonly PodView[];
};

type Served = Pick<MetricsSighting, 'refusals'> & {readonly metrics: ServedMetrics};

/** The controller's own watch may be earlier or later than this one by so much [s]. */
const watchSlack = 0.5;
/** Sightings are kept for so long [s]. */
const kept = 120;
/** States of the objects, and answers of the metrics APIs, that are tried for one reconcile at most. */
const mostTried = {objects: 5, answers: 3} as const;

/** Inputs that could be seen at the time of a reconcile, and that the controller may have had. */
export class ShadowInputs {
	readonly #controller: ControllerConfig;
	readonly #namespace: string;
	readonly #objects = new SeenValues<Objects>(kept);
	readonly #served = new SeenValues<Served>(kept);
	#known: Partial<Objects> = {};
	#servedAt = Number.NEGATIVE_INFINITY;

	constructor(controller: ControllerConfig, namespace: string) {
		this.#controller = controller;
		this.#namespace = namespace;
	}

	/** Scale that was seen last; undefined before one was. */
	get specReplicas(): number | undefined {
		return this.#known.specReplicas;
	}

	/** Pods that were seen last. */
	get pods(): readonly PodView[] {
		return this.#known.pods ?? [];
	}

	/** Refusals of the metrics APIs at the last look. */
	get refusals(): readonly string[] {
		return this.#served.last?.refusals ?? [];
	}

	/** Time at which answers of the metrics APIs last changed [s]. */
	get servedAt(): number {
		return this.#servedAt;
	}

	see(sighting: Sighting): void {
		const {at} = sighting;
		switch (sighting.type) {
			case 'hpa':
				this.#change({spec: sighting.spec}, at);
				break;
			case 'scale':
				this.#change({specReplicas: sighting.specReplicas, statusReplicas: sighting.statusReplicas}, at);
				break;
			case 'pods':
				this.#change({pods: sighting.pods}, at);
				break;
			case 'metrics':
				this.#servedAt = at;
				this.#served.add({metrics: sighting.metrics, refusals: sighting.refusals}, sighting.since, at);
				break;
			default:
		}
	}

	/**
	 * Inputs of a reconcile, the most probable first; none before everything was seen once.
	 *
	 * @param specReplicas - scale that the controller read, where its status says so
	 */
	of({time, from, to}: Sync, specReplicas?: number): ReconcileInput[] {
		const objects = this.#objects.during(from - watchSlack, to + watchSlack, time).slice(0, mostTried.objects);
		const served = this.#served.during(from, to, time).slice(0, mostTried.answers);
		const times = [...new Set([time, from, to])];
		const base = {controller: this.#controller, namespace: this.#namespace};
		return times.flatMap(now =>
			served.flatMap(({metrics}) =>
				objects.map(state => ({
					...base,
					...state,
					...metrics,
					now,
					...(specReplicas !== undefined && {specReplicas}),
				})),
			),
		);
	}

	#change(change: Partial<Objects>, at: number): void {
		this.#known = {...this.#known, ...change};
		const {spec, specReplicas, statusReplicas, pods} = this.#known;
		if (spec !== undefined && specReplicas !== undefined && statusReplicas !== undefined && pods !== undefined) {
			this.#objects.add({spec, specReplicas, statusReplicas, pods}, at - watchSlack, at);
		}
	}
}
