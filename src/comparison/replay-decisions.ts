import {
	type AutoscalerState,
	commit,
	type Decision,
	type MetricResult,
	type ReconcileInput,
	reconcile,
	seedState,
} from '../autoscaler/reconcile.ts';
import type {Experiment} from '../experiment/experiment.ts';
import type {Recording} from '../records/record.ts';
import {ControllerInputs, type Observed} from './controller-inputs.ts';

/** A reconcile of a record, done again by the autoscaler alone. */
export type ReplayedDecision = {
	readonly row: number;
	/** [s] */
	readonly at: number;
	readonly recorded: {
		readonly desiredReplicas: number;
		readonly metrics: readonly MetricResult[];
		/** Neither what a metric asked for nor a reason is recorded. */
		readonly isSilent: boolean;
	};
	readonly replayed: Decision;
	readonly input: ReconcileInput;
	/** Memory of the controller before the decision. */
	readonly state: AutoscalerState;
};

/**
 * Feeds the recorded pods and metric samples to the autoscaler, reconcile by reconcile. Its memory goes on with what was
 * really decided, so that one miss does not make others.
 *
 * @returns one for each row of `decisions`; none without an autoscaler
 */
export function replayDecisions(
	recording: Recording,
	experiment: Experiment,
	observed?: Observed,
): {readonly decisions: readonly ReplayedDecision[]; readonly inputs: ControllerInputs | undefined} {
	if (experiment.autoscaler === 'none' || recording.head.arm === 'fixed') {
		return {decisions: [], inputs: undefined};
	}

	const inputs = new ControllerInputs(recording, experiment, observed);
	const {seconds, currentReplicas, desiredReplicas, proposals, reasons} = recording.tables.decisions;
	let state: AutoscalerState | undefined;
	const decisions = Array.from(seconds, (at, row): ReplayedDecision => {
		state ??= seedState(currentReplicas[row]!, at);
		const before = copyOf(state);
		const input = inputs.at(row);
		const replayed = reconcile(input, state);
		const recorded = {
			desiredReplicas: desiredReplicas[row]!,
			metrics: JSON.parse(proposals[row]!) as MetricResult[],
			isSilent: proposals[row] === '[]' && reasons[row] === '[]',
		};
		commit(state, input, asRecorded(replayed, recorded));
		return {row, at, recorded, replayed, input, state: before};
	});
	return {decisions, inputs};
}

/** The decision with what is known of the real one in its place. */
function asRecorded(replayed: Decision, {desiredReplicas, metrics}: ReplayedDecision['recorded']): Decision {
	const proposed = metrics.flatMap(({proposal}) => proposal ?? []);
	return {
		...replayed,
		desiredReplicas,
		...(replayed.recommendation !== undefined && proposed.length > 0 && {recommendation: Math.max(...proposed)}),
	};
}

function copyOf({recommendations, scaleUps, scaleDowns}: AutoscalerState): AutoscalerState {
	return {
		recommendations: recommendations.map(entry => ({...entry})),
		scaleUps: scaleUps.map(entry => ({...entry})),
		scaleDowns: scaleDowns.map(entry => ({...entry})),
	};
}
