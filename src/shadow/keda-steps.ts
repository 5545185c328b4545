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
/** Field manager of KEDA's operator: the name of its program. */
const operator = 'keda';

/** Decides each step of KEDA's operator again, from the values of the triggers that were served at its poll. */
export class KedaSteps {
	readonly #spec: KedaSpec;
	readonly #values = new SeenValues<Values>(kept);
	#state: ScaledObjectSighting | undefined;

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

	/** Step that a change is; undefined where another made it, or it leads neither from nor to the least count. */
	stepOf(change: OutsideChange): KedaStep | undefined {
		const {at: now, from: replicas, to, by = operator} = change;
		const {idleReplicaCount, minReplicaCount} = this.#spec;
		const least = idleReplicaCount ?? minReplicaCount;
		if (!by.startsWith(operator) || ![replicas, to].some(count => count === 0 || count === least)) {
			return undefined;
		}

		const {created = Number.NEGATIVE_INFINITY, lastActive} = this.#state ?? {};
		const decided = this.#activities(change).map(isActive => {
			const input = {now, created, lastActive, replicas, isActive, isError: false};
			return requestScale(this.#spec, input).replicas ?? replicas;
		});
		return {...change, decided: [...new Set(decided)], isReproduced: decided.includes(to)};
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
