import type {Deployment, PodShare} from '../experiment/experiment.ts';

type Counts = {
	/** `spec.replicas`. */
	readonly replicas: number;
	/** Pods of the new template. */
	readonly current: number;
	readonly old: number;
	/** Ready pods of both. */
	readonly ready: number;
	readonly oldUnready: number;
};

/**
 * What a rolling update does next.
 *
 * @returns pods to create of the new template, and to delete of the old and of the new one
 * @see kubernetes v1.34 pkg/controller/deployment/rolling.go
 */
export function rolloutStep(
	{replicas, current, old, ready, oldUnready}: Counts,
	{maxSurge, maxUnavailable}: Deployment['rollout'],
) {
	const surge = Math.ceil(absolute(maxSurge, replicas) - 1e-9);
	const floor = Math.floor(absolute(maxUnavailable, replicas) + 1e-9);
	// Both zero would never move.
	const unavailable = surge === 0 && floor === 0 ? 1 : floor;
	const create = Math.max(0, Math.min(replicas - current, replicas + surge - current - old));
	// Old pods that are not ready may go while enough pods stay that are old or ready; ready ones only above the floor.
	const currentUnready = current - (ready - (old - oldUnready));
	const spare = current + old - (replicas - unavailable) - currentUnready;
	if (spare <= 0) {
		return {create, deleteOld: 0, deleteCurrent: Math.max(0, current - replicas)};
	}

	const cleanUp = Math.max(0, Math.min(oldUnready, spare));
	const scaleDown = Math.max(0, Math.min(old - cleanUp, ready - (replicas - unavailable)));
	return {create, deleteOld: cleanUp + scaleDown, deleteCurrent: Math.max(0, current - replicas)};
}

function absolute(share: PodShare, replicas: number): number {
	return 'absolute' in share ? share.absolute : share.fraction * replicas;
}
