import type {ControllerConfig} from './contracts.ts';

/** Flags of kube-controller-manager 1.34 as it ships. */
export const defaultControllerConfig: ControllerConfig = {
	kubernetes: '1.34',
	toleranceUp: 0.1,
	toleranceDown: 0.1,
	cpuInitializationPeriod: 300,
	initialReadinessDelay: 30,
	downscaleStabilization: 300,
};
