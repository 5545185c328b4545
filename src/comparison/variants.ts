import type {Distribution, Experiment} from '../experiment/experiment.ts';
import type {ScalingRules} from '../kubernetes/hpa-spec.ts';
import type {Recording} from '../records/record.ts';

/**
 * Measured times in service for the simulator, by the order in which the requests came: of an open loop those of the
 * very requests. One that did not complete has none.
 */
export function measuredServiceTimes({tables}: Recording): (nth: number) => number | undefined {
	const {startedSeconds, endedSeconds, outcome} = tables.requests;
	return nth => {
		const time = outcome[nth] === 'completed' ? endedSeconds[nth]! - startedSeconds[nth]! : Number.NaN;
		return Number.isNaN(time) ? undefined : time;
	};
}

const atOnce: ScalingRules = {
	stabilizationWindowSeconds: 0,
	selectPolicy: 'Max',
	policies: [{type: 'Pods', value: 1_000_000, periodSeconds: 15}],
};

/**
 * The experiment as a spreadsheet would have it: replicas follow ⌈replicas × use / target⌉ of the pods' true use, without
 * delays, windows or policies, and each pod starts in the same time.
 */
export function naive(experiment: Experiment): Experiment {
	const {autoscaler, deployment} = experiment;
	return {
		...experiment,
		metrics: 'ideal',
		autoscaler: autoscaler === 'none' ? 'none' : {...autoscaler, behavior: {scaleUp: atOnce, scaleDown: atOnce}},
		deployment: {
			...deployment,
			startup: {kind: 'total', total: {distribution: 'constant', value: meanStart(deployment)}},
		},
	};
}

/** Creation to Ready on average [s], half a period of the readiness probe included. */
function meanStart({startup, readiness}: Experiment['deployment']): number {
	if (startup.kind === 'total') {
		return meanOf(startup.total);
	}

	const {create, schedule, image, containers, modelLoad} = startup.stages;
	const stages = [create, schedule, image, containers, modelLoad];
	return stages.reduce((sum, stage) => sum + meanOf(stage), readiness.periodSeconds / 2);
}

/** Mean of a distribution; clipping is left out of account. */
export function meanOf(distribution: Distribution): number {
	switch (distribution.distribution) {
		case 'constant':
			return distribution.value;
		case 'uniform':
			return (distribution.min + distribution.max) / 2;
		case 'empirical': {
			const {values, weights = values.map(() => 1)} = distribution;
			const total = weights.reduce((sum, weight) => sum + weight, 0);
			return values.reduce((sum, value, index) => sum + value * weights[index]!, 0) / total;
		}

		default:
			return distribution.mean;
	}
}
