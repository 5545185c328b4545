import type {Experiment} from '../../experiment/experiment.ts';
import type {LintedAutoscaler} from '../subject.ts';
import {peaksOf} from './load-curve.ts';
import type {LoadRule, LoadRuns} from './load-rule.ts';

/** Window for scaling down where the autoscaler gives none [s]. @see kube-controller-manager --horizontal-pod-autoscaler-downscale-stabilization */
const usualWindow = 300;

/** Longest window of the variant that follows the load [s]. */
const shortWindow = 15;

/** A window for scaling down in which the load rises again. */
export const windowAndRhythm: LoadRule = {
	id: 'window-longer-than-rhythm',
	severity: 'info',
	title: 'a window for scaling down that is longer than the rhythm of the load',
	reason:
		'The most pods of the window are kept. Where the load comes again within it, pods are never removed between two peaks, so that the autoscaler costs as much as the peak.',
	*check({autoscaler}, experiment) {
		const peaks = peaksOf(experiment) ?? [];
		const {behavior, minReplicas, maxReplicas} = autoscaler.spec;
		const window = behavior?.scaleDown.stabilizationWindowSeconds ?? usualWindow;
		const valleys = peaks.slice(1).map(({begin}, index) => begin - peaks[index]!.end);
		const longest = Math.max(...valleys);
		if (
			valleys.length < 2 ||
			window < longest ||
			window <= shortWindow ||
			minReplicas >= maxReplicas ||
			behavior?.scaleDown.selectPolicy === 'Disabled'
		) {
			return;
		}

		// The first peak finds an autoscaler that has seen nothing, and may pass its mark.
		const between = peaks.slice(2).map(({begin}, index) => ({from: peaks[index + 1]!.end, to: begin}));
		const isRemoved = ({runs}: LoadRuns) =>
			runs[0]!.steps.some(
				({at, replicas, desired}) => desired < replicas && between.some(({from, to}) => at >= from && at < to),
			);
		yield {
			severity: 'info',
			object: autoscaler,
			place: autoscaler.placeOf(...behaviorPath(autoscaler), 'scaleDown', 'stabilizationWindowSeconds'),
			load: `The load of ${experiment.name}: ${peaks.length} peaks, at most ${longest} s from the end of one to the next`,
			experiments: [experiment, withWindow(experiment, shortWindow)],
			replications: 1,
			shows: ([given, short]) =>
				!isRemoved(given!) && isRemoved(short!)
					? {
							message: `No pod is removed between the peaks of the load: the window for scaling down is ${window} s, and the next peak comes after ${longest} s at most.`,
							fix: `Set stabilizationWindowSeconds of scaleDown well below ${longest}; or keep it, if the pods are to stay for the next peak.`,
							steps: given!.runs[0]!.steps,
						}
					: undefined,
		};
	},
};

function behaviorPath({keda}: LintedAutoscaler): string[] {
	return ['spec', ...(keda === undefined ? [] : ['advanced', 'horizontalPodAutoscalerConfig']), 'behavior'];
}

function withWindow(experiment: Experiment, seconds: number): Experiment {
	const {autoscaler, controller} = experiment;
	if (autoscaler === 'none') {
		return experiment;
	}

	const {behavior} = autoscaler;
	return behavior === undefined
		? {...experiment, controller: {...controller, downscaleStabilization: seconds}}
		: {
				...experiment,
				autoscaler: {
					...autoscaler,
					behavior: {...behavior, scaleDown: {...behavior.scaleDown, stabilizationWindowSeconds: seconds}},
				},
			};
}
