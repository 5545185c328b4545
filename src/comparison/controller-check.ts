import type {Experiment} from '../experiment/experiment.ts';
import type {Recording} from '../records/record.ts';
import {checkOperator, type KedaSightings} from './keda/check-operator.ts';
import {isMatch, type Miss, type MissCause, missOf} from './miss-cause.ts';
import type {PodStates} from './pod-sightings.ts';
import {replayDecisions} from './replay-decisions.ts';
import {uncheckable} from './unchecked.ts';

/** The first corner of the triangle: the recorded samples through the autoscaler alone. */
export type ControllerCheck = {
	/** Folder of the record. */
	readonly record: string;
	readonly decisions: number;
	readonly matches: number;
	/** Decisions that cannot be found again, by what the record lacks for it. */
	readonly unchecked: readonly {readonly lacks: string; readonly count: number}[];
	/** 1 when every decision that can be checked was found again; null without any. */
	readonly share: number | null;
	readonly misses: readonly Miss[];
};

export type Recorded = {
	readonly name: string;
	readonly recording: Recording;
	readonly podStates?: PodStates | undefined;
	/** Sightings of KEDA, where a ScaledObject scales the pods. */
	readonly keda?: KedaSightings | undefined;
};

/**
 * Decides every reconcile of a record again, from its own samples and pods, and every change that KEDA's operator made; each
 * miss with its cause.
 */
export function checkController({name, recording, podStates, keda}: Recorded, experiment: Experiment): ControllerCheck {
	const observed = {podStates, external: keda?.external};
	const {decisions, inputs} = replayDecisions(recording, experiment, observed);
	const operator =
		keda === undefined || experiment.keda === undefined || recording.head.arm === 'fixed'
			? {changes: 0, misses: []}
			: checkOperator(keda, {keda: experiment.keda, decisions: recording.tables.decisions});
	const lackOf = uncheckable(recording, experiment);
	const lacks = decisions.flatMap(decision => lackOf(decision) ?? []);
	const checked = decisions.filter(decision => lackOf(decision) === undefined);
	const missed = checked.filter(decision => !isMatch(decision));
	const matches = checked.length - missed.length + operator.changes - operator.misses.length;
	const checkable = checked.length + operator.changes;
	return {
		record: name,
		decisions: decisions.length + operator.changes,
		matches,
		unchecked: [...new Set(lacks)].map(lack => ({lacks: lack, count: lacks.filter(other => other === lack).length})),
		share: checkable === 0 ? null : matches / checkable,
		misses: [...missed.map(decision => missOf(decision, inputs!)), ...operator.misses],
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
