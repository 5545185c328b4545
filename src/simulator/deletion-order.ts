import type {Nodes} from './nodes.ts';
import type {Pod} from './pod.ts';

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
