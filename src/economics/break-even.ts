import {heldSeconds, type PodUsage} from '../records/pod-usage.ts';
import type {BilledWindow} from './cost.ts';

/** The shape of a load as an autoscaler answers it: a floor of pods, and more while the load is up. */
export type LoadShape = {
	/** Share of the time in which there were more pods than the floor, 0 to 1. */
	readonly loadedShare: number;
	/** Pods while there were more than the floor, on average; undefined when there never were. */
	readonly podsWhileLoaded: number | undefined;
};

/**
 * @param pods - of the dynamic arm; each counts while it is billed
 * @param floor - pods that are always there
 */
export function loadShape(pods: readonly PodUsage[], floor: number, window: BilledWindow): LoadShape {
	const changes = pods
		.filter(pod => heldSeconds(pod) > 0)
		.flatMap(({fromSeconds, toSeconds}) => [
			{at: fromSeconds, by: 1},
			{at: toSeconds, by: -1},
		])
		.sort((a, b) => a.at - b.at);
	let [since, count, loadedSeconds, podSeconds] = [window.fromSeconds, 0, 0, 0];
	for (const {at, by} of [...changes, {at: window.toSeconds, by: 0}]) {
		if (count > floor) {
			loadedSeconds += at - since;
			podSeconds += count * (at - since);
		}

		since = at;
		count += by;
	}

	return {
		loadedShare: loadedSeconds / (window.toSeconds - window.fromSeconds),
		podsWhileLoaded: loadedSeconds === 0 ? undefined : podSeconds / loadedSeconds,
	};
}

/**
 * Share of the time that the load may be up before dynamic costs as much as a fixed number of pods: where
 * `floor + share × (podsWhileLoaded − floor)` is that number.
 *
 * @returns 0 to 1; 1 when dynamic is the cheaper one even under load all the time, 0 when its floor costs more already
 */
export function breakEvenShare({
	floor,
	podsWhileLoaded,
	fixedPods,
}: {
	readonly floor: number;
	readonly podsWhileLoaded: number;
	readonly fixedPods: number;
}): number {
	return Math.min(1, Math.max(0, (fixedPods - floor) / (podsWhileLoaded - floor)));
}
