import {givenCandidates} from './given-candidates.ts';
import {type Candidate, candidateOf, type Space} from './space.ts';
import type {TunedCandidate} from './tuning.ts';

/**
 * A reported candidate as one of its space, from its name and settings.
 *
 * @returns undefined when the space holds none of that name, so that it was reported of another space
 */
export function candidateNamed(
	space: Space,
	{name, settings, present, default: isDefault}: Pick<TunedCandidate, 'name' | 'settings' | 'present' | 'default'>,
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
