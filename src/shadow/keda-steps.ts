import {compositeMetric, type KedaSpec} from '../autoscaler/keda/keda-spec.ts';
import {requestScale} from '../autoscaler/keda/operator.ts';
import {Triggers} from '../autoscaler/keda/triggers.ts';
import type {OutsideChange} from './outside-changes.ts';
import {SeenValues} from './seen-values.ts';
import type {ScaledObjectSighting, Sighting} from './sighting.ts';

/** Step of KEDA's operator from or to zero or the idle count. */
export type KedaStep = OutsideChange & {
	/** Replicas that KEDA's rules give, one for each activity that the triggers may have had; the most probable first. */
	readonly decided: readonly number[];
	readonly isReproduced: boolean;
};

type Values = Readonly<Record<string, number>>;

/** From a poll of KEDA's operator to the sight of the change that it makes, at most [s]. */
const lead = 2;
/** Most probable time between them [s]. */
const usualLead = 0.5;
const kept = 120;
/** Time after a change in which the triggers are asked again [s]. */
const settling = 2;
/** Field manager of KEDA's operator: the name of its program. */
const operator = 'keda';

/** Decides each step of KEDA's operator again, from the values of the triggers that were served at its poll. */
export class KedaSteps {
	readonly #spec: KedaSpec;
	readonly #values = new SeenValues<Values>(kept);
	#state: ScaledObjectSighting | undefined;
	readonly #pending: {readonly change: OutsideChange; readonly state: ScaledObjectSighting | undefined}[] = [];

	constructor(spec: KedaSpec) {
		this.#spec = spec;
	}

	see(sighting: Sighting): void {
		if (sighting.type === 'metrics') {
			this.#values.add(sighting.metrics.externalMetrics ?? {}, sighting.since, sighting.at);
		} else if (sighting.type === 'scaledObject') {
			this.#state = sighting;
		}
	}

	/**
	 * Takes a change of the scale in. What the triggers were at its poll shows a little later, when they have been asked again.
	 *
	 * @returns false where another made it, or it leads neither from nor to the least count
	 */
	add(change: OutsideChange): boolean {
		const {from, to, by = operator} = change;
		const {idleReplicaCount, minReplicaCount} = this.#spec;
		const least = idleReplicaCount ?? minReplicaCount;
		const isStep = by.startsWith(operator) && [from, to].some(count => count === 0 || count === least);
		if (isStep) {
			this.#pending.push({change, state: this.#state});
		}

		return isStep;
	}

	/** Steps that can be decided again at a time [s]. */
	take(now: number): KedaStep[] {
		const count = this.#pending.filter(({change}) => change.at + settling <= now).length;
		return this.#pending.splice(0, count).map(({change, state}) => {
			const {at, from: replicas, to} = change;
			const {created = Number.NEGATIVE_INFINITY, lastActive} = state ?? {};
			const decided = this.#activities(change).map(isActive => {
				const input = {now: at, created, lastActive, replicas, isActive, isError: false};
				return requestScale(this.#spec, input).replicas ?? replicas;
			});
			return {...change, decided: [...new Set(decided)], isReproduced: decided.includes(to)};
		});
	}

	/** Whether a trigger was active, by each of the values that may have been those of the poll. */
	#activities({at, from, to}: OutsideChange): boolean[] {
		const size = {replicas: Math.max(from, to), readyReplicas: from};
		return this.#values.during(at - lead, at, at - usualLead).map(values => {
			if (this.#spec.modifiers !== undefined) {
				return (values[compositeMetric] ?? 0) / 1000 > this.#spec.modifiers.activationTarget;
			}

			const read = ({metric = ''}: {readonly metric?: string}) => {
				const milli = values[metric];
				return milli === undefined ? {error: 'not served'} : {value: milli / 1000};
			};
			return new Triggers(this.#spec).poll(read, size).isActive;
		});
	}
}
