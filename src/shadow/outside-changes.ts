import type {Sighting} from './sighting.ts';

/** Change of the scale that another than the HPA's controller made, such as a person or KEDA's operator. */
export type OutsideChange = {
	/** [s] */
	readonly at: number;
	readonly from: number;
	readonly to: number;
	/** Field manager that wrote it; left out where the API does not say. */
	readonly by?: string;
};

/**
 * Finds changes of the scale whose field manager is not the one that writes the HPA's status. An API server that has stored a
 * scale of 0 names no field manager of the scale any more, since a 0 is left out of it; then changes from and to 0 are
 * found by the controller not making any, as long as the HPA asks for one pod at least.
 *
 * @see kubernetes v1.34 staging/src/k8s.io/apimachinery/pkg/util/managedfields/scalehandler.go, ToParent; api/autoscaling/v1
 *   types.go, ScaleSpec
 */
export class OutsideChanges {
	#controller: string | undefined;
	#isFromOne = false;
	#replicas: number | undefined;

	/** Takes a sighting in; undefined where it is no such change, or it is not known who made it. */
	see(sighting: Sighting): OutsideChange | undefined {
		if (sighting.type === 'hpa') {
			this.#controller = sighting.by ?? this.#controller;
			this.#isFromOne = sighting.spec.minReplicas !== 0;
			return undefined;
		}

		if (sighting.type !== 'scale') {
			return undefined;
		}

		const {at, specReplicas: to, by} = sighting;
		const from = this.#replicas ?? to;
		this.#replicas = to;
		if (from === to || this.#controller === undefined) {
			return undefined;
		}

		if (by === undefined) {
			return this.#isFromOne && (from === 0 || to === 0) ? {at, from, to} : undefined;
		}

		return by === this.#controller ? undefined : {at, from, to, by};
	}
}
