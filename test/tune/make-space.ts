import type {HpaSpec} from '../../src/autoscaler/hpa-spec.ts';
import type {Experiment} from '../../src/experiment/experiment.ts';
import {resolveSpace} from '../../src/tune/resolve-space.ts';
import type {Space} from '../../src/tune/space.ts';
import {SpaceFile} from '../../src/tune/space-file.ts';
import {makeExperiment} from '../simulator/make-experiment.ts';

export const cpu70: HpaSpec = {
	minReplicas: 2,
	maxReplicas: 6,
	metrics: [{type: 'Resource', name: 'cpu', target: {type: 'Utilization', averageUtilization: 70}}],
};

/** Pods of a backend and a model with an autoscaler from 2 to 6. */
export function scaledExperiment(parts: Parameters<typeof makeExperiment>[0] = {}): Experiment {
	return makeExperiment({
		autoscaler: cpu70,
		...parts,
		deployment: {
			containers: [
				{name: 'backend', requests: {cpu: 0.1, memory: 2 ** 27}, limits: {cpu: 0.2, memory: 2 ** 28}},
				{name: 'ollama', requests: {cpu: 0.4, memory: 2 ** 29}, limits: {cpu: 1, memory: 2 ** 30}},
			],
			...parts.deployment,
		},
	});
}

/** The space of a file's settings and conditions. */
export function spaceOf(
	settings: SpaceFile['settings'],
	{conditions = [], experiment = scaledExperiment()}: {conditions?: string[]; experiment?: Experiment} = {},
): Space {
	const file = SpaceFile.parse({kind: 'TuningSpace', name: 'test', settings, conditions});
	const space = resolveSpace(file, experiment, {hasTolerance: true});
	if ('faults' in space) {
		throw new TypeError(JSON.stringify(space.faults));
	}

	return space;
}
