import type {PodEvent} from './record.ts';

/**
 * Stages of a pod's time [s]: waiting for a node; on it until it serves, but for the time the model loads; in service
 * without and with a request that runs; terminating. All but `pending` are on a node.
 */
export type StageSeconds = {
	pending: number;
	starting: number;
	loading: number;
	idle: number;
	busy: number;
	terminating: number;
};

export type Stage = keyof StageSeconds;

/** Stages of a pod's life, in its order. */
export const stages = ['pending', 'starting', 'loading', 'idle', 'busy', 'terminating'] as const satisfies Stage[];

/** Idle and busy are distinguished by a counter, not by events. */
type Place = 'nowhere' | 'pending' | 'starting' | 'loading' | 'serving' | 'terminating';

/**
 * Follows one pod through its stages, by its events and a counter of the time in which it ran a request: the simulator
 * feeds it as it goes, a record's reader with the tables.
 */
export class StageClock {
	#place: Place = 'nowhere';
	#since = 0;
	#busySince = 0;
	#seconds: StageSeconds = {pending: 0, starting: 0, loading: 0, idle: 0, busy: 0, terminating: 0};

	/**
	 * Something happened to the pod.
	 *
	 * @param at - [s], not before the last call's
	 * @param busySeconds - how long the pod has run a request until then [s]
	 */
	event(event: PodEvent, at: number, busySeconds: number): void {
		const place = placeAfter(event, this.#place);
		if (place !== this.#place) {
			this.#settle(at, busySeconds);
			this.#place = place;
		}
	}

	/** From here on time counts; what passed does not. */
	begin(at: number, busySeconds: number): void {
		this.#settle(at, busySeconds);
		this.#seconds = {pending: 0, starting: 0, loading: 0, idle: 0, busy: 0, terminating: 0};
	}

	/** The stages' times until then. */
	read(at: number, busySeconds: number): StageSeconds {
		this.#settle(at, busySeconds);
		return {...this.#seconds};
	}

	#settle(at: number, busySeconds: number): void {
		const elapsed = at - this.#since;
		const busy = busySeconds - this.#busySince;
		if (this.#place === 'serving') {
			this.#seconds.busy += busy;
			this.#seconds.idle += elapsed - busy;
		} else if (this.#place !== 'nowhere') {
			this.#seconds[this.#place] += elapsed;
		}

		this.#since = at;
		this.#busySince = busySeconds;
	}
}

/** A container that starts again puts its pod back to starting: when its model loads then, no event says. */
function placeAfter(event: PodEvent, place: Place): Place {
	switch (event) {
		case 'created':
			return 'pending';
		case 'scheduled':
			return 'starting';
		case 'started':
			return 'loading';
		case 'modelLoaded':
		case 'ready':
			return place === 'loading' ? 'starting' : place;
		case 'endpointAdded':
			return place === 'terminating' || place === 'nowhere' ? place : 'serving';
		case 'notReady':
		case 'endpointRemoved':
		case 'containerRestarted':
			return place === 'serving' || place === 'loading' ? 'starting' : place;
		case 'terminating':
			return place === 'pending' || place === 'nowhere' ? place : 'terminating';
		case 'gone':
			return 'nowhere';
	}
}
