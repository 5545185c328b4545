import {assumedRelease, type ControllerFlags, defaultFlags, type Release} from '../kubernetes/controller-flags.ts';
import type {ControllerConfig} from './contracts.ts';
import {rulesOf} from './release-rules.ts';

type Given = {readonly kubernetes?: Release; readonly controller?: ControllerFlags};

/** What an experiment says of the autoscaler's controller, with Kubernetes' defaults where it is silent. */
export function controllerConfig({kubernetes = assumedRelease, controller = {}}: Given): ControllerConfig {
	const {tolerance, cpuInitializationPeriod, initialReadinessDelay, downscaleStabilization} = {
		...defaultFlags,
		...controller,
	};
	return {
		kubernetes,
		toleranceUp: tolerance,
		toleranceDown: tolerance,
		cpuInitializationPeriod,
		initialReadinessDelay,
		downscaleStabilization,
	};
}

/** Flags of kube-controller-manager as it ships, in the release that is assumed. */
export const defaultControllerConfig: ControllerConfig = controllerConfig({});

/** Whether the tolerances of an HPA's `behavior` act in the release: the feature gate HPAConfigurableTolerance is on. */
export function obeysTolerance({kubernetes}: Pick<ControllerConfig, 'kubernetes'>): boolean {
	return rulesOf(kubernetes).obeysTolerance;
}
