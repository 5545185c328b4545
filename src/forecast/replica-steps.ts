import type {Timeline} from '../records/replica-line.ts';
import {formatNumber} from '../statistics/format-estimate.ts';

const mostSteps = 10;

/** `2 → 3 → 6 → 2`: the replicas of a timeline in turn; `–` where nobody recorded them. */
export function replicaSteps(timeline: Timeline): string {
	if (timeline.length === 0) {
		return '–';
	}

	const steps = timeline.map(([, replicas]) => formatNumber(replicas));
	const shown = steps.slice(0, mostSteps).join(' → ');
	return steps.length > mostSteps ? `${shown} … (${formatNumber(steps.length - 1)} changes)` : shown;
}
