import type {Experiment} from '../../experiment/experiment.ts';
import {controllerParameters} from './controller-parameters.ts';
import {metricsParameters} from './metrics-parameters.ts';
import type {GivenSetting, Parameter} from './parameter.ts';
import {startupParameter, waitingParameter} from './pod-parameters.ts';

/** Settings that a fit searches, and the ones that it takes as given. */
export type Parameters = {readonly searched: readonly Parameter[]; readonly given: readonly GivenSetting[]};

/**
 * Settings that recordings of an autoscaler may show.
 *
 * @param experiments - of the recordings, at least one
 */
export function parametersOf(experiments: readonly Experiment[]): Parameters {
	const [first] = experiments;
	const each = (parameter: (experiment: Experiment) => Parameter | GivenSetting) => {
		const found = parameter(first!);
		const starts = experiments.map(parameter).map(other => ('key' in other ? other.start : Number.NaN));
		return 'key' in found && starts.some(start => start !== found.start)
			? {title: found.title, because: 'it differs between the recordings'}
			: found;
	};
	const all = [...metricsParameters, ...controllerParameters, startupParameter, waitingParameter].map(each);
	return {
		searched: all.flatMap(parameter => ('key' in parameter ? [parameter] : [])),
		given: all.flatMap(parameter => ('key' in parameter ? [] : [parameter])),
	};
}
