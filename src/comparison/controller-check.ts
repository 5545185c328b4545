import type {Experiment} from '../experiment/experiment.ts';
import type {Recording} from '../records/record.ts';
import {isMatch, type Miss, type MissCause, missOf} from './miss-cause.ts';
import type {PodStates} from './pod-sightings.ts';
import {replayDecisions} from './replay-decisions.ts';

/** The first corner of the triangle: the recorded samples through the autoscaler alone. */
export type ControllerCheck = {
	/** Where the record stands. */
	readonly record: string;
	readonly decisions: number;
	readonly matches: number;
	/** 1 when every decision was found again; null without any. */
	readonly share: number | null;
	readonly misses: readonly Miss[];
};

export type Recorded = {
	readonly name: string;
	readonly recording: Recording;
	readonly podStates?: PodStates | undefined;
};

/** Decides every reconcile of a record again, from its own samples and pods; each miss with its cause. */
export function checkController({name, recording, podStates}: Recorded, experiment: Experiment): ControllerCheck {
	const {decisions, inputs} = replayDecisions(recording, experiment, podStates);
	const missed = decisions.filter(decision => !isMatch(decision));
	const matches = decisions.length - missed.length;
	return {
		record: name,
		decisions: decisions.length,
		matches,
		share: decisions.length === 0 ? null : matches / decisions.length,
		misses: missed.map(decision => missOf(decision, inputs!)),
	};
}

/** How often each cause was found, the most frequent first. */
export function causesOf(checks: readonly ControllerCheck[]): [MissCause, number][] {
	const counts = new Map<MissCause, number>();
	for (const {cause} of checks.flatMap(({misses}) => misses)) {
		counts.set(cause, (counts.get(cause) ?? 0) + 1);
	}

	return [...counts].sort((a, b) => b[1] - a[1]);
}
