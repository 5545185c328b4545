import type {HpaSpec} from '../autoscaler/hpa-spec.ts';
import {type Candidate, candidateOf, type Space} from './space.ts';

/** Candidates that are always simulated and reported, whether the space holds them or not. */
export type GivenCandidates = {
	/** Settings of the experiment. */
	readonly present: Candidate;
	/** An autoscaler about which nothing is said but the most pods. */
	readonly kubernetesDefault: Candidate;
};

export function givenCandidates(space: Space): GivenCandidates {
	const {autoscaler, containers, nodes} = space.present;
	const defaults: HpaSpec = {
		minReplicas: 1,
		maxReplicas: autoscaler.maxReplicas,
		metrics: [{type: 'Resource', name: 'cpu', target: {type: 'Utilization', averageUtilization: 80}}],
	};
	return {
		present: candidateOf(space, space.present),
		kubernetesDefault: candidateOf(space, {autoscaler: defaults, containers, ...(nodes !== undefined && {nodes})}),
	};
}

type NamedCandidate = {
	readonly name: string;
	readonly settings: Candidate['settings'];
	readonly present: boolean;
	readonly default: boolean;
};

/**
 * A reported candidate as one of its space, from its name and settings.
 *
 * @returns undefined when the space holds none of that name, so that it was reported of another space
 */
export function candidateNamed(
	space: Space,
	{name, settings, present, default: isDefault}: NamedCandidate,
): Candidate | undefined {
	const given = givenCandidates(space);
	if (present || isDefault) {
		return present ? given.present : given.kubernetesDefault;
	}

	let scaling = space.present;
	for (const {name: setting, knob} of space.settings) {
		const value = settings[setting];
		if (value === undefined) {
			return undefined;
		}

		scaling = knob.write(scaling, value);
	}

	const candidate = candidateOf(space, scaling);
	return candidate.id === name ? candidate : undefined;
}
