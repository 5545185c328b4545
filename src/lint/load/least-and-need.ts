import type {Experiment} from '../../experiment/experiment.ts';
import type {LoadRule, LoadRun} from './load-rule.ts';

/** Fewest pods that are ever proposed: one more than one, so that one may go. */
const fewest = 2;

/** A least number of pods that the load never needs. */
export const leastAndNeed: LoadRule = {
	id: 'min-above-need',
	severity: 'info',
	title: 'more pods at least than the load ever needs',
	reason:
		'Pods below the least are paid for at every load. Where fewer keep the objectives of the load, the rest is reserve.',
	*check({autoscaler}, experiment) {
		const {minReplicas} = autoscaler.spec;
		if (minReplicas <= fewest || Object.values(experiment.slo).every(bound => bound === undefined)) {
			return;
		}

		const sizes = [
			...new Set([0.25, 0.5, 0.75, 1].map(part => Math.max(fewest, Math.ceil(part * (minReplicas - 1))))),
		].sort((a, b) => a - b);
		const key = autoscaler.keda === undefined ? 'minReplicas' : 'minReplicaCount';
		yield {
			severity: 'info',
			object: autoscaler,
			place: autoscaler.placeOf('spec', key),
			load: `The load of ${experiment.name}, with fewer pods at least`,
			experiments: [experiment, ...sizes.map(size => withLeast(experiment, size))],
			replications: 3,
			shows: ([given, ...others]) => {
				const index = others.findIndex(({keepsSlo, runs}) => keepsSlo && mostOf(runs) < minReplicas);
				const size = sizes[index];
				return given!.keepsSlo && size !== undefined
					? {
							message: `${key} ${minReplicas} is more than the load ever needs: with ${size} the objectives of the experiment are kept, too, and never more than ${mostOf(others[index]!.runs)} pods are wanted.`,
							fix: `Set ${key} to ${size}; or keep it as a reserve for a load that the experiment has not.`,
							steps: others[index]!.runs[0]!.steps,
						}
					: undefined;
			},
		};
	},
};

/** Most pods that runs ever had or wanted. */
function mostOf(runs: readonly LoadRun[]): number {
	return Math.max(...runs.flatMap(({steps}) => steps.flatMap(({replicas, desired}) => [replicas, desired])));
}

function withLeast(experiment: Experiment, minReplicas: number): Experiment {
	const {autoscaler, keda, deployment} = experiment;
	const {replicas, ...others} = deployment;
	return autoscaler === 'none'
		? experiment
		: {
				...experiment,
				deployment: replicas === undefined ? others : {...others, replicas: Math.min(replicas, minReplicas)},
				autoscaler: {...autoscaler, minReplicas},
				...(keda !== undefined && {keda: {...keda, minReplicaCount: minReplicas}}),
			};
}
