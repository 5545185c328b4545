import type {Sighting} from './sighting.ts';

/** Change of the scale that another than the HPA's controller made, such as a person or KEDA's operator. */
export type OutsideChange = {
	/** [s] */
	readonly at: number;
	readonly from: number;
	readonly to: number;
	/** Field manager that wrote it. */
	readonly by: string;
};

/** Finds changes of the scale whose field manager is not the one that writes the HPA's status. */
export class OutsideChanges {
	#controller: string | undefined;
	#replicas: number | undefined;

	/** Takes a sighting in; undefined where it is no such change, or it is not known who made it. */
	see(sighting: Sighting): OutsideChange | undefined {
		if (sighting.type === 'hpa') {
			this.#controller = sighting.by ?? this.#controller;
			return undefined;
		}

		if (sighting.type !== 'scale') {
			return undefined;
		}

		const {at, specReplicas: to, by} = sighting;
		const from = this.#replicas ?? to;
		this.#replicas = to;
		const isOutside = from !== to && by !== undefined && this.#controller !== undefined && by !== this.#controller;
		return isOutside ? {at, from, to, by} : undefined;
	}
}
