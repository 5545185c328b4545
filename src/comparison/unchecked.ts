import {defaultControllerConfig} from '../autoscaler/reconcile.ts';
import type {Experiment} from '../experiment/experiment.ts';
import {holdingsOf} from '../records/holdings.ts';
import type {Recording} from '../records/record.ts';
import type {ReplayedDecision} from './replay-decisions.ts';

/** A reconcile this much later than its period is not the next one [periods]. */
const longestPeriod = 1.5;
const controllerPeriod = 15;

/** Reason why a decision cannot be recomputed from the record; undefined when it can. */
type Uncheckable = (decision: ReplayedDecision) => string | undefined;

/**
 * Finds inputs of decisions that a record lacks: pods or samples at that time, or the controller's memory.
 *
 * A controller remembers its recommendations within its stabilization windows, so a decision to stay or to go down
 * depends on reconciles that a record of the changes alone does not have.
 */
export function uncheckable(recording: Recording, experiment: Experiment): Uncheckable {
	const holds = holdingsOf(recording, experiment);
	const {seconds} = recording.tables.decisions;
	const period = experiment.metrics === 'ideal' ? controllerPeriod : experiment.metrics.sync.period;
	return ({row, recorded, input}) => {
		if (input.specReplicas === 0 && input.spec.minReplicas > 0) {
			return undefined; // the controller looks at nothing: somebody else took the pods away
		}

		const isExternal = input.spec.metrics.some(({type}) => type === 'External');
		if (isExternal && input.externalMetrics === undefined) {
			return 'no external metrics at that time';
		}

		if (!holds.pods || input.pods.length === 0) {
			return 'no pods at that time';
		}

		const isSeen =
			recorded.isSilent ||
			recorded.metrics.some(({utilization, averageValueMilli}) => utilization ?? averageValueMilli);
		const asksUse = input.spec.metrics.some(({type}) => type.endsWith('Resource'));
		if ((asksUse && !holds.use) || (asksUse && isSeen && (input.podMetrics ?? []).length === 0)) {
			return 'no samples at that time';
		}

		if (asksUse && input.podMetrics?.some(({window}) => Number.isNaN(window))) {
			return 'no span of the samples at that time';
		}

		const window = windowOf(experiment, Math.sign(recorded.desiredReplicas - input.specReplicas));
		return recorded.isSilent && !isGapless(seconds, {row, window, longest: longestPeriod * period})
			? 'no proposals, and not every reconcile before it'
			: undefined;
	};
}

/** Time for which the controller remembers its recommendations [s]; both directions where it stays. */
function windowOf({autoscaler}: Experiment, direction: number): number {
	const {scaleUp, scaleDown} = (autoscaler === 'none' ? undefined : autoscaler.behavior) ?? {};
	const up = scaleUp?.stabilizationWindowSeconds ?? 0;
	const down = scaleDown?.stabilizationWindowSeconds ?? defaultControllerConfig.downscaleStabilization;
	return direction > 0 ? up : direction < 0 ? down : Math.max(up, down);
}

/** Whether every reconcile of a window before a row is recorded, the first being the one of the run's first period. */
function isGapless(
	seconds: Float64Array,
	{row, window, longest}: {readonly row: number; readonly window: number; readonly longest: number},
): boolean {
	const from = seconds[row]! - window;
	for (let index = row; index >= 0 && seconds[index]! > Math.max(0, from); index--) {
		if (seconds[index]! - (seconds[index - 1] ?? 0) > longest) {
			return false;
		}
	}

	return true;
}
