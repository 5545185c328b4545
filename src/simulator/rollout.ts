import type {Deployment, PodShare} from '../experiment/experiment.ts';
import type {Nodes} from './nodes.ts';
import type {Pod} from './pod.ts';

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
 * Next step of a rolling update.
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

/**
 * Pods in the order in which the ReplicaSet controller deletes them: unscheduled, pending, not ready, on the fullest
 * node, ready for the shortest time (in powers of two; then by UID), most restarts, newest.
 *
 * @param now - [s]
 * @see kubernetes v1.34 pkg/controller/controller_utils.go, ActivePodsWithRanks, and
 * pkg/controller/replicaset/replica_set.go, getPodsRankedByRelatedPodsOnSameNode
 */
export function inDeletionOrder(pods: readonly Pod[], nodes: Nodes, now: number): Pod[] {
	const counts = nodes.activeCounts();
	const countOn = (pod: Pod) => counts[pod.node] ?? 0;
	return [...pods].sort((a, b) => {
		const byState = rank(a) - rank(b) || countOn(b) - countOn(a);
		if (byState !== 0) {
			return byState;
		}

		if (a.isReady && b.isReady && a.readyAt !== b.readyAt) {
			return ageRank(now - a.readyAt) - ageRank(now - b.readyAt) || a.tieBreak - b.tieBreak;
		}

		return (
			b.restarts - a.restarts || ageRank(now - a.createdAt) - ageRank(now - b.createdAt) || a.tieBreak - b.tieBreak
		);
	});
}

function rank(pod: Pod): number {
	if (pod.node === -1) {
		return 0;
	}

	if (Number.isNaN(pod.startedAt)) {
		return 1;
	}

	return pod.isReady ? 3 : 2;
}

/** Ages in nanoseconds are compared by their binary logarithm, whole. */
function ageRank(seconds: number): number {
	return seconds > 0 ? Math.trunc(Math.log2(seconds * 1e9)) : -1;
}
