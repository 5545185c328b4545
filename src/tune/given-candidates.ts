import type {HpaSpec} from '../kubernetes/hpa-spec.ts';
import {type Candidate, candidateOf, type Space} from './space.ts';

/** Candidates that are always played and reported, whether the space holds them or not. */
export type GivenCandidates = {
	/** What the experiment has. */
	readonly present: Candidate;
	/** An autoscaler about which nothing is said but the most pods. */
	readonly kubernetesDefault: Candidate;
};

export function givenCandidates(space: Space): GivenCandidates {
	const {autoscaler, containers} = space.present;
	const defaults: HpaSpec = {
		minReplicas: 1,
		maxReplicas: autoscaler.maxReplicas,
		metrics: [{type: 'Resource', name: 'cpu', target: {type: 'Utilization', averageUtilization: 80}}],
	};
	return {
		present: candidateOf(space, space.present),
		kubernetesDefault: candidateOf(space, {autoscaler: defaults, containers}),
	};
}
