import type {Rule} from '../finding.ts';
import {hasRequests, requestOf} from '../most-use.ts';
import {type LintedWorkload, type LintSubject, objectWords} from '../subject.ts';
import type {WitnessPlan, WitnessStep} from '../witness/witness.ts';
import {coresOf, witnessExperiment} from '../witness/witness-experiment.ts';

/** Longest window for scaling down that is tried out [s]. */
const shortWindow = 60;
/** Turns of the line in an hour from which on it flaps. */
const manyTurns = 12;
/** Work of a request [CPU s]. */
const cpuSeconds = 0.1;

/** Pods that come and go at a constant load. */
export const flaps: Rule = {
	id: 'flaps-at-constant-load',
	severity: 'warning',
	title: 'pods that come and go at a constant load',
	reason:
		'A use that is measured over seconds varies by chance. With a short window for scaling down each low value removes pods, which the next high one brings back.',
	*check(subject) {
		const {autoscaler, workload} = subject;
		const {behavior, metrics, minReplicas, maxReplicas} = autoscaler.spec;
		const [metric, ...others] = metrics;
		const window = behavior?.scaleDown.stabilizationWindowSeconds;
		const isTried =
			window !== undefined &&
			window <= shortWindow &&
			behavior?.scaleDown.selectPolicy !== 'Disabled' &&
			maxReplicas - minReplicas >= 2;
		if (
			isTried &&
			workload !== undefined &&
			others.length === 0 &&
			metric?.type === 'Resource' &&
			metric.name === 'cpu' &&
			metric.target.type === 'Utilization' &&
			hasRequests(metric, workload) &&
			!workload.hasPodRequests
		) {
			const target = (metric.target.averageUtilization / 100) * requestOf(metric, workload);
			yield {
				severity: 'warning',
				object: autoscaler,
				place: autoscaler.placeOf(
					'spec',
					...(autoscaler.keda === undefined ? [] : ['advanced', 'horizontalPodAutoscalerConfig']),
					'behavior',
					'scaleDown',
					'stabilizationWindowSeconds',
				),
				message: `The pods of ${objectWords(workload)} come and go at a constant load: a window of ${window} s for scaling down follows every low value.`,
				fix: 'Set behavior.scaleDown.stabilizationWindowSeconds to 300, which it is when left out.',
				witness: planOf(subject, workload, target),
			};
		}
	},
};

function planOf({autoscaler: {spec}}: LintSubject, workload: LintedWorkload, target: number): WitnessPlan {
	const pods = Math.min(Math.max(spec.minReplicas, 1) + 1, spec.maxReplicas - 1, 12);
	// Half of the tolerance above the target of so many pods: chance alone passes it now and then.
	const perSecond = Number(((1.05 * Math.min(target, coresOf(workload)) * pods) / cpuSeconds).toPrecision(3));
	return {
		load: `${perSecond} requests/s of ${cpuSeconds} CPU seconds each for an hour, for which ${pods} or ${pods + 1} pods are right`,
		experiment: witnessExperiment(spec, workload, {minutes: 60, rate: [{at: '0s', perSecond}], cpuSeconds}),
		shows: steps => turns(steps) >= manyTurns,
		cases: [],
	};
}

/** Times that the line turns from up to down or back. */
export function turns(steps: readonly WitnessStep[]): number {
	const moves = steps.map(({replicas, desired}) => Math.sign(desired - replicas)).filter(move => move !== 0);
	return moves.filter((move, index) => index > 0 && move !== moves[index - 1]).length;
}
