import {type AutoscalerState, commit, type Decision, type ReconcileInput, reconcile} from '../autoscaler/reconcile.ts';
import {stabilizationWindows} from '../autoscaler/stabilize.ts';
import type {Sync} from './sync-times.ts';

type Entry = {time: number};

/**
 * Memory of a controller, from the decisions that were seen: recommendations and changes of size. Their times are those of
 * their reconciles, also where these are corrected later.
 */
export class ShadowMemory {
	#state: AutoscalerState = {recommendations: [], scaleUps: [], scaleDowns: []};
	readonly #syncs = new WeakMap<Entry, Sync>();
	#began = Number.NEGATIVE_INFINITY;
	#lastScale = Number.NEGATIVE_INFINITY;

	/**
	 * Forgets everything: what was decided before is not known.
	 *
	 * @param at - [s]
	 * @param lastScale - last change of size before, as the status has it [s]
	 */
	begin(at: number, lastScale = Number.NEGATIVE_INFINITY): void {
		this.#state = {recommendations: [], scaleUps: [], scaleDowns: []};
		this.#began = at;
		this.#lastScale = lastScale;
	}

	/** The memory, with the times as they are known now. */
	get state(): Readonly<AutoscalerState> {
		for (const entry of this.#entries()) {
			entry.time = this.#syncs.get(entry)?.time ?? entry.time;
		}

		return this.#state;
	}

	/** Adds a decision. */
	add(sync: Sync, input: ReconcileInput, decision: Decision): void {
		commit(this.state as AutoscalerState, input, decision);
		for (const entry of this.#entries()) {
			if (!this.#syncs.has(entry)) {
				this.#syncs.set(entry, sync);
			}
		}
	}

	/** Whether a decision may depend on what was decided before the memory began. */
	isUnsure(input: ReconcileInput): boolean {
		const {now, spec} = input;
		const {state} = this;
		const windows = stabilizationWindows(input);
		const since = now - this.#began;
		const guesses: AutoscalerState[] = [];
		const recalling = (replicas: number) =>
			guesses.push({...state, recommendations: [...state.recommendations, {time: now, replicas}]});
		if (since <= windows.down) {
			recalling(spec.maxReplicas);
		}

		if (since <= windows.up) {
			recalling(spec.minReplicas);
		}

		if (now - this.#lastScale <= longestPolicy(input)) {
			const event = {time: now, change: spec.maxReplicas};
			guesses.push(
				{...state, scaleUps: [...state.scaleUps, event]},
				{...state, scaleDowns: [...state.scaleDowns, event]},
			);
		}

		const {desiredReplicas} = reconcile(input, state);
		return guesses.some(guess => reconcile(input, guess).desiredReplicas !== desiredReplicas);
	}

	#entries(): Entry[] {
		const {recommendations, scaleUps, scaleDowns} = this.#state;
		return [...recommendations, ...scaleUps, ...scaleDowns];
	}
}

function longestPolicy({spec: {behavior}}: ReconcileInput): number {
	const policies = [...(behavior?.scaleUp.policies ?? []), ...(behavior?.scaleDown.policies ?? [])];
	return Math.max(Number.NEGATIVE_INFINITY, ...policies.map(({periodSeconds}) => periodSeconds));
}
