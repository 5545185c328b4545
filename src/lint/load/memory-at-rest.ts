import type {Experiment, RenewalArrivals} from '../../experiment/experiment.ts';
import {neverScalesDown} from '../rules/never-scales-down.ts';
import {placeOfMetric, targetWords} from '../rules/target-out-of-reach.ts';
import type {LoadRule} from './load-rule.ts';

/** Quiet after the load [s]: more than any usual window, for one pod at a time. */
const quiet = 1800;

/** Memory of the experiment's own model that keeps what was added. */
export const memoryAtRest: LoadRule = {
	id: neverScalesDown.id,
	severity: neverScalesDown.severity,
	title: neverScalesDown.title,
	reason: neverScalesDown.reason,
	*check({autoscaler}, experiment) {
		const {metrics, minReplicas} = autoscaler.spec;
		const index = metrics.findIndex(({type, name}) => type === 'Resource' && name === 'memory');
		const calm = withQuiet(experiment);
		if (index === -1 || calm === undefined || autoscaler.keda !== undefined) {
			return;
		}

		yield {
			severity: 'error',
			object: autoscaler,
			place: placeOfMetric(autoscaler, index),
			load: `The load of ${experiment.name}, then none for ${quiet / 60} minutes`,
			experiments: [calm],
			replications: 1,
			shows: ([result]) => {
				const {steps} = result!.runs[0]!;
				const last = steps.at(-1);
				const isHeld =
					last !== undefined &&
					last.replicas > Math.max(1, minReplicas) &&
					last.desired >= last.replicas &&
					(last.metrics[index]?.proposal ?? 0) >= last.replicas &&
					last.metrics.every((metric, other) => other === index || (metric.proposal ?? 0) < last.replicas);
				return isHeld
					? {
							message: `Pods that were added are never removed: the memory of an idle pod, as the model of ${experiment.name} has it, is near the target of ${targetWords(metrics[index]!)}, and the largest proposal wins.`,
							fix: 'Leave the memory metric out, or raise the memory request so that an idle pod is below 0.5 of the target.',
							steps,
						}
					: undefined;
			},
		};
	},
};

/** The experiment with a time without load at its end; undefined where its load is no curve. */
function withQuiet(experiment: Experiment): Experiment | undefined {
	const {workload, duration} = experiment;
	if (workload.loop === 'closed' || workload.arrivals.process === 'trace') {
		return undefined;
	}

	const ended = (arrivals: RenewalArrivals): RenewalArrivals => ({
		...arrivals,
		rate: [
			...arrivals.rate.filter(({at}) => at < duration),
			...(arrivals.interpolation === 'linear' ? [{at: duration, perSecond: lastRate(arrivals, duration)}] : []),
			{at: duration + (arrivals.interpolation === 'linear' ? 1 : 0), perSecond: 0},
		],
	});
	return {
		...experiment,
		duration: duration + quiet,
		workload: {
			...workload,
			arrivals: ended(workload.arrivals),
			tenants: workload.tenants.map(({arrivals, ...tenant}) =>
				arrivals === undefined ? tenant : {...tenant, arrivals: ended(arrivals)},
			),
		},
	};
}

function lastRate({rate}: RenewalArrivals, duration: number): number {
	return rate.findLast(({at}) => at < duration)?.perSecond ?? 0;
}
