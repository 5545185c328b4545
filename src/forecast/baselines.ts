import type {Experiment} from '../experiment/experiment.ts';
import {Schedule} from '../experiment/schedule.ts';
import type {RunAccount} from '../records/run-account.ts';
import {simulate} from '../simulator/simulate.ts';

/** What a forecast is compared with beyond the experiment's own fixed arm, played with the very same requests. */
export type Baseline = {readonly kind: 'fixed'; readonly replicas: number} | {readonly kind: 'ideal'};

/** One run of a baseline: plain data that crosses threads. */
export function playBaseline(experiment: Experiment, replication: number, baseline: Baseline): RunAccount {
	const schedule = experiment.workload.loop === 'open' ? new Schedule(experiment, replication) : undefined;
	const [played, arm] =
		baseline.kind === 'fixed'
			? ([{...experiment, fixed: {replicas: baseline.replicas}}, 'fixed'] as const)
			: ([withoutDelay(experiment), 'dynamic'] as const);
	const {requests, pods, timeline, heldPodSeconds} = simulate(played, {replication, arm, schedule, isRecorded: false});
	return {requests, pods, timeline, heldPodSeconds};
}

/**
 * The experiment with an ideal autoscaler: the same targets and bounds, but it sees what the pods used in the last 15 s
 * without delay, its pods serve at once, and no window or policy holds it back.
 */
export function withoutDelay(experiment: Experiment): Experiment {
	const {autoscaler, deployment} = experiment;
	if (autoscaler === 'none') {
		return experiment;
	}

	const atOnce = {
		stabilizationWindowSeconds: 0,
		selectPolicy: 'Max',
		policies: [{type: 'Pods', value: autoscaler.maxReplicas, periodSeconds: 1}],
	} as const;
	return {
		...experiment,
		metrics: 'ideal',
		autoscaler: {...autoscaler, behavior: {scaleUp: atOnce, scaleDown: atOnce}},
		deployment: {...deployment, startup: {kind: 'total', total: {distribution: 'constant', value: 0}}},
	};
}

/**
 * The smallest number from 1 to `most` that `isEnough`, when more never does worse.
 *
 * @returns undefined when not even `most` is enough
 */
export async function smallestEnough(
	most: number,
	isEnough: (count: number) => Promise<boolean>,
): Promise<number | undefined> {
	if (!(await isEnough(most))) {
		return undefined;
	}

	let [tooFew, enough] = [0, most];
	while (enough - tooFew > 1) {
		const middle = Math.floor((tooFew + enough) / 2);
		if (await isEnough(middle)) {
			enough = middle;
		} else {
			tooFew = middle;
		}
	}

	return enough;
}
