import type {Experiment} from '../../experiment/experiment.ts';

/**
 * The experiment on a machine that takes a factor longer for the work of every request; all else as it is.
 *
 * @param factor - above 1 slower
 */
export function atSpeed(experiment: Experiment, factor: number): Experiment {
	const {deployment} = experiment;
	const {service} = deployment;
	if (service.kind !== 'work') {
		throw new RangeError(`Expected service.kind to be work, got ${service.kind}`);
	}

	const {perRequest, perPromptToken, perOutputToken} = service;
	const scaled = {
		perRequest: perRequest * factor,
		perPromptToken: perPromptToken * factor,
		perOutputToken: perOutputToken * factor,
	};
	return {...experiment, deployment: {...deployment, service: {...service, ...scaled}}};
}
