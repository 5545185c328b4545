import type {Experiment} from './experiment.ts';

type Scaled = Pick<Experiment, 'fixed' | 'autoscaler' | 'deployment'>;

/** Pods at time 0 of an arm, as the simulator begins and as a cluster is set up. */
export function initialReplicas({fixed, autoscaler, deployment}: Scaled, arm: 'dynamic' | 'fixed'): number {
	const dynamic = autoscaler === 'none' ? (deployment.replicas ?? 1) : autoscaler.minReplicas;
	return arm === 'fixed' ? (fixed?.replicas ?? dynamic) : dynamic;
}

/** Largest number of pods that an arm can have. */
export function largestReplicas(experiment: Scaled, arm: 'dynamic' | 'fixed'): number {
	return arm === 'fixed' || experiment.autoscaler === 'none'
		? initialReplicas(experiment, arm)
		: experiment.autoscaler.maxReplicas;
}
